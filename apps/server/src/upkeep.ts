/** Something that has to be done now and then, in every process. Work that must be done once is claimed in the database. */
export interface Chore {
  readonly everyMs: number;
  run(): Promise<void>;
}

export interface Upkeep {
  /** Does all of it now, in order. */
  run(): Promise<void>;
  /** Ends the timers, and waits a while for what is under way. */
  close(): Promise<void>;
}

/** Chores go on from where they are another time, or in another process: a stop does not wait for a long one. */
const FAREWELL_MS = 3000;
/** Processes that were started together do not all come at the same moment. */
const JITTER = 0.2;

/** Does each chore again and again; the next time counts from the end of the one before. */
export function startUpkeep(chores: readonly Chore[], onError: (error: unknown) => void): Upkeep {
  const timers = new Map<Chore, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let isClosed = false;

  const schedule = (chore: Chore): void => {
    if (isClosed) return;
    const timer = setTimeout(
      () => {
        const run = chore
          .run()
          .catch((error: unknown) => {
            if (!isClosed) onError(error);
          })
          .finally(() => {
            running.delete(run);
            schedule(chore);
          });
        running.add(run);
      },
      chore.everyMs * (1 + JITTER * (Math.random() - 0.5)),
    );
    timer.unref();
    timers.set(chore, timer);
  };
  for (const chore of chores) schedule(chore);

  return {
    run: async () => {
      for (const chore of chores) await chore.run();
    },
    close: async () => {
      isClosed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      const late = new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref());
      await Promise.race([late, Promise.all(running)]);
    },
  };
}
