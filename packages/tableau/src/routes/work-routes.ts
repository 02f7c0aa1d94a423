import { family } from "./route-line.ts";

const siteAdministrator = { role: "site administrator" } as const;
const schedules = { role: "server administrator", edition: "server" } as const;

export const jobRoutes = family("Jobs", [
  ["GET S/jobs", "List jobs", "jobs:read", { ...siteAdministrator, since: "2.6" }],
  ["GET S/jobs/{jobId}", "Show a job", "jobs:read", { since: "2.6" }],
  ["PUT S/jobs/{jobId}", "Cancel a job", "jobs:update", { ...siteAdministrator, since: "3.1" }],
]);

export const taskRoutes = family("Tasks", [
  ["GET S/tasks/extractRefreshes", "List extract refresh tasks", "tasks:read", { since: "2.6" }],
  [
    "POST S/tasks/extractRefreshes",
    "Create an extract refresh task",
    "tasks:create",
    { since: "3.19", edition: "cloud" },
  ],
  ["GET S/tasks/extractRefreshes/{taskId}", "Show an extract refresh task", "tasks:read", { since: "2.6" }],
  ["POST S/tasks/extractRefreshes/{taskId}", "Update an extract refresh task", "tasks:update", { edition: "cloud" }],
  // The reference says POST; some public clients say PUT.
  ["PUT S/tasks/extractRefreshes/{taskId}", "Update an extract refresh task", "tasks:update", { edition: "cloud" }],
  ["DELETE S/tasks/extractRefreshes/{taskId}", "Delete an extract refresh task", "tasks:delete", { since: "3.6" }],
  ["POST S/tasks/extractRefreshes/{taskId}/runNow", "Run an extract refresh task", "tasks:run", { since: "2.6" }],
  [
    "GET S/tasks/dataAcceleration",
    "List data acceleration tasks",
    "data_acceleration_tasks:read",
    { ...siteAdministrator, edition: "server" },
  ],
  [
    "DELETE S/tasks/dataAcceleration/{taskId}",
    "Delete a data acceleration task",
    "data_acceleration_tasks:delete",
    { ...siteAdministrator, edition: "server" },
  ],
  ["GET S/tasks/linked", "List linked tasks", "linked_tasks:read", { since: "3.15" }],
  ["GET S/tasks/linked/{taskId}", "Show a linked task", "linked_tasks:read", { since: "3.15" }],
  ["POST S/tasks/linked/{taskId}/runNow", "Run a linked task", "linked_tasks:run", { since: "3.15" }],
]);

export const scheduleRoutes = family("Schedules", [
  ["GET /schedules", "List schedules", "schedules:read", { edition: "server" }],
  ["POST /schedules", "Create a schedule", "schedules:create", schedules],
  ["PUT /schedules", "Switch several schedules on or off", "schedules:update?", { ...schedules, since: "3.27" }],
  ["GET /schedules/{scheduleId}", "Show a schedule", "schedules:read", { ...schedules, since: "3.8" }],
  ["PUT /schedules/{scheduleId}", "Update a schedule", "schedules:update", schedules],
  ["DELETE /schedules/{scheduleId}", "Delete a schedule", "schedules:delete", schedules],
  ["PUT S/schedules/{scheduleId}/workbooks", "Add a workbook to a schedule", "tasks:create?", { edition: "server" }],
  [
    "PUT S/schedules/{scheduleId}/datasources",
    "Add a data source to a schedule",
    "tasks:create?",
    { edition: "server" },
  ],
  ["PUT S/schedules/{scheduleId}/flows", "Add a flow to a schedule", "tasks:create?", { edition: "server" }],
  [
    "GET S/schedules/{scheduleId}/extracts",
    "List the refresh tasks of a schedule",
    "tasks:read?",
    { edition: "server" },
  ],
]);

const pulse = { since: "3.21", edition: "cloud" } as const;

