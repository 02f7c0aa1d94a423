import { inWords } from "./refusal.ts";

/** What has been started and must be stopped, in the order in which it was started. */
export interface Stops {
  push(name: string, stop: () => unknown): void;
  /** Hears of the end before anything is stopped. */
  onBegin(listener: () => void): void;
  isStopping(): boolean;
  /** Stops everything, then ends the process with this code. */
  run(code: number): Promise<void>;
}

/**
 * SIGTERM, SIGINT and the launcher's end stop Easel: what was started last is stopped first, so that the database goes
 * after everything that uses it. What is pushed while it stops is stopped as well.
 */
export function stopOnSignals(): Stops {
  const stops: Array<{ name: string; stop: () => unknown }> = [];
  const listeners: Array<() => void> = [];
  let isStopping = false;
  const run = async (code: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    for (const listener of listeners) listener();
    let exitCode = code;
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      try {
        await next.stop();
      } catch (error) {
        exitCode = 1;
        // What failed to start fails here once more: that has been said.
        if (code === 0) process.stderr.write(`Stopping ${next.name} failed: ${inWords(error)}\n`);
      }
    }
    process.exit(exitCode);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "disconnect"]) process.on(signal, () => void run(0));
  return {
    push: (name, stop) => void stops.push({ name, stop }),
    onBegin: (listener) => void listeners.push(listener),
    isStopping: () => isStopping,
    run,
  };
}
