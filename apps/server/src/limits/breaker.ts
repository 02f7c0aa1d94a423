/**
 * The circuit breaker of one server, as states and what leads from one to the next. It opens where a server does not
 * answer, and not where it answers with an error: a call that fails says nothing of the next.
 */
export type Breaker =
  /** Calls go through. `silences` in a row brought no answer, the last of them then. */
  | { readonly kind: "closed"; readonly silences: number; readonly lastSilenceAt: number }
  /** Calls are refused until then; `opened` times in a row by now. */
  | { readonly kind: "open"; readonly until: number; readonly opened: number }
  /** One question is on its way; calls are refused until it has been answered. */
  | { readonly kind: "halfOpen"; readonly opened: number };

export type BreakerEvent =
  /** Something came back, whatever it said. */
  | "answered"
  /** A call could not connect, or got no answer in time. */
  | "silent"
  /** The server was asked whether it lives, and did not say so. */
  | "dead"
  /** The server is being asked. */
  | "asked";

/** So many calls in a row without an answer; fewer can be a server that restarts. */
const SILENCES = 5;
/** What is further apart than this is not in a row. */
const IN_A_ROW_MS = 60_000;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 60_000;

export const CLOSED: Breaker = { kind: "closed", silences: 0, lastSilenceAt: 0 };

/** The same object where nothing changes. */
export function next(breaker: Breaker, event: BreakerEvent, now: number): Breaker {
  // Whoever answers lives, also where the answer is one to a call that began before all this.
  if (event === "answered") return breaker.kind === "closed" && breaker.silences === 0 ? breaker : CLOSED;
  switch (breaker.kind) {
    case "closed": {
      if (event === "asked") return breaker;
      const isInARow = now - breaker.lastSilenceAt <= IN_A_ROW_MS;
      const silences = event === "dead" ? SILENCES : (isInARow ? breaker.silences : 0) + 1;
      return silences >= SILENCES ? opened(1, now) : { kind: "closed", silences, lastSilenceAt: now };
    }
    case "open":
      // Calls that were under way when it opened may end silently still: nothing new.
      return event === "asked" && now >= breaker.until ? { kind: "halfOpen", opened: breaker.opened } : breaker;
    case "halfOpen":
      return event === "dead" ? opened(breaker.opened + 1, now) : breaker;
  }
}

/** The pause doubles each time: 5 seconds to a minute. */
function opened(times: number, now: number): Breaker {
  return { kind: "open", until: now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (times - 1)), opened: times };
}
