import { easelError } from "../http/errors.ts";
import { type Breaker, type BreakerEvent, CLOSED, next } from "./breaker.ts";
import { createSlots, SlotsFull } from "./slots.ts";

/** What stands between all calls and one Tableau server, so that a slow or dead one takes nothing of the others. */
export interface ServerGate {
  /**
   * Undefined: the call may go on, and holds one of the server's slots until `leave`. A promise: it may, once that
   * resolves. Throws `server_unavailable` and `server_busy`.
   */
  enter(now: number, signal: AbortSignal): Promise<void> | undefined;
  leave(): void;
  /** Takes the slot again that was left for a while. */
  comeBack(): void;
  /** A request goes out; each has one `ended`. */
  began(): void;
  /** `heard`: the head of an answer came. `silent`: the server did not answer. `unknown`: neither can be said. */
  ended(how: "heard" | "silent" | "unknown"): void;
  /** Takes one of the retries that the server's calls have earned. */
  mayRetry(): boolean;
  state(): Breaker["kind"];
}

/**
 * Calls under way at one server. A Cloud pod serves many customers' sites, and a cold view renders for a minute: fewer
 * would make them wait for each other. Each holds one connection. The rest of a pool is for sign-ins and probes.
 */
export const SLOTS = 1024;
/** Calls that wait for one of them, and for how long. */
const IN_LINE = 1024;
const IN_LINE_MS = 30_000;

/** So many requests that wait, and nothing heard for so long: the server is asked whether it lives. */
const SUSPECT = 10;
const SUSPECT_MS = 10_000;

/**
 * Retries are a fifth of a server's calls at most, so that they never make the trouble of a server that fails: each call
 * earns a fifth of a retry, and each second one. As many as this are kept: all kept connections of a server that is
 * started anew break at the same moment.
 */
const EARNED_BY_CALL = 0.2;
const EARNED_BY_SECOND = 1;
const RETRIES_KEPT = 256;

export function createServerGate(options: {
  /** e.g. `https://10ax.online.tableau.com`. */
  readonly origin: string;
  /** Asks the server whether it lives, within a few seconds. Never fails. */
  readonly asks: () => Promise<boolean>;
  readonly clock: () => number;
}): ServerGate {
  const { origin, asks, clock } = options;
  const slots = createSlots({ most: SLOTS, mostWaiting: IN_LINE, patienceMs: IN_LINE_MS });
  let breaker: Breaker = CLOSED;
  let unheard = 0;
  let unheardSince = 0;
  let heardAt = 0;
  let retries = RETRIES_KEPT;
  let retriesAt = clock();
  let asking: Promise<void> | null = null;

  const step = (event: BreakerEvent): void => {
    breaker = next(breaker, event, clock());
  };

  const ask = (): Promise<void> => {
    const askedAt = clock();
    asking ??= asks().then((answers) => {
      asking = null;
      // A server that is too slow for this question, and has answered another one meanwhile, lives.
      const lives = answers || heardAt > askedAt;
      if (answers) heardAt = clock();
      step(lives ? "answered" : "dead");
    });
    return asking;
  };

  const refuse = (): never => {
    const ms = breaker.kind === "open" ? breaker.until - clock() : 0;
    const seconds = String(Math.max(1, Math.ceil(ms / 1000)));
    throw easelError("server_unavailable", { server: origin, seconds }, { "retry-after": seconds });
  };

  const busy = (error: unknown): never => {
    if (!(error instanceof SlotsFull)) throw error;
    throw easelError("server_busy", { server: origin, limit: String(SLOTS) }, { "retry-after": "1" });
  };

  const takeSlot = (signal: AbortSignal): Promise<void> | undefined => {
    try {
      return slots.take(signal)?.then(() => {
        if (!isOpen()) return;
        // It opened while this one stood in line.
        slots.give();
        refuse();
      }, busy);
    } catch (error) {
      return busy(error);
    }
  };

  /** The one that comes when the pause is over waits for the answer; the others are refused meanwhile. */
  const enterOpen = async (signal: AbortSignal): Promise<void> => {
    const before = breaker;
    step("asked");
    if (breaker === before) refuse();
    await ask();
    if (isOpen()) refuse();
    await takeSlot(signal);
  };
  const isOpen = (): boolean => breaker.kind !== "closed";

  return {
    enter: (now, signal) => {
      if (breaker.kind !== "closed") return enterOpen(signal);
      if (unheard >= SUSPECT && now - Math.max(heardAt, unheardSince) > SUSPECT_MS) void ask();
      return takeSlot(signal);
    },
    leave: slots.give,
    comeBack: slots.takeBack,
    began: () => {
      if (unheard === 0) unheardSince = clock();
      unheard += 1;
      if (retries < RETRIES_KEPT) retries = Math.min(RETRIES_KEPT, retries + EARNED_BY_CALL);
    },
    ended: (how) => {
      unheard -= 1;
      if (how === "heard") {
        heardAt = clock();
        if (breaker !== CLOSED) step("answered");
      } else if (how === "silent") step("silent");
    },
    mayRetry: () => {
      const now = clock();
      retries = Math.min(RETRIES_KEPT, retries + (Math.max(0, now - retriesAt) / 1000) * EARNED_BY_SECOND);
      retriesAt = now;
      if (retries < 1) return false;
      retries -= 1;
      return true;
    },
    state: () => breaker.kind,
  };
}
