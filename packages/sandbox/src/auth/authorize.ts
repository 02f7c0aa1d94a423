import type { IncomingHttpHeaders } from "node:http";
import { type Refusal, refuse } from "../wire/refusals.ts";
import type { World } from "../world.ts";
import { bearerSession } from "./bearer.ts";
import { meets, type RequiredRole } from "./roles.ts";
import { holds, type Scope } from "./scopes.ts";
import type { Session } from "./sessions.ts";
import { bearerOf, tokenOf } from "./token.ts";

/** What a route asks of its session. Of several scopes, a JWT session needs one. */
type Required = { jwt: Scope | readonly Scope[] | "always" | "never"; role: RequiredRole };

/** Whether a call may go on: its token, then its session's scopes, then the site in its path, then the site role. */
export async function authorize(
  world: World,
  route: Required,
  headers: IncomingHttpHeaders,
  siteId: string | undefined,
): Promise<Session | Refusal> {
  const token = tokenOf(headers) || undefined;
  const bearer = bearerOf(headers);
  if (token === undefined && bearer === undefined) {
    return refuse("401000", "No authentication credentials were provided.");
  }
  const session = token === undefined ? await bearerSession(world, bearer ?? "") : world.sessions.use(token);
  // To a JWT session, what is outside its scopes or not offered to it looks as a dead session does.
  if (session === undefined || !mayUse(session, route)) {
    return refuse("401002", "Invalid authentication credentials were provided.");
  }
  if (siteId !== undefined && siteId.toLowerCase() !== session.site.id) {
    const exists = world.sites.some(({ id }) => id === siteId.toLowerCase());
    // inferred: a site that is there but not the session's is forbidden.
    return exists
      ? refuse("403004", "The session is of another site.")
      : refuse("404000", `There is no site '${siteId}'.`);
  }
  if (!meets(session.user, route.role)) {
    return refuse("403004", `The site role ${session.user.siteRole} does not allow this.`);
  }
  return session;
}

function mayUse({ scopes }: Session, { jwt }: Required): boolean {
  if (scopes === "all" || jwt === "always") return true;
  return jwt !== "never" && [jwt].flat().some((scope) => holds(scopes, scope));
}
