import * as z from "zod";
import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import { openLimiter, openTurns } from "./counters.ts";

const tenMinutes = 600_000;
const twoYears = 2 * 366 * 24 * 3_600_000;

const milliseconds = z.int().min(0).max(tenMinutes);

/** Which calls a fault falls on: all of them, or those whose `METHOD /template` holds this, e.g. `/views/{id}/image`. */
const route = z.string().min(1).max(200).optional();

/** How often a fault strikes: on the next calls, or on every n-th. */
const often = {
  next: z.int().min(1).max(1_000_000).optional(),
  every: z.int().min(1).max(1_000_000).optional(),
  route,
};

const throttleSchema = z.strictObject({
  /** How many calls pass in each window of time; the next ones are answered 429. */
  calls: z.int().min(0).max(1_000_000),
  /** In s. `Retry-After` says how much of it is left. */
  windowSeconds: z.int().min(1).max(86_400),
  /** Whether each session has a count of its own (the default), or all calls have one, sign-ins included. */
  per: z.enum(["session", "all"]).default("session"),
});

const failSchema = z.strictObject({
  status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]),
  ...often,
});

const cutSchema = z.strictObject({
  /** How much of the answer's body is sent before the connection is cut. */
  afterBytes: z.int().min(0).max(1_000_000_000),
  ...often,
});

const tokensOffSchema = z.union([
  z.literal(true),
  z.strictObject({ site: z.string().max(200) }),
  z.strictObject({ user: z.string().min(1).max(200) }),
]);

/** The body of `POST /__sandbox/faults`: one or several of these. Keys it does not know are refused. */
export const faultsSchema = z.strictObject({
  /** Ends every session: their tokens are answered 401002. */
  killSessions: z.literal(true).optional(),
  /** Every sign-in takes this much longer, in ms; 0 ends it. */
  signInDelayMs: milliseconds.optional(),
  /** Every API answer takes this much longer, in ms; 0 ends it. */
  slowMs: milliseconds.optional(),
  /** Moves the sandbox's clock ahead, in ms: sessions go idle, tokens expire, jobs go on. There is no way back. */
  advanceClockMs: z.int().min(0).max(twoYears).optional(),
  /** The connected app's secrets are no longer known: signing in by its JWTs fails. */
  deleteAppSecret: z.literal(true).optional(),
  /** The personal access tokens of this name are revoked and their sessions ended. */
  revokePat: z.string().min(1).max(200).optional(),
  /** Personal access tokens are switched off: everywhere, on a site (by content URL), or for a user (by name). */
  tokensOff: tokensOffSchema.optional(),
  /** Multi-factor authentication is on: on Tableau Cloud a password no longer signs in. */
  mfa: z.boolean().optional(),
  /** 429 with `Retry-After` after a number of calls; null ends it. */
  throttle: throttleSchema.nullable().optional(),
  /** 5xx on some calls; null ends it. */
  fail: failSchema.nullable().optional(),
  /** Answers that break off in the middle of their body; null ends it. */
  cut: cutSchema.nullable().optional(),
  /** Every delivery of a webhook is made twice, byte by byte the same. */
  duplicateDeliveries: z.boolean().optional(),
  /** Extract refreshes that are started from now on fail. */
  failRefreshes: z.boolean().optional(),
  /** Lists and search don't know what was created less than this long ago, in ms of the sandbox's clock; 0 ends it. */
  indexLagMs: z
    .int()
    .min(0)
    .max(24 * 3_600_000)
    .optional(),
  /** Undoes all of the above but the clock and the sessions that were ended. Applied before the other keys. */
  restore: z.literal(true).optional(),
});

export type FaultOrder = z.infer<typeof faultsSchema>;

/** The faults in force, as they are answered to whoever sets them. */
export type ActiveFaults = {
  signInDelayMs: number;
  slowMs: number;
  clockAheadMs: number;
  appSecretDeleted: boolean;
  revokedPats: string[];
  tokensOff: { everywhere: boolean; sites: string[]; users: string[] };
  mfa: boolean;
  throttle: z.infer<typeof throttleSchema> | null;
  fail: z.infer<typeof failSchema> | null;
  cut: z.infer<typeof cutSchema> | null;
  duplicateDeliveries: boolean;
  failRefreshes: boolean;
  indexLagMs: number;
};

