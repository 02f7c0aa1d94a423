import { createHash } from "node:crypto";
import type { SandboxKeys } from "../keys.ts";
import type { AuthorizationServer } from "../rest/connected-applications/model.ts";
import type { PersonalAccessToken } from "../rest/personal-access-tokens/model.ts";
import type { Site } from "../site/site.ts";
import { addToken, hashOf, isOver, tokensOf } from "./personal-access-tokens.ts";

/** What signed JWTs are checked with: a key of one's own (PEM), or where the issuer publishes its keys. */
export type KeySource = { issuer: string; publicKey: string | undefined; jwksUri: string | undefined };

/** A configuration of unified access tokens, as Tableau Cloud Manager keeps them for a tenant. */
export type UnifiedAccess = KeySource & {
  id: string;
  name: string;
  /** Which claim holds the user name. */
  usernameClaim: string;
  /** The sites it is for, by LUID; all of the tenant's when there are none. */
  siteIds: string[];
  /** The scopes that its JWTs may ask for; any when there are none. */
  scopes: string[];
  enabled: boolean;
};

/** How people prove who they are, beside what each site knows: plain data, kept with the sites (state.ts). */
export type Credentials = {
  /** The tenant of Tableau Cloud that the sites are of. */
  tenantId: string;
  /** Hashes, by user name in lower case. */
  passwords: Map<string, string>;
  /** By guid. */
  tokens: Map<string, PersonalAccessToken>;
  /** By id. */
  unifiedAccess: Map<string, UnifiedAccess>;
  /** Whose access tokens are taken as they are, in `Authorization: Bearer`; by issuer. */
  bearerIssuers: Map<string, KeySource>;
  /** Registered for the whole of a Tableau Server, by id. */
  authorizationServers: Map<string, AuthorizationServer>;
  /** Which keys were handed out when this was made: other keys are handed out anew. */
  keysMark: string;
};

export function emptyCredentials(tenantId: string): Credentials {
  return {
    tenantId,
    passwords: new Map(),
    tokens: new Map(),
    unifiedAccess: new Map(),
    bearerIssuers: new Map(),
    authorizationServers: new Map(),
    keysMark: "",
  };
}

/**
 * Makes the keys that are printed work: the people's passwords and tokens, and the connected app of the site. What was
 * changed since (a token revoked, the app deleted) stays so while the keys are the same.
 */
export function handOut(credentials: Credentials, keys: SandboxKeys, sites: readonly Site[], now: number): void {
  const mark = createHash("sha256").update(JSON.stringify(keys)).digest("hex");
  const isNew = credentials.keysMark !== mark;
  credentials.keysMark = mark;
  for (const { name, password, pat } of keys.users) {
    if (isNew) credentials.passwords.set(name.toLowerCase(), hashOf(password));
    const [same] = tokensOf(credentials.tokens, name).filter((token) => token.name === pat.name);
    // A sandbox that was off for long prints keys that work again.
    const isDue = same === undefined ? isNew : isNew || isOver(same, now);
    if (!isDue) continue;
    if (same !== undefined) credentials.tokens.delete(same.guid);
    addToken(credentials.tokens, { owner: name, name: pat.name, secret: pat.secret, now });
  }
  if (isNew) giveApp(keys, sites, now);
}

function giveApp({ connectedApp, site: { contentUrl } }: SandboxKeys, sites: readonly Site[], now: number): void {
  const site = sites.find((one) => one.contentUrl === contentUrl);
  site?.connectedApps.set(connectedApp.clientId, {
    clientId: connectedApp.clientId,
    name: "Embedded portal",
    enabled: true,
    createdAt: now,
    projectIds: [],
    domainSafelist: "",
    unrestrictedEmbedding: true,
    secrets: [{ id: connectedApp.secretId, value: connectedApp.secretValue, createdAt: now }],
  });
}
