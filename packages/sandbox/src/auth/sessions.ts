import { randomBytes } from "node:crypto";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";

/** How long a session may be idle, and how long it may last however much it is used, in ms. */
export type SessionLimits = { idle: number; lifetime: number };

const minute = 60_000;

/**
 * Tableau Cloud ends a session that was idle for two hours, Tableau Server for four (`wgserver.session.idle_limit`).
 * The longest life is a day, the default of `wgserver.session.lifetime_limit`. inferred: on Cloud too.
 */
export const sessionLimits: Readonly<Record<"cloud" | "server", SessionLimits>> = {
  cloud: { idle: 120 * minute, lifetime: 24 * 60 * minute },
  server: { idle: 240 * minute, lifetime: 24 * 60 * minute },
};

/** More than this and the oldest are forgotten. */
const mostSessions = 10_000;

/** Who signs in, on which site, and what the session may do. */
export type SignedIn = {
  site: Site;
  user: User;
  /** Who signed in and how, e.g. `pat:ana-automation`. */
  identity: string;
  /** What a JWT session may do; others may do all that their user may. */
  scopes: readonly string[] | "all";
  /** The personal access token it was begun with. */
  patGuid?: string;
};

export type Session = SignedIn & { token: string; beganAt: number; usedAt: number };

export type Sessions = ReturnType<typeof openSessions>;

/** The live sign-ins, on a clock that tests can move. */
export function openSessions(clock: () => number, limits: SessionLimits) {
  const byToken = new Map<string, Session>();

  function isLive({ beganAt, usedAt, site, user }: Session): boolean {
    const now = clock();
    // Who was taken off the site is signed out of it.
    return now - usedAt < limits.idle && now - beganAt < limits.lifetime && site.users.get(user.id) === user;
  }

  function end(which: (session: Session) => boolean): void {
    for (const session of byToken.values()) if (which(session)) byToken.delete(session.token);
  }

  return {
    /** Begins a session. A personal access token has one in the world: beginning another, on any site, ends it. */
    begin(signedIn: SignedIn): Session {
      const { patGuid } = signedIn;
      if (patGuid !== undefined) end((session) => session.patGuid === patGuid);
      const session = { ...signedIn, token: newToken(signedIn.site), beganAt: clock(), usedAt: clock() };
      byToken.set(session.token, session);
      const oldest = byToken.keys().next();
      if (byToken.size > mostSessions && !oldest.done) byToken.delete(oldest.value);
      return session;
    },

    /** The session of a token, used now; undefined when there is none or its time is over. */
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

    end,

    /** The live session of a token, which is not used by this. */
    find(token: string): Session | undefined {
      const session = byToken.get(token);
      return session !== undefined && isLive(session) ? session : undefined;
    },

    count(): number {
      return byToken.values().reduce((count, session) => count + Number(isLive(session)), 0);
    },
  };
}

/** The form that Tableau's tokens have: two random parts and the site's LUID. */
function newToken(site: Site): string {
  return `${randomBytes(16).toString("base64url")}|${randomBytes(24).toString("base64url")}|${site.id}`;
}
