import { add, isoDate, type Period, startOf } from "../data/dates.ts";
import type { Comparison, Granularity, Range } from "./checks.ts";

/** Days, both included, as `2025-03-01`. */
export type Span = { from: string; to: string };

const day = 24 * 3_600_000;

export const periodOf: Readonly<Record<Granularity, Period>> = {
  GRANULARITY_BY_DAY: "DAYS",
  GRANULARITY_BY_WEEK: "WEEKS",
  GRANULARITY_BY_MONTH: "MONTHS",
  GRANULARITY_BY_QUARTER: "QUARTERS",
  GRANULARITY_BY_YEAR: "YEARS",
};

/**
 * The days that a metric looks at: the current period up to today, or the last whole one; and those that it compares
 * them with. A part of a period is compared with as many days of the other (Tableau help, "Create metrics").
 */
export function spansOf(
  granularity: Granularity,
  range: Range,
  comparison: Comparison,
  today: number,
): { target: Span; compared: Span | undefined } {
  const period = periodOf[granularity];
  const current = startOf(period, today);
  const isPartial = range === "RANGE_CURRENT_PARTIAL";
  const from = isPartial ? current : add(period, -1, current);
  const to = isPartial ? startOf("DAYS", today) : current - day;
  const target = span(from, to);
  if (comparison === "TIME_COMPARISON_NONE") return { target, compared: undefined };
  const earlier = (at: number): number =>
    comparison === "TIME_COMPARISON_PREVIOUS_PERIOD" ? add(period, -1, at) : yearBefore(period, at);
  const start = earlier(from);
  const end = add(period, 1, start) - day;
  const compared = isPartial ? span(start, Math.min(end, start + (to - from))) : span(start, end);
  return { target, compared };
}

/** The same weekdays where weeks are counted, the same dates elsewhere. */
function yearBefore(period: Period, at: number): number {
  return period === "WEEKS" ? add("WEEKS", -52, at) : add("YEARS", -1, at);
}

function span(from: number, to: number): Span {
  return { from: isoDate(from), to: isoDate(to) };
}

/** Today in a time zone, as midnight UTC of its date; undefined when there is no such zone. */
export function todayIn(timeZone: string, now: number): number | undefined {
  try {
    // The Canadian way to write a date is ISO's.
    return Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(now));
  } catch {
    return undefined; // not a time zone
  }
}

/** `Nov 1 – 25, 2026`, `Nov 1 – Dec 3, 2026`, `Nov 25, 2026`. */
export function writeSpan({ from, to }: Span): string {
  const [start, end] = [partsOf(from), partsOf(to)];
  if (from === to) return `${end.month} ${end.day}, ${end.year}`;
  if (start.year !== end.year)
    return `${start.month} ${start.day}, ${start.year} – ${end.month} ${end.day}, ${end.year}`;
  const last = start.month === end.month ? end.day : `${end.month} ${end.day}`;
  return `${start.month} ${start.day} – ${last}, ${end.year}`;
}

/** What people call the period that a day is in: `November 2026`, `2026 Q4`, `Week of Nov 22, 2026`. */
export function writePeriod(granularity: Granularity, date: string): string {
  const { month, day: ofMonth, year } = partsOf(date);
  switch (granularity) {
    case "GRANULARITY_BY_DAY":
      return `${month} ${ofMonth}, ${year}`;
    case "GRANULARITY_BY_WEEK":
      return `Week of ${month} ${ofMonth}, ${year}`;
    case "GRANULARITY_BY_MONTH":
      return `${month} ${year}`;
    case "GRANULARITY_BY_QUARTER":
      return `${year} Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
    case "GRANULARITY_BY_YEAR":
      return year;
  }
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function partsOf(date: string): { year: string; month: string; day: string } {
  const month = monthNames[Number(date.slice(5, 7)) - 1] ?? "";
  return { year: date.slice(0, 4), month, day: String(Number(date.slice(8, 10))) };
}
