import type { DefaultKind, Rules } from "../permissions/model.ts";
import type { User } from "../users/model.ts";

/** Who decides on permissions in a project: itself, itself also for what is nested in it, or each item's owner. */
export const contentPermissions = ["LockedToProject", "LockedToProjectWithoutNested", "ManagedByOwner"] as const;

export type Project = {
  id: string;
  name: string;
  description: string;
  parent: Project | undefined;
  owner: User;
  contentPermissions: (typeof contentPermissions)[number];
  permissions: Rules;
  /** What new things in it get, by kind; and all things in it, where the permissions are locked. */
  defaultPermissions: Readonly<Record<DefaultKind, Rules>>;
  createdAt: number;
  updatedAt: number;
};
