import * as z from "zod";

const tenMinutes = 600_000;
const thirtyDays = 30 * 24 * 3_600_000;

/** The body of `POST /__sandbox/faults`: one or several of these. Keys it does not know are refused. */
export const faultsSchema = z.strictObject({
  /** Ends every session: their tokens are answered 401002. */
  killSessions: z.literal(true).optional(),
  /** Every sign-in takes this much longer, in ms; 0 ends it. */
  signInDelayMs: z.int().min(0).max(tenMinutes).optional(),
  /** Every API answer takes this much longer, in ms; 0 ends it. */
  slowMs: z.int().min(0).max(tenMinutes).optional(),
  /** Moves the sandbox's clock ahead, in ms: sessions go idle, jobs go on. There is no way back. */
  advanceClockMs: z.int().min(0).max(thirtyDays).optional(),
  /** The connected app's secret is no longer known: signing in by JWT fails. */
  deleteAppSecret: z.literal(true).optional(),
  /** The personal access token of this name is revoked and its session ended. */
  revokePat: z.string().min(1).max(200).optional(),
  /** Undoes delays, the deleted secret and revoked tokens. Applied before the other keys. */
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
};

export type Faults = ReturnType<typeof openFaults>;

export function openFaults() {
  let active: ActiveFaults = none(0);
  return {
    /** Applies an order. Killing sessions is not a state, and is up to the caller. */
    apply(order: FaultOrder): ActiveFaults {
      if (order.restore) active = none(active.clockAheadMs);
      active = {
        signInDelayMs: order.signInDelayMs ?? active.signInDelayMs,
        slowMs: order.slowMs ?? active.slowMs,
        clockAheadMs: active.clockAheadMs + (order.advanceClockMs ?? 0),
        appSecretDeleted: active.appSecretDeleted || order.deleteAppSecret === true,
        revokedPats: [...new Set([...active.revokedPats, ...(order.revokePat === undefined ? [] : [order.revokePat])])],
      };
      return active;
    },
    active: (): ActiveFaults => active,
    isRevoked: (patName: string): boolean => active.revokedPats.includes(patName),
    isAppSecretDeleted: (): boolean => active.appSecretDeleted,
  };
}

function none(clockAheadMs: number): ActiveFaults {
  return { signInDelayMs: 0, slowMs: 0, clockAheadMs, appSecretDeleted: false, revokedPats: [] };
}
