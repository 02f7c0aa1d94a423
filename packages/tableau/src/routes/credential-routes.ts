import { family, type RouteLine } from "./route-line.ts";

/** Every route here creates, changes or hands out credentials, or could be a step towards it: lists alone are free. */
const list = { role: "site administrator" } as const;
const mints = { role: "site administrator", mintsCredentials: true } as const;
const serverMints = { role: "server administrator", edition: "server", mintsCredentials: true } as const;

/** Connected apps have two addresses: the one of today, and the one that they had before API 3.17. */
function appLines(path: "connected-apps/direct-trust" | "connected-applications", since: string): readonly RouteLine[] {
  const scope = "connected_apps_direct_trust";
  return [
    [`GET S/${path}`, "List connected apps", `${scope}:read`, { ...list, since }],
    [`POST S/${path}`, "Create a connected app", `${scope}:create`, { ...mints, since }],
    [`GET S/${path}/{clientId}`, "Show a connected app", `${scope}:read`, { ...list, since }],
    [`PUT S/${path}/{clientId}`, "Update a connected app", `${scope}:update`, { ...mints, since }],
    [`DELETE S/${path}/{clientId}`, "Delete a connected app", `${scope}:delete`, { ...mints, since }],
    [`POST S/${path}/{clientId}/secrets`, "Create a connected app's secret", `${scope}:create?`, { ...mints, since }],
    [
      `GET S/${path}/{clientId}/secrets/{secretId}`,
      "Show a connected app's secret",
      `${scope}:read?`,
      { ...mints, since },
    ],
    [
      `DELETE S/${path}/{clientId}/secrets/{secretId}`,
      "Delete a connected app's secret",
      "connected_app_direct_trust_secrets:delete",
      { ...mints, since },
    ],
  ];
}

export const connectedAppRoutes = family("Connected apps", [
  ...appLines("connected-apps/direct-trust", "3.17"),
  ...appLines("connected-applications", "3.14"),
]);

// Secrets are in no answer of these. Tableau publishes no scope for them.
export const personalAccessTokenRoutes = family("Personal access tokens", [
  [
    "GET S/users/{userId}/personal-access-tokens",
    "List a user's personal access tokens",
    "none",
    { since: "3.21", edition: "cloud" },
  ],
  [
    "DELETE S/users/{userId}/personal-access-tokens/{tokenId}",
    "Revoke a personal access token",
    "none",
    { since: "3.21", edition: "cloud", mintsCredentials: true },
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
    "GET /connected-apps/external-authorization-servers/{serverId}",
    "Show an authorization server of the server",
    `${servers}:read?`,
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
