import { type Group, isMember } from "../groups/model.ts";
import type { User } from "../users/model.ts";

export type GroupSet = {
  id: string;
  name: string;
  groups: Set<Group>;
};

/** In a group set is who is in every group of it (Tableau help, "Use group sets"); nobody is in an empty one. */
export function isInSet(user: User, { groups }: GroupSet): boolean {
  return groups.size > 0 && groups.values().every((group) => isMember(user, group));
}
