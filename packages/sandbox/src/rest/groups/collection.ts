import type { Site } from "../../site/site.ts";
import type { Collection } from "../reading.ts";
import type { Group } from "./model.ts";
import { groupResource } from "./resource.ts";

export const groups: Collection<Group> = {
  path: "groups",
  listed: groupResource,
  items: (site) => site.groups,
  scope: "tableau:groups:read",
  role: "anyone",
  notFound: "404012",
};

/** Names are the same in any letter case (Tableau REST reference, "Create Group"). */
export function isGroupNameTaken(site: Site, name: string, except?: Group): boolean {
  const wanted = name.toLowerCase();
  return site.groups.values().some((one) => one !== except && one.name.toLowerCase() === wanted);
}
