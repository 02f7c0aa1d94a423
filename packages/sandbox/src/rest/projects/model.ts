import type { User } from "../users/model.ts";

export type Project = {
  id: string;
  name: string;
  description: string;
  parent: Project | undefined;
  owner: User;
  contentPermissions: "LockedToProject" | "LockedToProjectWithoutNested" | "ManagedByOwner";
  createdAt: number;
  updatedAt: number;
};
