import {
  add,
  between,
  isoDate,
  isoDateTime,
  isWritable,
  monthNames,
  type Period,
  parseDate,
  partOfDate,
  startOf,
  writeLike,
} from "../dates.ts";
import { fail } from "../problem.ts";
import type { Value } from "../table.ts";
import { number, scalar, text } from "./describe.ts";
import type { ScalarFunction } from "./functions.ts";

const part = (name: "YEAR" | "QUARTER" | "MONTH" | "WEEK" | "DAY"): ScalarFunction =>
  scalar(name, "DATETIME -> INTEGER", ([value]) => partOfDate(name, text(value)));

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Functions of dates (Tableau help, "Date Functions"). Weeks begin on Sundays, whatever a call says. inferred. */
export const dateFunctions: readonly ScalarFunction[] = [
  part("YEAR"),
  part("QUARTER"),
  part("MONTH"),
  part("WEEK"),
  part("DAY"),
  scalar("DATEPART", ["STRING, DATETIME -> INTEGER", "STRING, DATETIME, STRING -> INTEGER"], ([name, value]) =>
    datePart(text(name), value),
  ),
  scalar("DATENAME", ["STRING, DATETIME -> STRING", "STRING, DATETIME, STRING -> STRING"], ([name, value]) => {
    const found = datePart(text(name), value);
    const lower = text(name).toLowerCase();
    if (lower === "month") return monthNames[found - 1] ?? "";
    return lower === "weekday" ? (dayNames[found - 1] ?? "") : String(found);
  }),
  scalar(
    "DATETRUNC",
    [
      "STRING, DATE -> DATE",
      "STRING, DATETIME -> DATETIME",
      "STRING, DATE, STRING -> DATE",
      "STRING, DATETIME, STRING -> DATETIME",
    ],
    ([name, value]) => onDate(value, (at) => startOf(periodOf(text(name)), at)),
  ),
  scalar(
    "DATEADD",
    ["STRING, INTEGER, DATE -> DATE", "STRING, INTEGER, DATETIME -> DATETIME"],
    ([name, count, value]) => onDate(value, (at) => add(periodOf(text(name)), number(count), at)),
  ),
  scalar(
    "DATEDIFF",
    ["STRING, DATETIME, DATETIME -> INTEGER", "STRING, DATETIME, DATETIME, STRING -> INTEGER"],
    ([name, from, to]) => {
      const [start, end] = [parseDate(text(from)), parseDate(text(to))];
      return start === undefined || end === undefined ? null : between(periodOf(text(name)), start, end);
    },
  ),
  // The format is not needed to read what STR writes; other formats give null. inferred: what a mismatch gives.
  scalar("DATEPARSE", "STRING, STRING -> DATETIME", ([, value]) => {
    const at = parseDate(text(value).trim());
    return at === undefined ? null : isoDateTime(at);
  }),
  scalar("DATE", ["DATETIME -> DATE", "STRING -> DATE", "INTEGER -> DATE"], ([value]) => toDate(value, isoDate)),
  scalar("DATETIME", ["DATETIME -> DATETIME", "STRING -> DATETIME", "INTEGER -> DATETIME"], ([value]) =>
    toDate(value, isoDateTime),
  ),
  scalar("MAKEDATE", "INTEGER, INTEGER, INTEGER -> DATE", ([year, month, date]) =>
    written(Date.UTC(number(year), number(month) - 1, number(date)), isoDate),
  ),
  scalar("ISDATE", "STRING -> BOOLEAN", ([value]) => parseDate(text(value)) !== undefined),
  scalar("TODAY", "-> DATE", (_, now) => isoDate(now)),
  scalar("NOW", "-> DATETIME", (_, now) => isoDateTime(now)),
];

const periods: ReadonlyMap<string, Period> = new Map([
  ["year", "YEARS"],
  ["quarter", "QUARTERS"],
  ["month", "MONTHS"],
  ["week", "WEEKS"],
  ["day", "DAYS"],
  ["hour", "HOURS"],
  ["minute", "MINUTES"],
]);

function periodOf(name: string): Period {
  return periods.get(name.toLowerCase()) ?? fail("formula", `'${name}' is not a valid date part.`);
}

function datePart(name: string, value: Value | undefined): number {
  const at = parseDate(text(value)) ?? 0;
  const date = new Date(at);
  switch (name.toLowerCase()) {
    case "year":
      return date.getUTCFullYear();
    case "quarter":
      return partOfDate("QUARTER", text(value));
    case "month":
      return date.getUTCMonth() + 1;
    case "week":
      return partOfDate("WEEK", text(value));
    case "day":
      return date.getUTCDate();
    case "weekday":
      return date.getUTCDay() + 1;
    case "dayofyear":
      return between("DAYS", startOf("YEARS", at), at) + 1;
    case "hour":
      return date.getUTCHours();
    case "minute":
      return date.getUTCMinutes();
    case "second":
      return date.getUTCSeconds();
    default:
      return fail("formula", `'${name}' is not a valid date part.`);
  }
}

function onDate(value: Value | undefined, change: (at: number) => number): string | null {
  const at = parseDate(text(value));
  return at === undefined ? null : written(change(at), (moment) => writeLike(text(value), moment));
}

/** Null for what is beyond the years 0 to 9999. */
function written(at: number, write: (at: number) => string): string | null {
  return isWritable(at) ? write(at) : null;
}

/** A number counts days from 1900-01-01, as in Tableau. */
function toDate(value: Value | undefined, write: (at: number) => string): string | null {
  const at = typeof value === "number" ? Date.UTC(1900, 0, 1) + value * 86_400_000 : parseDate(text(value).trim());
  return at === undefined ? null : written(at, write);
}
