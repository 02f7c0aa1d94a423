import type { AuthorizationServer } from "../rest/connected-applications/model.ts";
import type { Site } from "../site/site.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import {
  audiencesOf,
  isProblem,
  isSigned,
  type JwtProblem,
  type JwtProof,
  problem,
  type ReadJwt,
  scopesOf,
  timeProblem,
} from "./jwt.ts";
import type { Replays } from "./replays.ts";

export type Trust = {
  site: Site;
  /** Those that the site, or the whole server, has registered. */
  servers: Iterable<AuthorizationServer>;
  /** In s. */
  now: number;
  replays: Replays;
  issuerKeys: IssuerKeys;
};

/**
 * Checks a JWT that a registered external authorization server signed (Tableau help, "Configure connected apps with
 * OAuth 2.0 trust"): the issuer's published keys, the site as audience, once.
 */
export async function proveByAuthorizationServer(jwt: ReadJwt, trust: Trust): Promise<JwtProof | JwtProblem> {
  const { kid, claims } = jwt;
  if (kid === undefined || typeof claims.iss !== "string") return problem(10083);
  const server = find(trust.servers, claims.iss);
  if (server === undefined) return problem(10082);
  if (!server.enabled) return problem(10090); // inferred: as an app that is off
  const key = await trust.issuerKeys.find({ issuer: server.issuerUrl, jwksUri: server.jwksUri }, jwt);
  if (isProblem(key)) return key;
  if (!(await isSigned(jwt, key))) return problem(16);
  const { sub, jti, exp = 0 } = claims;
  if (!jti) return problem(16);
  const scopes = scopesOf(claims);
  if (scopes === "absent" || scopes === "malformed" || scopes.length === 0) return problem(10099);
  // Tableau's help says either: `tableau` as for direct trust, and `tableau:` with the site's LUID.
  const audiences = audiencesOf(claims).map((one) => one.toLowerCase());
  if (!sub || !(audiences.includes("tableau") || audiences.includes(`tableau:${trust.site.id}`))) return problem(10084);
  const late = timeProblem(claims, trust.now);
  if (late !== undefined) return late;
  if (!trust.replays.isNew(JSON.stringify([server.id, jti]), exp, trust.now)) return problem(10091);
  return { kind: "proof", userName: sub, scopes, claims };
}

/** Issuers are the same with and without a slash at the end: inferred, as identity providers write both. */
function find(servers: Iterable<AuthorizationServer>, issuer: string): AuthorizationServer | undefined {
  for (const server of servers) if (bare(server.issuerUrl) === bare(issuer)) return server;
  return undefined;
}

function bare(issuer: string): string {
  return issuer.replace(/\/+$/, "");
}
