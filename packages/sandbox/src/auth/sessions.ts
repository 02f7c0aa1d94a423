import { randomBytes } from "node:crypto";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";

/** Tableau Cloud ends a session that was idle for two hours (Tableau help, "Session timeouts"). In ms. */
export const idleLimit = 120 * 60 * 1000;

/** More than this and the oldest are forgotten. */
const mostSessions = 10_000;

/** `scopes` is what a JWT session may do; others may do all that their user may. */
export type Session = {
  token: string;
  site: Site;
  user: User;
  /** Who signed in and how, e.g. `pat:ana-automation`. */
  identity: string;
  scopes: readonly string[] | "all";
  usedAt: number;
};

export type Sessions = ReturnType<typeof openSessions>;

/** The live sign-ins, on a clock that tests can move. */
export function openSessions(clock: () => number) {
  const byToken = new Map<string, Session>();

  function isLive(session: Session): boolean {
    return clock() - session.usedAt < idleLimit;
  }

  function end(which: (session: Session) => boolean): void {
    for (const session of byToken.values()) if (which(session)) byToken.delete(session.token);
  }

  return {
    /** Begins a session. A personal access token has one in the world: beginning another, on any site, ends it. */
    begin(site: Site, user: User, identity: string, scopes: Session["scopes"]): Session {
      if (identity.startsWith("pat:")) end((session) => session.identity === identity);
      const session = { token: newToken(site), site, user, identity, scopes, usedAt: clock() };
      byToken.set(session.token, session);
      const oldest = byToken.keys().next();
      if (byToken.size > mostSessions && !oldest.done) byToken.delete(oldest.value);
      return session;
    },

    /** The session of a token, used now; undefined when there is none or it has been idle for too long. */
    use(token: string): Session | undefined {
      const session = byToken.get(token);
      if (session === undefined) return undefined;
      if (!isLive(session)) {
        byToken.delete(token);
        return undefined;
      }
      session.usedAt = clock();
      return session;
    },

    /** The session of a token, without using it. */
    find(token: string): Session | undefined {
      const session = byToken.get(token);
      return session !== undefined && isLive(session) ? session : undefined;
    },

    end,

    count(): number {
      return byToken.values().reduce((count, session) => count + Number(isLive(session)), 0);
    },
  };
}

/** The form that Tableau's tokens have: two random parts and the site's LUID. */
function newToken(site: Site): string {
  return `${randomBytes(16).toString("base64url")}|${randomBytes(24).toString("base64url")}|${site.id}`;
}
