import * as z from "zod";
import type { FaultOrder } from "./fault-order.ts";

const milliseconds = (most: number) => z.int().min(0).max(most).optional();
const many = z.int().min(1).max(1_000_000).optional();
const name = z.string().min(1).max(200);
const often = { next: many, every: many, route: name.optional() };

const minute = 60_000;
const day = 24 * 60 * minute;

/** Reads an order. Its type is written out beside it, so that the package's types need no other package's. */
export const faultsSchema: z.ZodType<FaultOrder> = z.strictObject({
  killSessions: z.literal(true).optional(),
  signInDelayMs: milliseconds(10 * minute),
  slowMs: milliseconds(10 * minute),
  advanceClockMs: milliseconds(2 * 366 * day),
  deleteAppSecret: z.literal(true).optional(),
  revokePat: name.optional(),
  tokensOff: z
    .union([z.literal(true), z.strictObject({ site: z.string().max(200) }), z.strictObject({ user: name })])
    .optional(),
  mfa: z.boolean().optional(),
  throttle: z
    .strictObject({
      calls: z.int().min(0).max(1_000_000),
      windowSeconds: z.int().min(1).max(86_400),
      per: z.enum(["session", "all"]).optional(),
    })
    .nullable()
    .optional(),
  fail: z
    .strictObject({ status: z.literal([500, 502, 503, 504]), ...often })
    .nullable()
    .optional(),
  cut: z
    .strictObject({ afterBytes: z.int().min(0).max(1_000_000_000), ...often })
    .nullable()
    .optional(),
  duplicateDeliveries: z.boolean().optional(),
  indexLagMs: milliseconds(day),
  failRefreshes: z.boolean().optional(),
  vizqlDataService: z.literal(["off", "timeout"]).nullable().optional(),
  restore: z.literal(true).optional(),
});
