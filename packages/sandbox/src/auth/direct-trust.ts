import type { Site } from "../site/site.ts";
import {
  audiencesOf,
  isSigned,
  type JwtProblem,
  type JwtProof,
  problem,
  type ReadJwt,
  scopesOf,
  timeProblem,
} from "./jwt.ts";
import type { Replays } from "./replays.ts";

/**
 * Checks a JWT that was signed with a secret of one of the site's connected apps (Tableau help, "Configure connected
 * apps with direct trust"). inferred from public reports: which cause has which number where several could. `now` in s.
 */
export async function proveByDirectTrust(
  jwt: ReadJwt,
  { site, now, replays, isSecretDeleted }: { site: Site; now: number; replays: Replays; isSecretDeleted: boolean },
): Promise<JwtProof | JwtProblem> {
  const { kid, claims } = jwt;
  // The header's `iss` is optional: the official samples send it, other public clients do not.
  if (kid === undefined || typeof claims.iss !== "string") return problem(10083);
  const app = site.connectedApps.get(claims.iss.toLowerCase());
  if (app === undefined) return problem(10089);
  if (!app.enabled) return problem(10090);
  const secret = isSecretDeleted ? undefined : app.secrets.find(({ id }) => id === kid.toLowerCase());
  if (secret === undefined) return problem(10085);
  if (jwt.algorithm !== "HS256" || !(await isSigned(jwt, new TextEncoder().encode(secret.value)))) return problem(16);
  const { sub, jti, exp = 0 } = claims;
  if (!sub || !jti) return problem(16);
  const scopes = scopesOf(claims);
  if (scopes === "malformed") return problem(16);
  if (!audiencesOf(claims).includes("tableau")) return problem(10084);
  const late = timeProblem(claims, now);
  if (late !== undefined) return late;
  if (!replays.isNew(JSON.stringify([app.clientId, jti]), exp, now)) return problem(16);
  // inferred: without scopes the sign-in works and the session may do nothing.
  return { kind: "proof", userName: sub, scopes: scopes === "absent" ? [] : scopes, claims };
}
