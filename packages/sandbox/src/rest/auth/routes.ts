import { setTimeout as wait } from "node:timers/promises";
import type { Session } from "../../auth/sessions.ts";
import { signIn } from "../../auth/sign-in.ts";
import { draw } from "../../query/description.ts";
import { type Element, record } from "../../wire/element.ts";
import { isRefusal, refuse } from "../../wire/refusals.ts";
import { answer, done } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { siteResource } from "../sites/resource.ts";
import { userResource } from "../users/resource.ts";

const switchSchema = element({ site: element({ contentUrl: attribute.optional() }) });

export const authRoutes: readonly Route[] = [
  {
    kind: "open",
    method: "POST",
    template: "/auth/signin",
    body: "tsRequest",
    async handle({ world, content }) {
      await wait(world.faults.active().signInDelayMs);
      const session = await signIn(world, content);
      return isRefusal(session) ? session : answer(credentials(session));
    },
  },
  {
    kind: "session",
    method: "POST",
    template: "/auth/signout",
    body: "none",
    jwt: "always",
    role: "anyone",
    handle({ world, session }) {
      world.sessions.end(({ token }) => token === session.token);
      return done;
    },
  },
  {
    // Only Tableau Server has it; the sandbox keeps it until it has editions.
    kind: "session",
    method: "POST",
    template: "/auth/switchSite",
    body: "tsRequest",
    jwt: "never",
    role: "anyone",
    handle({ world, session, content }) {
      const request = read(switchSchema, content);
      if (isRefusal(request)) return request;
      const contentUrl = request.site.contentUrl?.toLowerCase() ?? "";
      if (contentUrl === session.site.contentUrl) return refuse("403070", "The session is already on that site.");
      const site = world.sites.find((one) => one.contentUrl === contentUrl);
      const user = site?.users.values().find(({ name }) => name === session.user.name);
      if (site === undefined || user === undefined) return refuse("401001", "Error signing in to Tableau Cloud");
      world.sessions.end(({ token }) => token === session.token);
      return answer(credentials(world.sessions.begin(site, user, session.identity, session.scopes)));
    },
  },
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
    jwt: "always",
    role: "anyone",
    // inferred: a session's id is its token, for Tableau shows no other; ending other people's is for server
    // administrators, whom a site on Cloud does not have.
    handle({ world, session, parameters }) {
      if (parameters.sessionId !== session.token) {
        return refuse("404015", "There is no such session.");
      }
      world.sessions.end(({ token }) => token === session.token);
      return done;
    },
  },
];

function credentials({ token, site, user }: Session): Element {
  // inferred: estimatedTimeToExpiration is days:hours:minutes.
  return record("credentials", { token, estimatedTimeToExpiration: "0:02:00" }, [
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
