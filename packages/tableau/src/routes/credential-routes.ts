import { family } from "./route-line.ts";

/** Every route here creates, changes or hands out credentials, or could be a step towards it: lists alone are free. */
const list = { role: "site administrator" } as const;
const mints = { role: "site administrator", mintsCredentials: true } as const;
const serverMints = { role: "server administrator", edition: "server", mintsCredentials: true } as const;

export const connectedAppRoutes = family("Connected apps", [
  ["GET S/connected-applications", "List connected apps", "connected_apps_direct_trust:read", list],
  ["POST S/connected-applications", "Create a connected app", "connected_apps_direct_trust:create", mints],
  ["GET S/connected-applications/{clientId}", "Show a connected app", "connected_apps_direct_trust:read", list],
  ["PUT S/connected-applications/{clientId}", "Update a connected app", "connected_apps_direct_trust:update", mints],
  ["DELETE S/connected-applications/{clientId}", "Delete a connected app", "connected_apps_direct_trust:delete", mints],
  [
    "POST S/connected-applications/{clientId}/secrets",
    "Create a connected app's secret",
    "connected_apps_direct_trust:create?",
    mints,
  ],
  [
    "GET S/connected-applications/{clientId}/secrets/{secretId}",
    "Show a connected app's secret",
    "connected_apps_direct_trust:read?",
    mints,
  ],
  [
    "DELETE S/connected-applications/{clientId}/secrets/{secretId}",
    "Delete a connected app's secret",
    "connected_app_direct_trust_secrets:delete",
    mints,
  ],
]);

const servers = "external_authorization_servers";

export const authorizationServerRoutes = family("External authorization servers", [
  ["GET S/connected-apps/external-authorization-servers", "List authorization servers", `${servers}:read`, list],
  [
    "POST S/connected-apps/external-authorization-servers",
    "Register an authorization server",
    `${servers}:create`,
    mints,
  ],
  [
    "GET S/connected-apps/external-authorization-servers/{serverId}",
    "Show an authorization server",
    `${servers}:read`,
    list,
  ],
  [
    "PUT S/connected-apps/external-authorization-servers/{serverId}",
    "Update an authorization server",
    `${servers}:update`,
    mints,
  ],
  [
    "DELETE S/connected-apps/external-authorization-servers/{serverId}",
    "Delete an authorization server",
    `${servers}:delete`,
    mints,
  ],
  [
    "GET /connected-apps/external-authorization-servers",
    "List the server's authorization servers",
    `${servers}:read?`,
    serverMints,
  ],
  [
    "POST /connected-apps/external-authorization-servers",
    "Register an authorization server for the server",
    `${servers}:create?`,
    serverMints,
  ],
  [
    "PUT /connected-apps/external-authorization-servers/{serverId}",
    "Update an authorization server of the server",
    `${servers}:update?`,
    serverMints,
  ],
  [
    "DELETE /connected-apps/external-authorization-servers/{serverId}",
    "Delete an authorization server of the server",
    `${servers}:delete?`,
    serverMints,
  ],
]);

// inferred: the paths are those of Tableau's migration tools; the scopes are published.
export const savedCredentialRoutes = family("Saved credentials", [
  [
    "POST S/users/{userId}/retrieveSavedCreds",
    "Hand out a user's saved credentials",
    "oauth_credentials:download",
    mints,
  ],
  ["PUT S/users/{userId}/uploadSavedCreds", "Replace a user's saved credentials", "oauth_credentials:upload", mints],
  [
    "POST S/workbooks/{workbookId}/retrieveKeychain",
    "Hand out a workbook's embedded credentials",
    "embedded_credentials:download",
    mints,
  ],
  [
    "PUT S/workbooks/{workbookId}/applyKeychain",
    "Replace a workbook's embedded credentials",
    "embedded_credentials:upload",
    mints,
  ],
  [
    "POST S/datasources/{datasourceId}/retrieveKeychain",
    "Hand out a data source's embedded credentials",
    "embedded_credentials:download",
    mints,
  ],
  [
    "PUT S/datasources/{datasourceId}/applyKeychain",
    "Replace a data source's embedded credentials",
    "embedded_credentials:upload",
    mints,
  ],
  [
    "POST S/flows/{flowId}/retrieveKeychain",
    "Hand out a flow's embedded credentials",
    "embedded_credentials:download",
    mints,
  ],
  ["PUT S/flows/{flowId}/applyKeychain", "Replace a flow's embedded credentials", "embedded_credentials:upload", mints],
]);

const identity = "/api/-/authn-service";

// Tableau's OpenAPI file says for each of these: no access scope.
export const identityRoutes = family("Identity pools", [
  [
    `GET ${identity}/auth-configurations`,
    "List authentication configurations",
    "none",
    { ...serverMints, since: "3.19" },
  ],
  [
    `POST ${identity}/auth-configurations`,
    "Create an authentication configuration",
    "none",
    { ...serverMints, since: "3.19" },
  ],
  [
    `PUT ${identity}/auth-configurations/{configurationId}`,
    "Update an authentication configuration",
    "none",
    { ...serverMints, since: "3.19" },
  ],
  [
    `DELETE ${identity}/auth-configurations/{configurationId}`,
    "Delete an authentication configuration",
    "none",
    { ...serverMints, since: "3.19" },
  ],
  [`GET ${identity}/identity-pools`, "List identity pools", "none", { ...serverMints, since: "3.19" }],
  [`POST ${identity}/identity-pools`, "Create an identity pool", "none", { ...serverMints, since: "3.19" }],
  [`GET ${identity}/identity-pools/{poolId}`, "Show an identity pool", "none", { ...serverMints, since: "3.19" }],
  [`PUT ${identity}/identity-pools/{poolId}`, "Update an identity pool", "none", { ...serverMints, since: "3.19" }],
  [`DELETE ${identity}/identity-pools/{poolId}`, "Delete an identity pool", "none", { ...serverMints, since: "3.19" }],
  [`GET ${identity}/identity-stores`, "List identity stores", "none", { ...serverMints, since: "3.19" }],
  [`POST ${identity}/identity-stores`, "Create an identity store", "none", { ...serverMints, since: "3.19" }],
  [
    `DELETE ${identity}/identity-stores/{storeId}`,
    "Delete an identity store",
    "none",
    { ...serverMints, since: "3.19" },
  ],
]);
