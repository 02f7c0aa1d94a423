import { setTimeout as delay } from "node:timers/promises";
import { PostgresError } from "./errors.ts";
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
    while (!stopping.signal.aborted) {
      let cause: string;
      if (current === null) {
        cause = await restart();
        if (cause === "") continue;
      } else {
        cause = `PostgreSQL ended unexpectedly (${await current.exited})`;
        current = null;
        if (stopping.signal.aborted) return;
      }
      const now = performance.now();
      failures = [...failures.filter((at) => now - at < WINDOW_MS), now];
      report(cause, failures.length);
      await delay(restartDelay(failures.length), undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  /** Returns why it failed, or "" when the server runs again. */
  async function restart(): Promise<string> {
    try {
      current = await options.start();
      options.log({ level: "info", message: `PostgreSQL runs again (pid ${current.pid})` });
      return "";
    } catch (error) {
      const lines = error instanceof PostgresError ? error.logLines : [];
      return [`${error instanceof Error ? error.message : String(error)}`, ...lines].join("\n");
    }
  }

  function report(cause: string, failures: number): void {
    const again = failures > QUIET_RESTARTS ? `; that was failure ${failures} within a minute` : "";
    const lines = options.lastLines().slice(-5);
    options.log({
      level: failures > QUIET_RESTARTS ? "error" : "warn",
      message: [`${cause}; restarting it in ${restartDelay(failures)} ms${again}`, ...lines].join("\n"),
    });
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
