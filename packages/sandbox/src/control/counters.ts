/** More callers than this and the oldest are counted anew. */
const mostCallers = 10_000;

/** Counts calls in windows of time, one count for each caller. */
export function openLimiter() {
  const windows = new Map<string, { endsAt: number; calls: number }>();
  return {
    /** Counts a call: 0 when it may pass, else how many whole seconds are left of the window. `now` in ms. */
    take(caller: string, { calls, windowSeconds }: { calls: number; windowSeconds: number }, now: number): number {
      const known = windows.get(caller);
      const current =
        known !== undefined && now < known.endsAt ? known : { endsAt: now + windowSeconds * 1000, calls: 0 };
      if (current !== known) {
        windows.delete(caller);
        windows.set(caller, current);
        const oldest = windows.keys().next();
        if (windows.size > mostCallers && !oldest.done) windows.delete(oldest.value);
      }
      current.calls += 1;
      return current.calls > calls ? Math.ceil((current.endsAt - now) / 1000) : 0;
    },
  };
}

/** Knows which calls are struck: the next ones, every n-th, or all; on all routes or on some. */
export function openTurns() {
  let calls = 0;
  return {
    strikes(
      {
        next,
        every = 1,
        route = "",
      }: { next?: number | undefined; every?: number | undefined; route?: string | undefined },
      called: string,
    ): boolean {
      if (!called.toLowerCase().includes(route.toLowerCase())) return false;
      calls += 1;
      return (next === undefined || calls <= next) && calls % every === 0;
    },
  };
}
