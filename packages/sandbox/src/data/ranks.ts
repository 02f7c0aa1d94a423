import { compare } from "./aggregation.ts";
import type { Value } from "./table.ts";

/** How equal values are ranked (Tableau help, "Rank calculation"). */
export type RankType = "COMPETITION" | "MODIFIED COMPETITION" | "DENSE" | "UNIQUE" | "PERCENTILE";

/** The rank of each value among all; a null has none. The first in the direction's order is 1. */
export function ranksOf(values: readonly Value[], rankType: RankType, direction: "ASC" | "DESC"): (number | null)[] {
  const sign = direction === "ASC" ? 1 : -1;
  const order = values
    .flatMap((value, index) => (value === null ? [] : [{ value, index }]))
    .toSorted((one, other) => sign * compare(one.value, other.value));
  const ranks: (number | null)[] = values.map(() => null);
  let dense = 0;
  for (let first = 0; first < order.length; ) {
    let next = first + 1;
    while (order[next]?.value === order[first]?.value && next < order.length) next++;
    dense++;
    for (let at = first; at < next; at++) {
      const index = order[at]?.index;
      if (index !== undefined) ranks[index] = rankAt({ first, next, at, dense, count: order.length }, rankType);
    }
    first = next;
  }
  return ranks;
}

/** `first` to `next` (exclusive) are the places of equal values, `at` is one of them. */
type Place = { first: number; next: number; at: number; dense: number; count: number };

function rankAt({ first, next, at, dense, count }: Place, rankType: RankType): number {
  switch (rankType) {
    case "COMPETITION":
      return first + 1;
    case "MODIFIED COMPETITION":
      return next;
    case "DENSE":
      return dense;
    case "UNIQUE":
      return at + 1;
    case "PERCENTILE":
      return count === 1 ? 1 : (next - 1) / (count - 1);
  }
}
