import type { Use } from "./live-sessions.ts";

/** Looks once more, a while after Tableau first refused a person's secret, so that nobody has to call to find out. */
export interface Rechecks {
  later(use: Use): void;
  /** Timers end with the process: what they would have found, the person's next call finds. */
  close(): void;
}

/** Waiting at most; beyond it the person's next call looks. */
const WAITING = 10_000;

export function createRechecks(options: {
  delayMs: number;
  look: (use: Use) => Promise<void>;
  onError: (error: unknown) => void;
}): Rechecks {
  const { delayMs, look, onError } = options;
  const waiting = new Map<string, NodeJS.Timeout>();
  return {
    later: (use) => {
      const { id } = use.credential;
      if (waiting.has(id) || waiting.size >= WAITING) return;
      const timer = setTimeout(() => {
        waiting.delete(id);
        look(use).catch(onError);
      }, delayMs);
      timer.unref();
      waiting.set(id, timer);
    },
    close: () => {
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
