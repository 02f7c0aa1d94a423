import { contentUrlOf } from "../../site/content.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { kindOf, type ProjectItem } from "../permissions/content.ts";
import { may } from "../permissions/effective.ts";
import type { SessionCall } from "../route.ts";

/** Of what is published, in characters. inferred. */
export const longestName = 255;

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

/** Flows have a code of their own (Tableau REST reference, "Publish Flow", "Publish Workbook"). */
export function nameTaken(existing: ProjectItem): Refusal {
  const code = kindOf(existing) === "flow" ? "409041" : "403007";
  return refuse(code, `The name '${existing.name}' is taken in the project '${existing.project.name}'.`);
}

/**
 * What stands against publishing something where `existing` has its name. inferred: `overwrite=true` publishes
 * something new where there is nothing to overwrite, as public clients rely on.
 */
export function againstName(
  { session: { user } }: SessionCall,
  { overwrite, append }: { overwrite: boolean; append: boolean },
  existing: ProjectItem | undefined,
): Refusal | undefined {
  if (existing === undefined) return undefined;
  if (!overwrite && !append) return nameTaken(existing);
  return may(user, "Write", existing)
    ? undefined
    : refuse("403007", `${user.name} isn't authorized to overwrite '${existing.name}'.`);
}
