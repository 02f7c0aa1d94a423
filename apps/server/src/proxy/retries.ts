import type { UnreachableReason } from "@easel/connector";

/** How one request of a call to Tableau ended, where it was no success. */
export type Ending =
  /** `isUnsent`: the connection never came to be, so that nobody has seen the request. */
  | { readonly kind: "unanswered"; readonly reason: UnreachableReason; readonly isUnsent: boolean }
  /** `retryAfterMs` is null where the answer did not say. */
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | null };

/** What may be done for one exchange, and what has been. Times in milliseconds. */
export interface Effort {
  /** Sent twice it does no more than once: GET and HEAD. */
  readonly isSafe: boolean;
  /** The body is none, or held. */
  readonly isRepeatable: boolean;
  readonly startedAt: number;
  /** Sent again because no answer came, or a gateway's error. */
  retries: number;
  /** Sent again because Tableau asked for time, and how long that took. */
  waits: number;
  waitedMs: number;
}

/** `retry`: from the server's retry budget. `wait`: Tableau asked for it. Null: the caller is told what happened. */
export type Again = { readonly kind: "retry" | "wait"; readonly afterMs: number };

/** Two more than the first: what three tries do not get through, the caller has to know of. */
const RETRIES = 2;
/** No retry begins later than this: after a long render that failed, a second one would only double Tableau's load. */
const RETRY_WITHIN_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2000;
/** A caller whose call Tableau puts off waits so long in all; then it is told, with Tableau's own Retry-After. */
const WAIT_MS = 10_000;
const WAITS = 4;
/** Added to what Tableau asks for, so that all who wait do not come back in the same instant. */
const SPREAD_MS = 250;

/**
 * What gateways answer while what is behind them restarts or is overloaded. 500 is not among them: Tableau's own
 * application answers so, with its own words, for what fails each time, such as a query that its data source refuses,
 * and doing that again costs a render.
 */
const GATEWAY_ERRORS: ReadonlySet<number> = new Set([502, 503, 504]);

/** A number in [0, 1), as `Math.random`. */
export type Random = () => number;

/**
 * Whether and when a request may be sent again. What is not safe is only ever sent again where nobody can have acted on
 * it: the connection never came to be, or Tableau said 429, which it says in place of acting.
 */
export function again(ending: Ending, effort: Effort, now: number, random: Random): Again | null {
  if (!effort.isRepeatable) return null;
  if (ending.kind === "unanswered") {
    return mayTryAgain(ending, effort.isSafe) ? retry(ending, effort, now, random) : null;
  }
  const { status, retryAfterMs } = ending;
  if (status === 429) return wait(retryAfterMs, effort, random);
  if (!effort.isSafe || !GATEWAY_ERRORS.has(status)) return null;
  // inferred: a 503 that says when is a server that turns calls away, as 429 is.
  return status === 503 && retryAfterMs !== null
    ? wait(retryAfterMs, effort, random)
    : retry(ending, effort, now, random);
}

/** Whether an answer of this status needs a second look at all: what most answers are asked. */
export function mayBeSentAgain(status: number): boolean {
  return status === 429 || GATEWAY_ERRORS.has(status);
}

/** Writes down what is about to be done. */
export function spend(effort: Effort, { kind, afterMs }: Again): void {
  if (kind === "retry") {
    effort.retries += 1;
    return;
  }
  effort.waits += 1;
  effort.waitedMs += afterMs;
}

/** A call that Tableau has taken and not answered in time is still worked on: it is never sent a second time. */
function mayTryAgain({ reason, isUnsent }: Extract<Ending, { kind: "unanswered" }>, isSafe: boolean): boolean {
  switch (reason) {
    case "refused":
    case "timeout":
      return isUnsent;
    case "cut":
      return isUnsent || isSafe;
    case "forbidden":
    case "unknownHost":
    case "tls":
      return false;
  }
}

function retry(ending: Ending, effort: Effort, now: number, random: Random): Again | null {
  if (effort.retries >= RETRIES) return null;
  // A kept connection that its server closed just then takes the request with it, unseen: nothing has to recover.
  const isAtOnce = effort.retries === 0 && ending.kind === "unanswered" && ending.reason === "cut";
  // Full jitter: those who failed together do not come back together.
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** effort.retries);
  const afterMs = isAtOnce ? 0 : Math.round(random() * longest);
  return now + afterMs - effort.startedAt > RETRY_WITHIN_MS ? null : { kind: "retry", afterMs };
}

function wait(retryAfterMs: number | null, effort: Effort, random: Random): Again | null {
  if (effort.waits >= WAITS) return null;
  const asked = retryAfterMs ?? FIRST_PAUSE_MS * 4 ** effort.waits;
  const room = WAIT_MS - effort.waitedMs - asked;
  if (room < 0) return null;
  const spread = Math.min(room, Math.max(SPREAD_MS, asked / 4));
  return { kind: "wait", afterMs: Math.round(asked + random() * spread) };
}

/** Retry-After in milliseconds: seconds, or a date (RFC 9110, section 10.2.3). Null where there is none that can be read. */
export function retryAfter(header: string | readonly string[] | undefined, now: number): number | null {
  const text = (typeof header === "string" ? header : header?.[0])?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
