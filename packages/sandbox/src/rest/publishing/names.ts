import { contentUrlOf } from "../../site/content.ts";

/** Something that has a name in a project. */
type Named = { name: string; project: { id: string } };

/** What has this name in a project already; names are the same in any letter case. */
export function namedIn<Item extends Named>(
  items: ReadonlyMap<string, Item>,
  project: { id: string },
  name: string,
): Item | undefined {
  const lower = name.toLowerCase();
  return items.values().find((item) => item.project === project && item.name.toLowerCase() === lower);
}

/** A content URL that nothing else has: `SalesOverview`, then `SalesOverview_1`, … */
export function freeContentUrl(
  items: ReadonlyMap<string, { contentUrl: string }>,
  name: string,
  otherwise: string,
): string {
  const taken = new Set(items.values().map(({ contentUrl }) => contentUrl.toLowerCase()));
  const base = contentUrlOf(name) || otherwise;
  if (!taken.has(base.toLowerCase())) return base;
  for (let number = 1; ; number++) if (!taken.has(`${base}_${number}`.toLowerCase())) return `${base}_${number}`;
}

/** The number in a new item's address: above all others. */
export function nextNumber(items: ReadonlyMap<string, { number: number }>): number {
  return items.values().reduce((highest, { number }) => Math.max(highest, number), 1000) + 1;
}
