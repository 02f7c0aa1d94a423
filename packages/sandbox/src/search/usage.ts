import { numberOf } from "../metadata/ids.ts";
import type { Site } from "../site/site.ts";

/** How often something was looked at, in each of the spans that Tableau counts. */
export type Usage = {
  total: number;
  lastTwoWeeks: number;
  lastOneMonth: number;
  lastThreeMonths: number;
  lastTwelveMonths: number;
};

/** What usage is counted of. */
export type Used = { kind: "workbook" | "view" | "datasource" | "flow" | "other"; id: string };

/**
 * Views count their calls. inferred: what is counted of everything else follows from it, or (for data sources and
 * flows) from a number that is always the same; and so does how much of it is recent.
 */
export function usageOf(site: Site, { kind, id }: Used): Usage {
  const number = numberOf(id);
  const total = totalOf(site, kind, id, number);
  const share = (most: number): number => Math.floor((total * (20 + (number % 80)) * most) / 10_000);
  return {
    total,
    lastTwoWeeks: share(5),
    lastOneMonth: share(10),
    lastThreeMonths: share(28),
    lastTwelveMonths: share(80),
  };
}

function totalOf(site: Site, kind: Used["kind"], id: string, number: number): number {
  switch (kind) {
    case "view":
      return site.views.get(id)?.totalViewCount ?? 0;
    case "workbook":
      return site.workbooks.get(id)?.views.reduce((sum, { totalViewCount }) => sum + totalViewCount, 0) ?? 0;
    case "datasource":
    case "flow":
      return number % 900;
    case "other":
      return 0;
  }
}
