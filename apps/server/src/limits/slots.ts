/** So many at a time, so many more in line, each for so long. What was asked for first comes first. */
export interface Slots {
  /** Undefined: a slot is yours. A promise: it will be, or the wait fails. Throws `SlotsFull` where the line is full. */
  take(signal: AbortSignal): Promise<void> | undefined;
  /** Gives back what `take` gave. */
  give(): void;
  /** Takes a slot that was given back for a while, free or not: who was let in goes on. */
  takeBack(): void;
  /** Taken now, and in line. */
  readonly taken: number;
  readonly waiting: number;
}

/** No slot became free in time, or too many wait for one. */
export class SlotsFull extends Error {}

export function createSlots(options: {
  readonly most: number;
  readonly mostWaiting: number;
  /** How long one waits at most, in milliseconds. */
  readonly patienceMs: number;
}): Slots {
  const { most, mostWaiting, patienceMs } = options;
  let taken = 0;
  /** In the order in which they came. */
  const line = new Set<() => void>();

  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        line.delete(mine);
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
      };
      const mine = (): void => {
        leave();
        resolve();
      };
      const giveUp = (): void => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(new SlotsFull(`No slot became free within ${patienceMs} ms.`));
      }, patienceMs);
      timer.unref();
      signal.addEventListener("abort", giveUp, { once: true });
      line.add(mine);
    });

  return {
    take: (signal) => {
      if (taken < most) {
        taken += 1;
        return undefined;
      }
      if (line.size >= mostWaiting) throw new SlotsFull(`${mostWaiting} wait already.`);
      if (signal.aborted) return Promise.reject(signal.reason);
      return wait(signal);
    },
    give: () => {
      const [first] = line;
      // Handed on: the number that are taken stays the same.
      if (first === undefined || taken > most) taken -= 1;
      else first();
    },
    takeBack: () => {
      taken += 1;
    },
    get taken() {
      return taken;
    },
    get waiting() {
      return line.size;
    },
  };
}
