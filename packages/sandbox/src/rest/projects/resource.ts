import { child, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { userResource } from "../users/resource.ts";
import type { Project } from "./model.ts";

export const projectResource: Resource<Project> = {
  element: "project",
  plural: "projects",
  attributes: [
    { name: "id", type: "luid", from: (project) => project.id },
    { name: "name", type: "string", from: (project) => project.name, filter: equality, sort: true },
    { name: "description", type: "string", from: (project) => project.description },
    { name: "createdAt", type: "dateTime", from: (project) => project.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (project) => project.updatedAt, filter: ordered, sort: true },
    { name: "contentPermissions", type: "string", from: (project) => project.contentPermissions },
    { name: "parentProjectId", type: "luid", from: (project) => project.parent?.id, filter: equality },
    {
      name: "topLevelProject",
      type: "boolean",
      from: (project) => project.parent === undefined,
      show: "asked",
      filter: exactly,
    },
    { name: "ownerName", type: "string", from: (project) => project.owner.fullName, show: "never", filter: equality },
  ],
  children: [
    child(
      "owner",
      () => userResource,
      (project) => project.owner,
      { shown: ["id"] },
    ),
  ],
};
