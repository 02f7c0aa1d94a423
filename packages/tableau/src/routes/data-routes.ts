import { family } from "./route-line.ts";

const publisher = { role: "Creator or an Explorer who can publish" } as const;

export const datasourceRoutes = family("Data sources", [
  ["GET S/datasources", "List data sources", "content:read"],
  ["POST S/datasources", "Publish a data source", "datasources:create", publisher],
  ["GET S/datasources/{datasourceId}", "Show a data source", "content:read"],
  ["PUT S/datasources/{datasourceId}", "Update a data source", "datasources:update"],
  ["DELETE S/datasources/{datasourceId}", "Delete a data source", "datasources:delete"],
  ["GET S/datasources/{datasourceId}/content", "Download a data source", "datasources:download", { answers: "file" }],
  ["GET S/datasources/{datasourceId}/connections", "List a data source's connections", "content:read?"],
  [
    "PUT S/datasources/{datasourceId}/connections",
    "Update several connections of a data source",
    "datasources:update?",
    { since: "3.26" },
  ],
  [
    "PUT S/datasources/{datasourceId}/connections/{connectionId}",
    "Update a data source's connection",
    "datasources:update?",
  ],
  ["POST S/datasources/{datasourceId}/refresh", "Refresh a data source's extract", "tasks:run", { since: "2.8" }],
  [
    "POST S/datasources/{datasourceId}/createExtract",
    "Create an extract for a data source",
    "extracts:create",
    { since: "3.5" },
  ],
  [
    "POST S/datasources/{datasourceId}/deleteExtract",
    "Delete the extract of a data source",
    "extracts:delete",
    { since: "3.5" },
  ],
  ["PATCH S/datasources/{datasourceId}/data", "Change rows of a data source", "hyper_data:update", { since: "3.13" }],
  [
    "PATCH S/datasources/{datasourceId}/connections/{connectionId}/data",
    "Change rows of a data source's connection",
    "hyper_data:update",
    { since: "3.13" },
  ],
  ["GET S/datasources/{datasourceId}/revisions", "List a data source's revisions", "content:read?"],
  [
    "GET S/datasources/{datasourceId}/revisions/{revision}/content",
    "Download a data source's revision",
    "datasources:download?",
    { answers: "file" },
  ],
  [
    "DELETE S/datasources/{datasourceId}/revisions/{revision}",
    "Delete a data source's revision",
    "datasources:delete?",
  ],
  ["PUT S/datasources/{datasourceId}/tags", "Add tags to a data source", "datasource_tags:update"],
  ["DELETE S/datasources/{datasourceId}/tags/{tagName}", "Remove a tag from a data source", "datasource_tags:delete"],
]);

export const flowRoutes = family("Flows", [
  ["GET S/flows", "List flows", "flows:read"],
  ["POST S/flows", "Publish a flow", "flows:create", publisher],
  ["GET S/flows/{flowId}", "Show a flow", "flows:read"],
  ["PUT S/flows/{flowId}", "Update a flow", "flows:update"],
  ["DELETE S/flows/{flowId}", "Delete a flow", "flows:delete"],
  ["GET S/users/{userId}/flows", "List a user's flows", "flows:read?"],
  ["GET S/flows/{flowId}/content", "Download a flow", "flows:download", { answers: "file" }],
  ["PUT S/flows/{flowId}/tags", "Add tags to a flow", "flow_tags:update?"],
  ["DELETE S/flows/{flowId}/tags/{tagName}", "Remove a tag from a flow", "flow_tags:delete?"],
  ["GET S/flows/{flowId}/connections", "List a flow's connections", "flow_connections:read"],
  ["PUT S/flows/{flowId}/connections/{connectionId}", "Update a flow's connection", "flow_connections:update"],
  ["POST S/flows/{flowId}/run", "Run a flow", "flows:run", { since: "3.3" }],
  ["GET S/flows/runs", "List flow runs", "flow_runs:read", { since: "3.10" }],
  ["GET S/flows/runs/{flowRunId}", "Show a flow run", "flow_runs:read", { since: "3.10" }],
  ["PUT S/flows/runs/{flowRunId}", "Cancel a flow run", "flow_runs:update", { since: "3.10" }],
  ["GET S/tasks/runFlow", "List flow tasks", "flow_tasks:read"],
  ["GET S/tasks/runFlow/{taskId}", "Show a flow task", "flow_tasks:read"],
  ["POST S/tasks/runFlow/{taskId}/runNow", "Run a flow task", "flow_tasks:run"],
  ["POST S/tasks/flows", "Create a flow task", "tasks:create?", { since: "3.22", edition: "cloud" }],
]);

