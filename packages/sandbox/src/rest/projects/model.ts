import type { DefaultKind, Rules } from "../permissions/model.ts";
import type { User } from "../users/model.ts";

export type Project = {
  id: string;
  name: string;
  description: string;
  parent: Project | undefined;
  owner: User;
  contentPermissions: "LockedToProject" | "LockedToProjectWithoutNested" | "ManagedByOwner";
  permissions: Rules;
  /** What new things in it get, by kind; and all things in it, where the permissions are locked. */
  defaultPermissions: Readonly<Record<DefaultKind, Rules>>;
  createdAt: number;
  updatedAt: number;
};
