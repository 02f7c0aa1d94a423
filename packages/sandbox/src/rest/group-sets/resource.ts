import { detail, draw, type Resource, type Scene } from "../../query/description.ts";
import { equality, ordered } from "../../query/operators.ts";
import { type Element, repeated } from "../../wire/element.ts";
import { groupResource } from "../groups/resource.ts";
import type { GroupSet } from "./model.ts";

/** What of each group a group set shows. */
const shownOfGroups = { defaults: "none", names: new Set(["id", "name"]) } as const;

export const groupSetResource: Resource<GroupSet> = {
  element: "groupSet",
  plural: "groupSets",
  attributes: [
    { name: "id", type: "luid", from: (groupSet) => groupSet.id },
    { name: "name", type: "string", from: (groupSet) => groupSet.name, filter: ["eq", "in", "cieq"], sort: true },
    { name: "groupCount", type: "integer", from: ({ groups }) => groups.size, filter: ordered, sort: true },
    { name: "luid", type: "luid", from: (groupSet) => groupSet.id, show: "never", filter: equality },
  ],
  children: [detail("group", groupElements)],
};

function groupElements({ groups }: GroupSet, scene: Scene): Element {
  const drawn = Array.from(groups, (group) => draw(groupResource, group, scene, shownOfGroups));
  return repeated("group", drawn);
}