export const virtualConnectionRoutes = family("Virtual connections", [
  ["GET S/virtualConnections", "List virtual connections", "virtual_connections:read", { since: "3.18" }],
  ["POST S/virtualConnections", "Publish a virtual connection", "virtual_connections:create", { since: "3.23" }],
  [
    "GET S/virtualConnections/{virtualConnectionId}",
    "Download a virtual connection",
    "virtual_connections:read",
    { since: "3.23" },
  ],
  [
    "PUT S/virtualConnections/{virtualConnectionId}",
    "Update a virtual connection",
    "virtual_connections:update",
    { since: "3.23" },
  ],
  [
    "DELETE S/virtualConnections/{virtualConnectionId}",
    "Delete a virtual connection",
    "virtual_connections:delete",
    { since: "3.23" },
  ],
  [
    "GET S/virtualConnections/{virtualConnectionId}/connections",
    "List the database connections of a virtual connection",
    "virtual_connections:read",
    { since: "3.18" },
  ],
  [
    "PUT S/virtualConnections/{virtualConnectionId}/connections/{connectionId}",
    "Update a database connection of a virtual connection",
    "virtualconnectionconnections:update?",
    { since: "3.18" },
  ],
  [
    "PUT S/virtualConnections/{virtualConnectionId}/connections/{connectionId}/modify",
    "Update a database connection of a virtual connection",
    "virtualconnectionconnections:update?",
    { since: "3.18" },
  ],
  [
    "GET S/virtualConnections/{virtualConnectionId}/revisions",
    "List a virtual connection's revisions",
    "virtual_connections:read?",
    { since: "3.23" },
  ],
  [
    "GET S/virtualConnections/{virtualConnectionId}/revisions/{revision}",
    "Download a virtual connection's revision",
    "virtual_connections:read?",
    { since: "3.23" },
  ],
  [
    "PUT S/virtualConnections/{virtualConnectionId}/tags",
    "Add tags to a virtual connection",
    "virtual_connection_tags:update",
    { since: "3.23" },
  ],
  [
    "DELETE S/virtualConnections/{virtualConnectionId}/tags/{tagName}",
    "Remove a tag from a virtual connection",
    "virtual_connection_tags:delete",
    { since: "3.23" },
  ],
]);

// VizQL Data Service's own OpenAPI file names another root, and asks for no sign-in at the last route; every client uses
// this root. `content:read` is tied to it
// in Tableau's scope list since 2025.1, `viz_data_service:read` is what its own MCP server asks for.
export const queryRoutes = family("Queries", [
  ["POST /api/v1/vizql-data-service/query-datasource", "Query a data source", "viz_data_service:read"],
  ["POST /api/v1/vizql-data-service/read-metadata", "List a data source's fields", "viz_data_service:read"],
  ["POST /api/v1/vizql-data-service/get-datasource-model", "Show a data source's model", "viz_data_service:read"],
  [
    "POST /api/v1/vizql-data-service/list-supported-functions",
    "List the functions of a data source",
    "viz_data_service:read?",
  ],
  ["GET /api/v1/vizql-data-service/simple-request", "Ask whether queries are answered", null],
  ["POST /api/metadata/graphql", "Query metadata with GraphQL", "content:read", { since: "3.5" }],
  [
    "GET /api/metadata/v1/control/backfill/status",
    "Show the state of metadata indexing",
    "content:read?",
    { role: "server administrator", edition: "server" },
  ],
  [
    "GET /api/metadata/v1/control/eventing/status",
    "Show the state of metadata events",
    "content:read?",
    { role: "server administrator", edition: "server" },
  ],
]);
