import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { type LifetimeKind, noteStrike, readLifetimes } from "./lifetimes-store.ts";

/**
 * How long a server's sessions live. Its edition says a time (120 minutes, or 240), and what was seen may shorten it:
 * administrators of Tableau Server choose their own (`wgserver.session.idle_limit`), and do not say so in its API.
 *
 * A 401 says only that a session is gone, not why. What is inferred: a session that was used moments before and is gone
 * had a limited age; one that lay unused may have been ended for that. One death proves nothing (an administrator, a
 * restart, a foreign sign-in with the same token), two of them teach the longer of both lives.
 */
export interface Lifetimes {
  /** From the sign-in, and unused, in milliseconds. `byEditionMs` is the most of both. */
  of(serverUrl: string, byEditionMs: number): Promise<{ lifeMs: number; idleMs: number }>;
  /** A session was found gone. Never waits, never fails. */
  observe(death: { serverUrl: string; identity: string; ageMs: number; idleMs: number; isExclusive: boolean }): void;
}

/** No life is learnt that is shorter: what ends sooner was ended by somebody. Also bounds the sign-ins that learning costs. */
const SHORTEST_MS = 15 * 60_000;
/** A session that was unused for less was in use, as far as processes tell each other (idle.ts). */
const IDLE_FROM_MS = 10 * 60_000;
/** Deaths so close to each other have one cause. */
const APART_MS = 10 * 60_000;
/** A death confirms another that was not longer ago. */
const KEPT_MS = 14 * 86_400_000;
/** What was learnt holds for so long and then doubles as often, so that a server that was set back is trusted again. */
const HOLDS_MS = 86_400_000;
/** Servers of which this process remembers when it last noted a death: at most so many. */
const SERVERS = 10_000;

export function createLifetimes(
  database: DatabaseAccess,
  clock: () => number,
  onError: (error: unknown) => void,
): Lifetimes {
  // Ten thousand sessions that end together shall not be ten thousand statements.
  const noted = new LRUCache<string, number>({ max: SERVERS });

  return {
    of: async (serverUrl, byEditionMs) => {
      const limits: Record<LifetimeKind, number> = { age: byEditionMs, idle: byEditionMs };
      for (const { kind, learntMs, agoMs } of await readLifetimes(database, serverUrl)) {
        const now = learntMs * 2 ** Math.max(0, agoMs / HOLDS_MS - 1);
        limits[kind] = Math.min(byEditionMs, Math.max(SHORTEST_MS, now));
      }
      return { lifeMs: limits.age, idleMs: limits.idle };
    },
    observe: ({ serverUrl, identity, ageMs, idleMs, isExclusive }) => {
      const kind = idleMs >= IDLE_FROM_MS ? "idle" : "age";
      const ms = kind === "idle" ? idleMs : ageMs;
      const key = `${kind} ${serverUrl}`;
      if (ms < SHORTEST_MS || clock() - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < APART_MS) return;
      noted.set(key, clock());
      const strike = { serverUrl, kind, ms, identity, needsAnother: isExclusive } as const;
      noteStrike(database, strike, { apartMs: APART_MS, keptMs: KEPT_MS }).catch(onError);
    },
  };
}