// inferred: batchGet is GET in Tableau's OpenAPI file of February 2024 and POST in its own MCP server: both are here.
export const pulseRoutes = family("Pulse", [
  ["GET /api/-/pulse/definitions", "List metric definitions", "insight_definitions_metrics:read", pulse],
  ["POST /api/-/pulse/definitions", "Create a metric definition", "insight_definitions:create", pulse],
  [
    "GET /api/-/pulse/definitions/{definitionId}",
    "Show a metric definition",
    "insight_definitions_metrics:read",
    pulse,
  ],
  ["PATCH /api/-/pulse/definitions/{definitionId}", "Update a metric definition", "insight_definitions:update", pulse],
  ["DELETE /api/-/pulse/definitions/{definitionId}", "Delete a metric definition", "insight_definitions:delete", pulse],
  [
    "GET /api/-/pulse/definitions/{definitionId}/metrics",
    "List a definition's metrics",
    "insight_definitions_metrics:read",
    pulse,
  ],
  ["GET /api/-/pulse/definitions:batchGet", "Show several definitions", "insight_definitions_metrics:read", pulse],
  ["POST /api/-/pulse/definitions:batchGet", "Show several definitions", "insight_definitions_metrics:read", pulse],
  ["POST /api/-/pulse/metrics", "Create a metric", "insight_metrics:create", pulse],
  ["GET /api/-/pulse/metrics/{metricId}", "Show a metric", "insight_metrics:read", pulse],
  ["PATCH /api/-/pulse/metrics/{metricId}", "Update a metric", "insight_metrics:update", pulse],
  ["DELETE /api/-/pulse/metrics/{metricId}", "Delete a metric", "insight_metrics:delete", pulse],
  ["GET /api/-/pulse/metrics:batchGet", "Show several metrics", "insight_metrics:read", pulse],
  ["POST /api/-/pulse/metrics:batchGet", "Show several metrics", "insight_metrics:read", pulse],
  ["POST /api/-/pulse/metrics:getOrCreate", "Show or create a metric", "insight_metrics:create", pulse],
  ["GET /api/-/pulse/user/preferences", "Show how one is told of metrics", "metric_subscriptions:read?", pulse],
  ["PATCH /api/-/pulse/user/preferences", "Change how one is told of metrics", "metric_subscriptions:update?", pulse],
  ["GET /api/-/pulse/subscriptions", "List metric subscriptions", "metric_subscriptions:read", pulse],
  ["POST /api/-/pulse/subscriptions", "Subscribe to a metric", "metric_subscriptions:create", pulse],
  ["GET /api/-/pulse/subscriptions/{subscriptionId}", "Show a metric subscription", "metric_subscriptions:read", pulse],
  [
    "PATCH /api/-/pulse/subscriptions/{subscriptionId}",
    "Update a metric subscription",
    "metric_subscriptions:update?",
    pulse,
  ],
  [
    "DELETE /api/-/pulse/subscriptions/{subscriptionId}",
    "End a metric subscription",
    "metric_subscriptions:delete",
    pulse,
  ],
  [
    "POST /api/-/pulse/subscriptions:batchCreate",
    "Subscribe several users to metrics",
    "metric_subscriptions:create",
    pulse,
  ],
  ["GET /api/-/pulse/subscriptions:batchGet", "Show several subscriptions", "metric_subscriptions:read", pulse],
  ["POST /api/-/pulse/subscriptions:batchGet", "Show several subscriptions", "metric_subscriptions:read", pulse],
  [
    "GET /api/-/pulse/subscriptions:batchGetMetricFollowerCounts",
    "Count the followers of metrics",
    "metric_subscriptions:read",
    pulse,
  ],
  ["POST /api/-/pulse/insights/ban", "Generate a metric's current value", "insights:read", pulse],
  ["POST /api/-/pulse/insights/detail", "Generate a metric's details", "insights:read", pulse],
  ["POST /api/-/pulse/insights/springboard", "Generate a metric's overview", "insights:read", pulse],
  ["POST /api/-/pulse/insights/breakdown", "Generate a metric's breakdown", "insights:read", pulse],
  ["POST /api/-/pulse/insights/brief", "Generate a brief on metrics", "insight_brief:create", pulse],
]);
