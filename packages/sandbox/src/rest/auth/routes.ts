import { setTimeout as wait } from "node:timers/promises";
import { timeLeft } from "../../auth/personal-access-tokens.ts";
import { isServerAdministrator } from "../../auth/roles.ts";
import type { Session } from "../../auth/sessions.ts";
import { signIn, siteNamed } from "../../auth/sign-in.ts";
import { draw } from "../../query/description.ts";
import { type Element, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { World } from "../../world.ts";
import type { Route, SessionCall } from "../route.ts";
import { siteResource } from "../sites/resource.ts";
import { userResource } from "../users/resource.ts";

const switchSchema = element({ site: element({ contentUrl: attribute.optional() }) });

const revokeAll = {
  kind: "session",
  edition: "server",
  body: "none",
  jwt: "tableau:server_admin_tokens:delete",
  role: "serverAdministrator",
  handle: revokeAdministratorTokens,
} as const;

export const authRoutes: readonly Route[] = [
  {
    kind: "open",
    method: "POST",
    template: "/auth/signin",
    body: "tsRequest",
    async handle({ world, content }) {
      await wait(world.faults.active().signInDelayMs);
      const session = await signIn(world, content);
      return isRefusal(session) ? session : answer(credentials(session, world));
    },
  },
  {
    kind: "session",
    method: "POST",
    template: "/auth/signout",
    body: "none",
    jwt: "always",
    role: "anyone",
    handle: ({ world, session }) => end(world, session),
  },
  {
    kind: "session",
    method: "POST",
    template: "/auth/switchSite",
    body: "tsRequest",
    edition: "server", // Tableau Cloud does not have it
    jwt: "tableau:sites:switch",
    role: "anyone",
    handle: switchSite,
  },
  // Postman's collection has the one, TSC the other.
  { ...revokeAll, method: "DELETE", template: "/auth/serverAdminAccessTokens" },
  { ...revokeAll, method: "POST", template: "/auth/revokeAllServerAdminTokens" },
  {
    kind: "session",
    method: "GET",
    template: "/sessions/current",
    body: "none",
    jwt: "always", // inferred: public clients check a token of any origin by it
    role: "anyone",
    handle: (call) => answer(currentSession(call)),
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sessions/{sessionId}",
    body: "none",
    edition: "server", // Tableau Cloud does not have it
    jwt: "tableau:sessions:delete",
    role: "serverAdministrator",
    handle: endSession,
  },
];

function end(world: World, { token }: Session): Reply {
  world.sessions.end((session) => session.token === token);
  return done;
}

/** inferred: a session's id is its token, for Tableau shows no other. */
function endSession({ world, parameters }: SessionCall): Reply | Refusal {
  const session = world.sessions.find(parameters.sessionId ?? "");
  return session === undefined ? refuse("404015", "There is no such session.") : end(world, session);
}

/** A new session on the other site; the old one is over. */
function switchSite({ world, session, content }: SessionCall): Reply | Refusal {
  const request = read(switchSchema, content);
  if (isRefusal(request)) return request;
  const site = siteNamed(world, request.site.contentUrl ?? "");
  if (site === session.site) return refuse("403070", "The session is already on that site.");
  const user = site?.users.values().find(({ name }) => name === session.user.name);
  if (site === undefined || user === undefined) {
    return refuse("401003", `There is no site '${request.site.contentUrl ?? ""}' to switch to.`);
  }
  end(world, session);
  const { identity, scopes, patGuid } = session;
  const begun = { site, user, identity, scopes, ...(patGuid === undefined ? {} : { patGuid }) };
  return answer(credentials(world.sessions.begin(begun), world));
}

/** The personal access tokens of everyone who administers the server are gone, and what they began is over. */
function revokeAdministratorTokens({ world }: SessionCall): Reply {
  const users = world.sites.flatMap((site) => Array.from(site.users.values()));
  const names = new Set(users.filter(isServerAdministrator).map(({ name }) => name.toLowerCase()));
  for (const { guid, owner } of world.credentials.tokens.values()) {
    if (!names.has(owner)) continue;
    world.credentials.tokens.delete(guid);
    world.sessions.end(({ patGuid }) => patGuid === guid);
  }
  return done;
}

/** How long the personal access token will live is said too (seen in answers of Tableau; with a password it is not). */
function credentials({ token, site, user, patGuid }: Session, world: World): Element {
  const used = world.credentials.tokens.get(patGuid ?? "");
  const estimatedTimeToExpiration = used === undefined ? undefined : timeLeft(used, world.clock());
  return record("credentials", { token, estimatedTimeToExpiration }, [
    record("site", { id: site.id, contentUrl: site.contentUrl }),
    record("user", { id: user.id }),
  ]);
}

function currentSession({ session, scene }: SessionCall): Element {
  const names = (...shown: string[]) => ({ defaults: "none" as const, names: new Set(shown) });
  return record("session", {}, [
    draw(siteResource, session.site, scene, names("id", "name", "contentUrl")),
    draw(userResource, session.user, scene, names("id", "name", "siteRole", "fullName", "email")),
  ]);
}
