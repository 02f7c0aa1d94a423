import { randomUUID } from "node:crypto";
import * as z from "zod";
import { isSiteAdministrator } from "../../auth/roles.ts";
import { alone, draw } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { readerOf } from "../permissions/effective.ts";
import { type Collection, find, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { Project } from "./model.ts";
import { projectResource } from "./resource.ts";
import { defaultProject } from "./tree.ts";

const projects: Collection<Project> = {
  path: "projects",
  listed: projectResource,
  items: (site) => site.projects,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404005",
  visibleTo: readerOf,
};

const createSchema = element({
  project: element({
    name: attribute.optional(),
    description: attribute.optional(),
    parentProjectId: attribute.optional(),
    contentPermissions: z.enum(["LockedToProject", "LockedToProjectWithoutNested", "ManagedByOwner"]).optional(),
  }),
});

/** Tableau has no `GET projects/{id}`: one project is a list with a filter. */
export const projectRoutes: readonly Route[] = [
  listRoute(projects),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/projects",
    body: "tsRequest",
    jwt: "tableau:projects:create",
    role: "explorer",
    handle: createProject,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/projects/{id}",
    body: "none",
    jwt: "tableau:projects:delete",
    role: "explorer",
    handle: deleteProject,
  },
];

function createProject(call: SessionCall): Reply | Refusal {
  const { session, content, scene } = call;
  const { site, user } = session;
  const request = read(createSchema, content);
  if (isRefusal(request)) return request;
  const { name, description = "", parentProjectId, contentPermissions = "ManagedByOwner" } = request.project;
  if (name === undefined || name.trim() === "") return refuse("400003", "A project must have a name.");
  const parent = site.projects.get(parentProjectId?.toLowerCase() ?? "");
  if (parentProjectId && parent === undefined) return refuse("404005", `There is no project '${parentProjectId}'.`);
  // Top-level projects are made by administrators, nested ones also by the parent's leader (here: its owner).
  if (!isSiteAdministrator(user) && parent?.owner !== user) {
    return refuse("403004", "Creating a project here needs a site administrator or the parent project's leader.");
  }
  // inferred: the same name may be used again under another parent.
  const taken = site.projects.values().some((other) => other.name === name && other.parent === parent);
  if (taken) return refuse("409006", `There is already a project named '${name}' here.`);
  const times = { createdAt: scene.now, updatedAt: scene.now };
  // A new project has the rules of the one it is in, or else of the default project (Tableau help, "Use projects").
  const { permissions, defaultPermissions } = parent ?? defaultProject(site);
  const rules = { contentPermissions, permissions, defaultPermissions };
  const project: Project = { id: randomUUID(), name, description, parent, owner: user, ...rules, ...times };
  site.projects.set(project.id, project);
  return created(
    draw(projectResource, project, scene, alone),
    `/api/${restApiVersion}/sites/${site.id}/projects/${project.id}`,
  );
}

function deleteProject(call: SessionCall): Reply | Refusal {
  const project = find(projects, call);
  if (isRefusal(project)) return project;
  const { user, site } = call.session;
  if (!isSiteAdministrator(user) && project.owner !== user) {
    return refuse("403004", "Deleting a project needs a site administrator or its leader.");
  }
  if (project.name === "Default" && project.parent === undefined) {
    return refuse("403004", "The default project can't be deleted."); // inferred: which 403
  }
  removeWithContent(site, project);
  return done;
}

/** A project takes with it what is in it, at any depth. */
function removeWithContent(site: Site, project: Project): void {
  for (const nested of site.projects.values()) if (nested.parent === project) removeWithContent(site, nested);
  for (const workbook of site.workbooks.values()) {
    if (workbook.project !== project) continue;
    for (const view of workbook.views) site.views.delete(view.id);
    site.workbooks.delete(workbook.id);
  }
  for (const datasource of site.datasources.values()) {
    if (datasource.project === project) site.datasources.delete(datasource.id);
  }
  site.projects.delete(project.id);
}
