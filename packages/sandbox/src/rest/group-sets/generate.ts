import type { Generation } from "../../site/generation.ts";
import { luidOf } from "../../site/random.ts";
import { groupNamed } from "../groups/generate.ts";

/** Acme's group sets: those who are in all of the groups. */
const groupSetNames: readonly (readonly [name: string, ...groups: string[]])[] = [
  ["Canadian sales managers", "Canada", "Sales managers"],
  ["Contractors in marketing", "Contractors", "Marketing"],
  ["Creators on mobile", "Content creators", "Mobile users"],
];

export function generateGroupSets({ site }: Generation): void {
  for (const [name, ...groups] of groupSetNames) {
    const id = luidOf(site.contentUrl, "groupSet", name);
    site.groupSets.set(id, { id, name, groups: new Set(groups.map((group) => groupNamed(site, group))) });
  }
}