export type Faults = ReturnType<typeof openFaults>;

/** `usual` is what a sandbox was started with, and what `restore` goes back to. */
export function openFaults(usual: { clockAheadMs: number; mfa: boolean; tokensOff: boolean }) {
  let active: ActiveFaults = none(usual);
  let limiter = openLimiter();
  let failing = openTurns();
  let cutting = openTurns();

  function apply(order: FaultOrder): ActiveFaults {
    const before = order.restore ? none({ ...usual, clockAheadMs: active.clockAheadMs }) : active;
    active = {
      signInDelayMs: order.signInDelayMs ?? before.signInDelayMs,
      slowMs: order.slowMs ?? before.slowMs,
      clockAheadMs: before.clockAheadMs + (order.advanceClockMs ?? 0),
      appSecretDeleted: before.appSecretDeleted || order.deleteAppSecret === true,
      revokedPats: withOne(before.revokedPats, order.revokePat),
      tokensOff: withTokensOff(before.tokensOff, order.tokensOff),
      mfa: order.mfa ?? before.mfa,
      throttle: order.throttle === undefined ? before.throttle : order.throttle,
      fail: order.fail === undefined ? before.fail : order.fail,
      cut: order.cut === undefined ? before.cut : order.cut,
      duplicateDeliveries: order.duplicateDeliveries ?? before.duplicateDeliveries,
      failRefreshes: order.failRefreshes ?? before.failRefreshes,
      indexLagMs: order.indexLagMs ?? before.indexLagMs,
    };
    if (order.throttle !== undefined || order.restore) limiter = openLimiter();
    if (order.fail !== undefined || order.restore) failing = openTurns();
    if (order.cut !== undefined || order.restore) cutting = openTurns();
    return active;
  }

  return {
    /** Applies an order. Killing sessions is not a state, and is up to the caller. */
    apply,
    active: (): ActiveFaults => active,
    isRevoked: (patName: string): boolean => active.revokedPats.includes(patName),
    /** Whether personal access tokens are off for a user on a site. */
    isTokenOff({ contentUrl }: Site, { name }: User): boolean {
      const { everywhere, sites, users } = active.tokensOff;
      return everywhere || sites.includes(contentUrl.toLowerCase()) || users.includes(name.toLowerCase());
    },
    /** Counts a call against the throttle: 0 when it may pass, else how many seconds are left to wait. */
    throttled(caller: string, now: number): number {
      const { throttle } = active;
      return throttle === null ? 0 : limiter.take(throttle.per === "all" ? "all" : caller, throttle, now);
    },
    /** The status that a call on this route is to fail with, if it is. Each time it is asked is a call. */
    failing(called: string): 500 | 502 | 503 | 504 | undefined {
      return active.fail !== null && failing.strikes(active.fail, called) ? active.fail.status : undefined;
    },
    /** After how many bytes an answer on this route is to break off, if it is. Each time it is asked is a call. */
    cuttingAfter(called: string): number | undefined {
      return active.cut !== null && cutting.strikes(active.cut, called) ? active.cut.afterBytes : undefined;
    },
  };
}

function none(usual: { clockAheadMs: number; mfa: boolean; tokensOff: boolean }): ActiveFaults {
  return {
    signInDelayMs: 0,
    slowMs: 0,
    clockAheadMs: usual.clockAheadMs,
    appSecretDeleted: false,
    revokedPats: [],
    tokensOff: { everywhere: usual.tokensOff, sites: [], users: [] },
    mfa: usual.mfa,
    throttle: null,
    fail: null,
    cut: null,
    duplicateDeliveries: false,
    failRefreshes: false,
    indexLagMs: 0,
  };
}

function withTokensOff(before: ActiveFaults["tokensOff"], order: FaultOrder["tokensOff"]): ActiveFaults["tokensOff"] {
  if (order === undefined) return before;
  if (order === true) return { ...before, everywhere: true };
  if ("site" in order) return { ...before, sites: withOne(before.sites, order.site.toLowerCase()) };
  return { ...before, users: withOne(before.users, order.user.toLowerCase()) };
}

/** At most a thousand, the newest. */
function withOne(before: string[], one: string | undefined): string[] {
  return one === undefined ? before : [...new Set([...before, one])].slice(-1000);
}
