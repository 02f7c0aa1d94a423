import type { DatePart } from "./table.ts";

/** Calendar arithmetic on dates as they are written: `2025-03-01`, or with a time `2025-03-01T09:30:00`. All is UTC. */

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export type Period = "YEARS" | "QUARTERS" | "MONTHS" | "WEEKS" | "DAYS" | "HOURS" | "MINUTES";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Dates read lately, for a column holds few of them many times. Emptied when there are this many. */
const mostRead = 10_000;

const readLately = new Map<string, number | undefined>();

/** In ms; undefined when it is no date. Any of RFC 3339's forms will do, and a space for the T. */
export function parseDate(written: string): number | undefined {
  if (readLately.has(written)) return readLately.get(written);
  const at = readDate(written);
  if (readLately.size >= mostRead) readLately.clear();
  if (written.length < 40) readLately.set(written, at);
  return at;
}

function readDate(written: string): number | undefined {
  const matched = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(written);
  if (matched === null) return undefined;
  const [, date = "", time = "00:00"] = matched;
  const at = Date.parse(`${date}T${time}Z`);
  // Some days roll over to the next month when parsed: 2025-02-30 is no date.
  return Number.isNaN(at) || isoDate(at) !== date ? undefined : at;
}

const firstDay = Date.parse("0000-01-01");
const lastDay = Date.parse("9999-12-31T23:59:59Z");

/** What is beyond the years 0 to 9999 cannot be written: it becomes the first day or the last. */
function writable(at: number): number {
  return Number.isNaN(at) ? lastDay : Math.min(lastDay, Math.max(firstDay, at));
}

export function isWritable(at: number): boolean {
  return at === writable(at);
}

export function isoDate(at: number): string {
  return new Date(writable(at)).toISOString().slice(0, 10);
}

export function isoDateTime(at: number): string {
  return new Date(writable(at)).toISOString().slice(0, 19);
}

/** Writes a moment as the given example is written: with a time or without. */
export function writeLike(example: string, at: number): string {
  return example.length > 10 ? isoDateTime(at) : isoDate(at);
}

/** A year, a quarter (1 to 4), a month, a week of the year (weeks begin on Sundays), a day of the month. */
export function partOfDate(part: Exclude<DatePart, `TRUNC_${string}`>, written: string): number {
  const month = Number(written.slice(5, 7));
  switch (part) {
    case "YEAR":
      return Number(written.slice(0, 4));
    case "QUARTER":
      return Math.ceil(month / 3);
    case "MONTH":
      return month;
    case "DAY":
      return Number(written.slice(8, 10));
    case "WEEK":
      return weekOf(Date.parse(written.slice(0, 10)));
  }
}

/** The first moment of the period that a moment is in. */
export function startOf(period: Period, at: number): number {
  const date = new Date(at);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (period) {
    case "YEARS":
      return Date.UTC(year, 0, 1);
    case "QUARTERS":
      return Date.UTC(year, month - (month % 3), 1);
    case "MONTHS":
      return Date.UTC(year, month, 1);
    case "WEEKS":
      return Math.floor(at / day) * day - date.getUTCDay() * day;
    case "DAYS":
      return Math.floor(at / day) * day;
    case "HOURS":
      return Math.floor(at / hour) * hour;
    case "MINUTES":
      return Math.floor(at / minute) * minute;
  }
}

/** Later by so many periods, or earlier. The 31st goes to the last day of a shorter month. */
export function add(period: Period, count: number, at: number): number {
  switch (period) {
    case "YEARS":
      return addMonths(12 * count, at);
    case "QUARTERS":
      return addMonths(3 * count, at);
    case "MONTHS":
      return addMonths(count, at);
    case "WEEKS":
      return at + 7 * day * count;
    case "DAYS":
      return at + day * count;
    case "HOURS":
      return at + hour * count;
    case "MINUTES":
      return at + minute * count;
  }
}

/** How many boundaries of a period lie between two moments: from December to January is one year. */
export function between(period: Period, from: number, to: number): number {
  const months = (at: number): number => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();
  switch (period) {
    case "YEARS":
      return new Date(to).getUTCFullYear() - new Date(from).getUTCFullYear();
    case "QUARTERS":
      return Math.floor(months(to) / 3) - Math.floor(months(from) / 3);
    case "MONTHS":
      return months(to) - months(from);
    case "WEEKS":
      return Math.round((startOf("WEEKS", to) - startOf("WEEKS", from)) / (7 * day));
    case "DAYS":
      return Math.round((startOf("DAYS", to) - startOf("DAYS", from)) / day);
    case "HOURS":
      return Math.round((startOf("HOURS", to) - startOf("HOURS", from)) / hour);
    case "MINUTES":
      return Math.round((startOf("MINUTES", to) - startOf("MINUTES", from)) / minute);
  }
}

function addMonths(count: number, at: number): number {
  const date = new Date(at);
  const month = date.getUTCMonth() + count;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const first = Date.UTC(date.getUTCFullYear(), month, 1);
  return first + (Math.min(date.getUTCDate(), last) - 1) * day + (at - startOf("DAYS", at));
}

/** The first week of a year is that of January 1st. */
function weekOf(at: number): number {
  const newYear = startOf("YEARS", at);
  return Math.floor((at - newYear + new Date(newYear).getUTCDay() * day) / (7 * day)) + 1;
}
