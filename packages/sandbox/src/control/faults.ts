import type { User } from "../rest/users/model.ts";
import type { Site } from "../site/site.ts";
import { openLimiter, openTurns } from "./counters.ts";
import type { Cut, Fail, FaultOrder, Throttle } from "./fault-order.ts";

/** The faults in force, as they are answered to whoever sets them. */
export type ActiveFaults = {
  signInDelayMs: number;
  slowMs: number;
  clockAheadMs: number;
  appSecretDeleted: boolean;
  revokedPats: string[];
  tokensOff: { everywhere: boolean; sites: string[]; users: string[] };
  mfa: boolean;
  throttle: Required<Throttle> | null;
  fail: Fail | null;
  cut: Cut | null;
  duplicateDeliveries: boolean;
  failRefreshes: boolean;
  indexLagMs: number;
  vizqlDataService: "off" | "timeout" | null;
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
      throttle: order.throttle === undefined ? before.throttle : withItsCount(order.throttle),
      fail: order.fail === undefined ? before.fail : order.fail,
      cut: order.cut === undefined ? before.cut : order.cut,
      duplicateDeliveries: order.duplicateDeliveries ?? before.duplicateDeliveries,
      failRefreshes: order.failRefreshes ?? before.failRefreshes,
      indexLagMs: order.indexLagMs ?? before.indexLagMs,
      vizqlDataService: order.vizqlDataService === undefined ? before.vizqlDataService : order.vizqlDataService,
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
    vizqlDataService: null,
  };
}

function withItsCount(throttle: Throttle | null): Required<Throttle> | null {
  return throttle === null ? null : { per: "session", ...throttle };
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
