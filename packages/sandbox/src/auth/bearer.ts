import type { World } from "../world.ts";
import { isProblem, isSigned, readJwt } from "./jwt.ts";
import type { Session } from "./sessions.ts";
import { keyFor, scopesIn } from "./unified-access.ts";

/**
 * The session that an access token is by itself: `Authorization: Bearer` with a JWT of an authorization server, with
 * no sign-in before (tableau-mcp's OAuth). Which issuers are believed is told to the sandbox by its control routes: it
 * is no authorization server itself. The claims are those that tableau-mcp reads.
 */
export async function bearerSession(world: World, written: string): Promise<Session | undefined> {
  const jwt = readJwt(written);
  const issuer = world.credentials.bearerIssuers.get(jwt?.claims.iss ?? "");
  if (jwt === undefined || issuer === undefined) return undefined;
  const key = await keyFor(issuer, jwt, world.issuerKeys);
  if (isProblem(key) || !(await isSigned(jwt, key))) return undefined;
  const { exp, sub } = jwt.claims;
  const now = world.jwtClock();
  if (typeof exp !== "number" || exp * 1000 <= now) return undefined;
  const site = world.sites.find(({ id }) => id === jwt.claims["https://tableau.com/siteId"]);
  const userId = jwt.claims["https://tableau.com/userId"];
  const user = site?.users.values().find(({ id, name }) => (userId === undefined ? name === sub : id === userId));
  if (site === undefined || user === undefined || user.siteRole === "Unlicensed") return undefined;
  const scopes = scopesIn(jwt.claims) ?? [];
  return { site, user, identity: `bearer:${user.name}`, scopes, token: written, beganAt: now, usedAt: now };
}
