import { family } from "./route-line.ts";

const serverAdministrator = { role: "server administrator", edition: "server" } as const;
const siteAdministrator = { role: "site administrator" } as const;

/**
 * Sign-in and sessions: listed so that the explorer can say why they are not offered. Easel answers or refuses them
 * (`route-match.ts`), since a raw sign-out or switchSite would end a session that others share.
 */
export const sessionRoutes = family("Sessions", [
  ["POST /auth/signin", "Sign in", null],
  ["POST /auth/signout", "Sign out", null],
  ["POST /auth/switchSite", "Switch to another site", "sites:switch", { edition: "server", since: "2.6" }],
  [
    "DELETE /auth/serverAdminAccessTokens",
    "Revoke the access tokens of server administrators",
    "server_admin_tokens:delete",
    { ...serverAdministrator, mintsCredentials: true },
  ],
  [
    "POST /auth/revokeAllServerAdminTokens",
    "Revoke all access tokens of server administrators",
    "server_admin_tokens:delete?",
    { ...serverAdministrator, since: "3.10", mintsCredentials: true },
  ],
  ["GET /sessions/current", "Show the current session", null],
  ["DELETE /sessions/{sessionId}", "End a session", "sessions:delete", { ...serverAdministrator, since: "3.9" }],
]);

export const serverRoutes = family("Server", [
  ["GET /serverinfo", "Describe the server", null, { since: "2.4" }],
  ["GET /domains", "List directory domains", "domains:read", serverAdministrator],
  ["PUT /domains", "Update a directory domain", "domains:update?", serverAdministrator],
  ["PUT /domains/{domainId}", "Update a directory domain", "domains:update", serverAdministrator],
  ["GET /settings/mobilesecuritysettings", "Show the server's mobile security settings", "none", serverAdministrator],
  [
    "GET /settings/extensions",
    "Show the server's extension settings",
    "extensions_server_settings:read",
    { ...serverAdministrator, since: "3.21" },
  ],
  [
    "PUT /settings/extensions",
    "Update the server's extension settings",
    "extensions_server_settings:update",
    { ...serverAdministrator, since: "3.21" },
  ],
]);

// `{site}` is an id, or a name or content URL together with `?key=`.
export const siteRoutes = family("Sites", [
  ["GET /sites", "List sites", "sites:read"],
  ["GET /sites/{site}", "Show a site", "sites:read"],
  ["POST /sites", "Create a site", "sites:create", { ...serverAdministrator, mintsCredentials: true }],
  ["PUT /sites/{site}", "Update a site", "sites:update", { ...siteAdministrator, mintsCredentials: true }],
  ["DELETE /sites/{site}", "Delete a site", "sites:delete", { ...serverAdministrator, mintsCredentials: true }],
  ["GET S/content/recent", "List what you viewed recently", "content:read?"],
  [
    "POST S/encrypt-extracts",
    "Encrypt the site's extracts",
    "extract_encryption:create",
    { ...serverAdministrator, since: "3.5" },
  ],
  [
    "POST S/decrypt-extracts",
    "Decrypt the site's extracts",
    "extract_encryption:delete",
    { ...serverAdministrator, since: "3.5" },
  ],
  [
    "POST S/reencrypt-extracts",
    "Encrypt the site's extracts with a new key",
    "extract_encryption:update",
    { ...serverAdministrator, since: "3.5" },
  ],
  [
    "GET S/dataAccelerationReport",
    "Show the site's data acceleration report",
    "data_acceleration_reports:read",
    siteAdministrator,
  ],
]);

export const siteSettingsRoutes = family("Site settings", [
  ["GET S/settings/embedding", "Show embedding settings", "embedding_site_settings:read", siteAdministrator],
  ["PUT S/settings/embedding", "Update embedding settings", "embedding_site_settings:update", siteAdministrator],
  ["GET S/settings/mcp", "Show MCP settings", "mcp_site_settings:read"],
  [
    "POST S/settings/mcp",
    "Create MCP settings",
    "mcp_site_settings:create?",
    { ...siteAdministrator, mintsCredentials: true },
  ],
  [
    "PUT S/settings/mcp",
    "Update MCP settings",
    "mcp_site_settings:update?",
    { ...siteAdministrator, mintsCredentials: true },
  ],
  [
    "GET S/settings/mobilesecuritysettings",
    "Show mobile security settings",
    "mobile_security_site_settings:read",
    siteAdministrator,
  ],
  ["PUT S/settings/mobilesecuritysettings", "Update mobile security settings", "none", siteAdministrator],
  [
    "GET S/settings/extensions",
    "Show extension settings",
    "extensions_site_settings:read",
    { ...siteAdministrator, since: "3.21" },
  ],
  [
    "PUT S/settings/extensions",
    "Update extension settings",
    "extensions_site_settings:update",
    { ...siteAdministrator, since: "3.21" },
  ],
]);

const signIn = { ...siteAdministrator, edition: "cloud", mintsCredentials: true } as const;

// Tableau publishes no scope for these; a reader of its OIDC settings may see the identity provider's client.
export const siteSignInRoutes = family("How people sign in to the site", [
  [
    "GET S/site-auth-configurations",
    "List ways to sign in",
    "none",
    { ...signIn, since: "3.24", mintsCredentials: false },
  ],
  ["POST S/site-auth-configurations", "Create a way to sign in", "none", { ...signIn, since: "3.24" }],
  ["PUT S/site-auth-configurations/{configurationId}", "Update a way to sign in", "none", { ...signIn, since: "3.24" }],
  [
    "DELETE S/site-auth-configurations/{configurationId}",
    "Delete a way to sign in",
    "none",
    { ...signIn, since: "3.24" },
  ],
  ["GET S/site-oidc-configuration", "Show the OpenID Connect settings", "none", { ...signIn, since: "3.22" }],
  [
    "GET S/site-oidc-configuration/{configurationId}",
    "Show one OpenID Connect setting",
    "none",
    { ...signIn, since: "3.24" },
  ],
  ["PUT S/site-oidc-configuration", "Update the OpenID Connect settings", "none", { ...signIn, since: "3.22" }],
  [
    "PUT S/site-oidc-configuration/{configurationId}",
    "Update one OpenID Connect setting",
    "none",
    { ...signIn, since: "3.24" },
  ],
  ["PUT S/disable-site-oidc-configuration", "Switch OpenID Connect off", "none", { ...signIn, since: "3.22" }],
]);
