import { child, detail, type Resource, type Scene } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { type Element, record } from "../../wire/element.ts";
import { favoritesTotal } from "../favorites/favorites.ts";
import { controllingProject } from "../permissions/content.ts";
import { may } from "../permissions/effective.ts";
import { domainOf, userResource } from "../users/resource.ts";
import type { Project } from "./model.ts";
import { countContents } from "./tree.ts";

export const projectResource: Resource<Project> = {
  element: "project",
  plural: "projects",
  attributes: [
    { name: "id", type: "luid", from: (project) => project.id },
    { name: "name", type: "string", from: (project) => project.name, filter: equality, sort: true },
    { name: "description", type: "string", from: (project) => project.description },
    { name: "createdAt", type: "dateTime", from: (project) => project.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (project) => project.updatedAt, filter: ordered, sort: true },
    {
      name: "contentPermissions",
      type: "string",
      from: (project) => controllingProject(project).contentPermissions,
    },
    {
      name: "parentProjectId",
      type: "luid",
      from: (project) => project.parent?.id,
      filter: equality,
      sort: true,
    },
    {
      name: "controllingPermissionsProjectId",
      type: "luid",
      from(project) {
        const controlling = controllingProject(project);
        return controlling === project ? undefined : controlling.id;
      },
    },
    {
      name: "topLevelProject",
      type: "boolean",
      from: (project) => project.parent === undefined,
      show: "asked",
      filter: exactly,
      sort: true,
    },
    {
      name: "writeable",
      type: "boolean",
      from: (project, { user }) => user !== undefined && may(user, "Write", project),
      show: "asked",
    },
    {
      name: "favoritesTotal",
      type: "integer",
      from: (project, { site }) => favoritesTotal(site, project),
      show: "asked",
      filter: ordered,
      sort: true,
    },
    { name: "ownerName", type: "string", from: ({ owner }) => owner.fullName, show: "never", filter: equality },
    { name: "ownerEmail", type: "string", from: ({ owner }) => owner.email, show: "never", filter: equality },
    { name: "ownerDomain", type: "string", from: ({ owner }) => domainOf(owner), show: "never", filter: equality },
  ],
  children: [
    child(
      "owner",
      () => userResource,
      (project) => project.owner,
      { shown: ["id"] },
    ),
    detail("contentsCounts", contentsElement, "asked", [
      "projectCount",
      "workbookCount",
      "viewCount",
      "datasourceCount",
    ]),
  ],
};

/** Strings in JSON, as the schema's other unbounded integers. */
function contentsElement(project: Project, scene: Scene): Element {
  const counts = Object.entries(countContents(scene, project)).map(([name, count]) => [name, String(count)]);
  return record("contentsCounts", Object.fromEntries(counts));
}
