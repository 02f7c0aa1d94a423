import { add, isoDateTime, parseDate, startOf } from "./dates.ts";
import { fail } from "./problem.ts";
import type { FilterOf } from "./query-types.ts";

/** Dates and times from one to another, the first included and the last not. */
export type DateRange = { from: string; to: string };

/** What a relative date filter leaves (Tableau help, "Filter Data by Relative Date"). */
export function relativeRange(filter: Omit<FilterOf<"DATE">, "field" | "filterType">, now: number): DateRange {
  const { periodType, dateRangeType, rangeN, anchorDate } = filter;
  const anchor = anchorDate === undefined ? now : parseDate(anchorDate);
  if (anchor === undefined) return fail("rule", `'${anchorDate}' is not an RFC 3339 date.`);
  const current = startOf(periodType, anchor);
  const range = (from: number, to: number): DateRange => ({ from: isoDateTime(from), to: isoDateTime(to) });
  switch (dateRangeType) {
    case "CURRENT":
      return range(current, add(periodType, 1, current));
    case "LAST":
      return range(add(periodType, -1, current), current);
    case "NEXT":
      return range(add(periodType, 1, current), add(periodType, 2, current));
    // The current period is among the last ones and among the next ones.
    case "LASTN":
      return range(add(periodType, 1 - count(rangeN), current), add(periodType, 1, current));
    case "NEXTN":
      return range(current, add(periodType, count(rangeN), current));
    // The anchor's own day is included.
    case "TODATE":
      return range(current, add("DAYS", 1, startOf("DAYS", anchor)));
  }
}

function count(rangeN: number | undefined): number {
  if (rangeN === undefined || rangeN < 1) return fail("rule", "LASTN and NEXTN need a rangeN of at least 1.");
  return rangeN;
}
