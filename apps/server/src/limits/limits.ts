import type { Connector, Route } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { Credential } from "../credentials/credentials.ts";
import type { Use } from "../credentials/live-sessions.ts";
import type { Egress } from "../egress/egress.ts";
import type { Budgets, Tallies } from "./budgets.ts";
import { begin, type Count, check, newCount } from "./counts.ts";
import { createServerGate, type ServerGate } from "./server-gate.ts";

/** What stands between a call and Tableau: a project's own limits, and what keeps one server from harming others. */
export interface Limits {
  /**
   * Lets a call in, or throws `limit_reached`, `server_busy` or `server_unavailable`. A promise only where there is
   * something to wait for. What it gives has to be called once the call is over.
   */
  enter(use: Use, signal: AbortSignal): Leave | Promise<Leave>;
  /** What the requests of a call tell and ask. */
  lane(use: Use): Lane;
  /** The connector, whose sign-ins tell of their server as calls do. */
  watched(connector: Connector): Connector;
  /** How many servers' breakers are in each state. */
  breakers(): Record<"closed" | "open" | "halfOpen", number>;
}

export type Leave = () => void;

/** A credential's way to its server. */
export interface Lane {
  /** A request of this route goes out; each has one `ended`. */
  began(route: Route): void;
  ended(how: "heard" | "silent" | "unknown"): void;
  /** False where a request may not be sent again: the server's retries are used up, or too many wait already. */
  mayPause(kind: "retry" | "wait"): boolean;
  /** Waits before a request is sent again, once `mayPause` has let it. Fails with the signal's reason. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Before a request that Easel makes of itself: waits where a budget is nearly used up, so that callers have the rest. */
  pace(route: Route, signal: AbortSignal): Promise<void>;
  /** Sleeps between the requests of a call. Its slot is the server's meanwhile, so that no wait takes it from others. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
}

/** Counts kept at most; one that is pushed out begins anew, and its limit is looser for a moment. */
const KEPT = 50_000;
/** As many as the egress guard keeps connections to. */
const SERVERS = 2048;
/** Whether a server lives is asked by the cheapest request there is. */
const LIVES_MS = 5000;
/** Calls that wait before they are sent again, each with its caller's connection: at one server, and in all. */
const PAUSED_AT_SERVER = 256;
const PAUSED = 1024;

interface Way {
  readonly project: Count;
  readonly user: Count;
  readonly site: Count;
  readonly server: ServerGate;
  readonly lane: Lane;
  readonly leave: Leave;
}

export function createLimits(parts: {
  connector: Connector;
  egress: Egress;
  budgets: Budgets;
  clock: () => number;
}): Limits {
  const { connector, budgets, clock } = parts;
  const send = parts.egress.send(LIVES_MS);
  const counts = new LRUCache<string, Count>({ max: KEPT });
  const servers = new LRUCache<string, { gate: ServerGate; paused: number }>({ max: SERVERS });
  /** One look-up for a warm call; they go with the credentials that are in memory. */
  const ways = new WeakMap<Credential, Way>();
  let paused = 0;

  const countOf = (key: string): Count => {
    const count = counts.get(key) ?? newCount();
    counts.set(key, count);
    return count;
  };

  const lives = async (origin: string): Promise<boolean> => {
    let hasAnswered = false;
    await connector
      .probe(origin, async (request) => {
        const answer = await send(request);
        // Whatever it says: only silence keeps calls away.
        hasAnswered ||= answer.kind === "answered";
        return answer;
      })
      .catch(() => {});
    return hasAnswered;
  };

  const serverOf = (url: string) => {
    const { origin } = new URL(url);
    const known = servers.get(origin);
    if (known !== undefined) return known;
    const made = { gate: createServerGate({ origin, asks: () => lives(origin), clock }), paused: 0 };
    servers.set(origin, made);
    return made;
  };

  const laneOf = (server: { gate: ServerGate; paused: number }, tallies: Tallies): Lane => ({
    began: (route) => {
      server.gate.began();
      tallies.count(route);
    },
    ended: server.gate.ended,
    mayPause: (kind) => {
      if (server.paused >= PAUSED_AT_SERVER || paused >= PAUSED) return false;
      if (kind === "retry" && !server.gate.mayRetry()) return false;
      server.paused += 1;
      paused += 1;
      return true;
    },
    pause: async (ms, signal) => {
      try {
        await sleep(ms, signal);
      } finally {
        server.paused -= 1;
        paused -= 1;
      }
    },
    pace: async (route, signal) => {
      const ms = tallies.paceMs(route);
      if (ms > 0) await sleep(ms, signal);
    },
    rest: async (ms, signal) => {
      server.gate.leave();
      try {
        await sleep(ms, signal);
      } finally {
        server.gate.comeBack();
      }
    },
  });

  const wayOf = (use: Use): Way => {
    const { project, user, credential } = use;
    const known = ways.get(credential);
    if (known !== undefined) return known;
    const server = serverOf(credential.serverUrl);
    const of = {
      project: countOf(`project ${project.id}`),
      user: countOf(`user ${user.id}`),
      // A server's answers are hostile: the site is known by where it was connected to, not by the id that came back.
      site: countOf(`site ${project.id} ${credential.serverUrl} ${credential.site}`),
    };
    const way: Way = {
      ...of,
      server: server.gate,
      lane: laneOf(server, budgets.tallies(project.id, credential)),
      leave: () => {
        of.project.underWay -= 1;
        of.user.underWay -= 1;
        of.site.underWay -= 1;
        server.gate.leave();
      },
    };
    ways.set(credential, way);
    return way;
  };

  return {
    enter: (use, signal) => {
      const { limits } = use.project;
      const way = wayOf(use);
      const now = clock();
      // All are asked before any counts: what one refuses uses up nothing of the others.
      check(way.user, "user", limits.user, now);
      check(way.site, "site", limits.site, now);
      check(way.project, "project", limits.project, now);
      const waiting = way.server.enter(now, signal);
      begin(way.user, limits.user);
      begin(way.site, limits.site);
      begin(way.project, limits.project);
      if (waiting === undefined) return way.leave;
      return waiting.then(
        () => way.leave,
        (error: unknown) => {
          way.user.underWay -= 1;
          way.site.underWay -= 1;
          way.project.underWay -= 1;
          throw error;
        },
      );
    },
    lane: (use) => wayOf(use).lane,
    watched: (signingIn) => ({
      ...signingIn,
      signIn: (request, sendIt) =>
        signingIn.signIn(request, async (outbound) => {
          const { gate } = serverOf(outbound.url);
          gate.began();
          let how: "heard" | "silent" | "unknown" = "unknown";
          try {
            const answer = await sendIt(outbound);
            if (answer.kind === "answered") how = "heard";
            else if (answer.reason === "refused" || answer.reason === "timeout") how = "silent";
            return answer;
          } finally {
            gate.ended(how);
          }
        }),
    }),
    breakers: () => {
      const states = { closed: 0, open: 0, halfOpen: 0 };
      for (const { gate } of servers.values()) states[gate.state()] += 1;
      return states;
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = (): void => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
