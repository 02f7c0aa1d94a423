import { Dispatcher, type Pool } from "undici";
import { EgressError } from "./failure.ts";
import type { Guard, Target } from "./guard.ts";

export interface PoolsOptions {
  readonly guard: Guard;
  readonly open: (target: Target) => Pool;
  /** How many origins have connections at a time. */
  readonly maxOrigins: number;
  /** How many requests wait at one origin for a connection. */
  readonly maxQueued: number;
  /** How long a pool takes requests; then another is opened in its place, and it ends when its last answer has. */
  readonly lifetimeMs: number;
}

export interface Pools {
  readonly dispatcher: Dispatcher;
  /** What is open and under way now. */
  counts(): PoolCounts;
  /** Ends every connection and fails what is under way. */
  destroy(): Promise<void>;
}

export interface PoolCounts {
  readonly origins: number;
  readonly connections: number;
  /** Requests that are being answered, and those that wait for a connection. */
  readonly running: number;
  readonly waiting: number;
}

interface Entry {
  readonly pool: Pool;
  /** The pool's last word was that it has no free connection. */
  saturated: boolean;
  /** By `performance.now`. */
  readonly until: number;
}

/**
 * One pool an origin, so that a connection is only ever used again for the origin it was judged and opened for. undici's
 * Agent does the same without letting go of an origin for another, and without a bound on what waits.
 *
 * A refusal reaches the handler as an `EgressError`, like every other failure of a request.
 */
export function createPools(options: PoolsOptions): Pools {
  /** By origin, the one used longest ago first. */
  const entries = new Map<string, Entry>();
  /** Those that take no more requests, until they have ended. */
  const leaving = new Set<Pool>();
  const dispatcher = new Dispatcher();
  let destroyed = false;

  function entryOf(origin: string | URL | undefined): Entry {
    if (typeof origin === "string") {
      // Judged when it was opened; allowances do not change.
      const known = entries.get(origin);
      if (known !== undefined && known.until > performance.now()) return touch(origin, known);
    }
    const verdict = options.guard.judge(origin ?? "");
    if (verdict.kind === "forbidden") {
      throw new EgressError("forbidden", `Easel may not call this address (${verdict.reason}).`);
    }
    const { target } = verdict;
    return touch(target.origin, current(target) ?? open(target));
  }

  /** Not one whose time is over. undici's own `clientTtl` reads the clock for every connection, at every request. */
  function current({ origin }: Target): Entry | undefined {
    const entry = entries.get(origin);
    if (entry === undefined || entry.until > performance.now()) return entry;
    entries.delete(origin);
    leave(entry.pool);
    return undefined;
  }

  function leave(pool: Pool): void {
    leaving.add(pool);
    const gone = (): void => void leaving.delete(pool);
    // It fails where all are destroyed meanwhile.
    pool.close().then(gone, gone);
  }

  function touch(origin: string, entry: Entry): Entry {
    entries.delete(origin);
    entries.set(origin, entry);
    return entry;
  }

  function open(target: Target): Entry {
    if (entries.size >= options.maxOrigins) makeRoom();
    const until = performance.now() + options.lifetimeMs;
    const entry: Entry = { pool: options.open(target), saturated: false, until };
    entry.pool.on("drain", (url) => {
      entry.saturated = false;
      dispatcher.emit("drain", url);
    });
    return entry;
  }

  function makeRoom(): void {
    for (const [origin, { pool }] of entries) {
      if (pool.stats.size > 0) continue;
      entries.delete(origin);
      leave(pool);
      return;
    }
    throw busy(`Easel is calling ${options.maxOrigins} servers, which is as many as it does at a time.`);
  }

  dispatcher.dispatch = (request, handler) => {
    try {
      if (destroyed) throw new EgressError("cut", "Easel is shutting down.");
      // An absolute form would ask the server to call another one (RFC 9112, 3.2.2).
      if (!request.path.startsWith("/")) throw new EgressError("forbidden", "A path begins with a slash.");
      const entry = entryOf(request.origin);
      if (entry.saturated && entry.pool.stats.queued >= options.maxQueued) {
        throw busy(`${options.maxQueued} requests wait for one server, which is as many as Easel holds.`);
      }
      const free = entry.pool.dispatch(request, handler);
      entry.saturated = !free;
      return free;
    } catch (error) {
      if (!(error instanceof EgressError) || handler.onResponseError === undefined) throw error;
      handler.onResponseError(refusedController(error), error);
      return true;
    }
  };

  return {
    dispatcher,
    counts() {
      const stats = [...Array.from(entries.values(), ({ pool }) => pool), ...leaving].map((pool) => pool.stats);
      return {
        origins: entries.size,
        connections: stats.reduce((sum, { connected }) => sum + connected, 0),
        running: stats.reduce((sum, { running }) => sum + running, 0),
        waiting: stats.reduce((sum, { queued, pending }) => sum + queued + pending, 0),
      };
    },
    async destroy() {
      destroyed = true;
      const pools = [...Array.from(entries.values(), ({ pool }) => pool), ...leaving];
      entries.clear();
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

function busy(message: string): EgressError {
  return new EgressError("refused", message, { busy: true });
}

/** The controller of a request that never began. */
function refusedController(reason: Error): Dispatcher.DispatchController {
  return { aborted: true, paused: false, reason, abort: () => {}, pause: () => {}, resume: () => {} };
}
