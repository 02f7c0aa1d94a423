import { day, hour, minute } from "../../site/generation.ts";

export const weekDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

export type WeekDay = (typeof weekDays)[number];

/** One `<interval>`: a step, a day of the week, a day of the month, or (both together) "the first Monday". */
export type Interval = {
  hours?: number;
  minutes?: number;
  weekDay?: WeekDay;
  /** `1` to `31`, `LastDay`, or with a weekDay `First` to `Fifth` or `Last`. */
  monthDay?: string;
};

/** How often, in the terms of Tableau's schema: `frequency` and `frequencyDetails`. Times are in UTC. */
export type Recurrence = {
  frequency: "Hourly" | "Daily" | "Weekly" | "Monthly";
  /** `HH:MM:SS`. */
  start: string;
  end: string | undefined;
  intervals: readonly Interval[];
};

/** Which Monday of a month is its "Second". */
export const ordinals = ["First", "Second", "Third", "Fourth", "Fifth"] as const;

/** Days that are looked at: in a year there is every day that a month may have. */
const mostDays = 366;

/** The first time after `now` that a recurrence means, in ms; nothing for one that never comes (a 31st of February). */
export function nextRun(recurrence: Recurrence, now: number): number | undefined {
  const today = Math.floor(now / day) * day;
  const start = timeOfDay(recurrence.start);
  const { step, length } = windowOf(recurrence);
  // A window that began yesterday may still be open.
  for (let index = -1; index <= mostDays; index++) {
    const date = today + index * day;
    if (!isOn(recurrence, new Date(date))) continue;
    const first = date + start;
    if (now < first) return first;
    const next = first + (Math.floor((now - first) / step) + 1) * step;
    if (next <= first + length) return next;
  }
  return undefined;
}

/** `HH:MM:SS` as ms since midnight. */
export function timeOfDay(written: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = written.split(":").map(Number);
  return hours * hour + minutes * minute + seconds * 1000;
}

/** How often and how long it is done on one day: once, or by the step until the end. */
function windowOf({ frequency, start, end, intervals }: Recurrence): { step: number; length: number } {
  const step = stepOf(intervals);
  if (step === undefined || (frequency !== "Hourly" && frequency !== "Daily")) return { step: day, length: 0 };
  const until = end === undefined ? timeOfDay(start) : timeOfDay(end);
  const length = (until - timeOfDay(start) + day) % day;
  // The same start and end mean around the clock, and the last run is not the next day's first.
  return { step, length: length === 0 ? day - step : length };
}

function stepOf(intervals: readonly Interval[]): number | undefined {
  for (const { hours, minutes } of intervals) {
    if (hours !== undefined) return hours * hour;
    if (minutes !== undefined) return minutes * minute;
  }
  return undefined;
}

function isOn({ frequency, intervals }: Recurrence, date: Date): boolean {
  if (frequency === "Monthly") return intervals.some((interval) => isInMonth(interval, date));
  const named = intervals.filter(({ weekDay }) => weekDay !== undefined);
  return named.length === 0 || named.some(({ weekDay }) => weekDay === weekDays[date.getUTCDay()]);
}

function isInMonth({ monthDay, weekDay }: Interval, date: Date): boolean {
  const dayOfMonth = date.getUTCDate();
  const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  if (weekDay === undefined)
    return monthDay === "LastDay" ? dayOfMonth === lastOfMonth : Number(monthDay) === dayOfMonth;
  if (weekDay !== weekDays[date.getUTCDay()]) return false;
  if (monthDay === "Last" || monthDay === "LastDay") return dayOfMonth + 7 > lastOfMonth;
  return ordinals[Math.floor((dayOfMonth - 1) / 7)] === monthDay;
}
