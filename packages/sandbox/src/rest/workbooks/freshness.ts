import * as z from "zod";
import { type Element, list, record } from "../../wire/element.ts";
import { attribute, element, flag, repeated } from "../../wire/request-schema.ts";
import type { Workbook } from "./model.ts";

/** When the data of a workbook with live connections is taken anew (Tableau help, "Set a data freshness policy"). */
export type FreshnessPolicy = z.output<typeof freshnessSchema>;

/** Whether a workbook's views are computed beforehand. */
export type Acceleration = { enabled: boolean; changedAt: number };

const intervalSchema = element({
  hours: attribute.optional(),
  minutes: attribute.optional(),
  monthDay: attribute.optional(),
  weekDay: attribute.optional(),
});

export const freshnessSchema = element({
  option: z.enum(["AlwaysLive", "FreshAt", "FreshEvery", "SiteDefault"]),
  freshEverySchedule: element({
    frequency: z.enum(["Days", "Hours", "Minutes", "Weeks"]),
    value: attribute.pipe(z.string().regex(/^\d{1,6}$/)),
  }).optional(),
  freshAtSchedule: element({
    frequency: z.enum(["Day", "Month", "Week"]),
    time: attribute.pipe(z.string().regex(/^\d\d:\d\d(:\d\d)?$/)),
    timezone: attribute.optional(),
    intervals: element({ interval: repeated(intervalSchema, 31) }).optional(),
  }).optional(),
});

export const accelerationSchema = element({ accelerationEnabled: flag.optional(), accelerateNow: flag.optional() });

/** Shown where it was set; else the site decides. */
export function freshnessElement({ freshness }: Workbook): Element | undefined {
  if (freshness === undefined) return undefined;
  const { option, freshEverySchedule: every, freshAtSchedule: at } = freshness;
  const children: Element[] = [];
  if (option === "FreshEvery" && every !== undefined) children.push(record("freshEverySchedule", every));
  if (option === "FreshAt" && at !== undefined) {
    const { frequency, time, timezone, intervals } = at;
    const each = (intervals?.interval ?? []).map((interval) => record("interval", interval));
    // The schema's time has seconds.
    const withSeconds = time.length === 5 ? `${time}:00` : time;
    children.push(
      record("freshAtSchedule", { frequency, time: withSeconds, timezone }, [list("intervals", "interval", each)]),
    );
  }
  return record("dataFreshnessPolicy", { option }, children);
}

export function accelerationElement({ acceleration }: Workbook): Element {
  const enabled = acceleration?.enabled ?? false;
  return record("dataAccelerationConfig", { accelerationEnabled: enabled });
}
