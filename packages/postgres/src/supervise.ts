import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "./log.ts";
import type { Postmaster } from "./postmaster.ts";

export interface SupervisorOptions {
  /** Already running. */
  first: Postmaster;
  start(): Promise<Postmaster>;
  shutDown(postmaster: Postmaster): Promise<void>;
  /** What the server wrote last, for the log. */
  lastLines(): string[];
  log: Log;
}

export interface Supervisor {
  pid(): number | null;
  stop(): Promise<void>;
}

const WINDOW_MS = 60_000;
/** Restarts within the window that are taken for bad luck; beyond them something is wrong, and every one is reported as an error. */
const QUIET_RESTARTS = 5;
const MAX_DELAY_MS = 10_000;

/**
 * How long to wait before the next restart, in ms, when `failures` (deaths and failed starts) happened within the last minute, this
 * one included: 0, 100, 200, 400, 800, 1600, … at most 10 s. It never gives up: a full disk may be emptied.
 */
export function restartDelay(failures: number): number {
  return failures <= 1 ? 0 : Math.min(100 * 2 ** (failures - 2), MAX_DELAY_MS);
}

/** Restarts the server whenever it ends without having been asked to. */
export function supervise(options: SupervisorOptions): Supervisor {
  const stopping = new AbortController();
  let current: Postmaster | null = options.first;
  let stopped: Promise<void> | null = null;
  const watching = watch();

  async function watch(): Promise<void> {
    let failures: number[] = [];
    for (;;) {
      const failure = await nextFailure();
      if (failure === null) return;
      const now = performance.now();
      failures = [...failures.filter((at) => now - at < WINDOW_MS), now];
      report(failure, failures.length);
      await delay(restartDelay(failures.length), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
    }
  }

  /** Keeps the server running and resolves with what went wrong next; null once we are stopping. */
  async function nextFailure(): Promise<string | null> {
    if (current === null) {
      try {
        current = await options.start();
        options.log({ level: "info", message: `PostgreSQL runs again (pid ${current.pid})` });
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }
    // Left for stop() to shut down: it asked while the restart was under way.
    if (stopping.signal.aborted) return null;
    const how = await current.exited;
    current = null;
    return stopping.signal.aborted ? null : `PostgreSQL ended unexpectedly (${how})`;
  }

  function report(failure: string, count: number): void {
    const failing = count > QUIET_RESTARTS;
    const often = failing ? `; that was failure ${count} within a minute` : "";
    const message = `${failure}; restarting it in ${restartDelay(count)} ms${often}`;
    options.log({ level: failing ? "error" : "warn", message: [message, ...options.lastLines().slice(-5)].join("\n") });
  }

  async function shutDownCurrent(): Promise<void> {
    if (current !== null) await options.shutDown(current);
    current = null;
  }

  return {
    pid: () => current?.pid ?? null,
    stop() {
      stopped ??= (async () => {
        stopping.abort();
        await shutDownCurrent();
        // A restart that was under way brings one more.
        await watching;
        await shutDownCurrent();
      })();
      return stopped;
    },
  };
}
