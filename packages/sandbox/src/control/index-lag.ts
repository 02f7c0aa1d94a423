import type { World } from "../world.ts";

/** Those of some items that lists and search know by now: Tableau's index lags behind what is created. */
export function indexed<Item extends object>({ faults, clock }: World, items: Iterable<Item>): Iterable<Item> {
  const { indexLagMs } = faults.active();
  if (indexLagMs === 0) return items;
  const newest = clock() - indexLagMs;
  return Iterator.from(items).filter((item) => !("createdAt" in item) || Number(item.createdAt) <= newest);
}
