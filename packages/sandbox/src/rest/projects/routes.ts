import { randomUUID } from "node:crypto";
import type * as z from "zod";
import { isSiteAdministrator } from "../../auth/roles.ts";
import { alone, draw } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { controllingProject } from "../permissions/content.ts";
import { leads, readerOf } from "../permissions/effective.ts";
import { defaultPermissionRoutes, permissionRoutes } from "../permissions/routes.ts";
import { type Collection, find, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { User } from "../users/model.ts";
import { setContentPermissions } from "./content-permissions.ts";
import { contentPermissions, type Project } from "./model.ts";
import { removeProject } from "./removal.ts";
import { projectResource } from "./resource.ts";
import {
  deepestNesting,
  defaultProject,
  isDefaultProject,
  isNameTaken,
  isWithin,
  liesTooDeep,
  subtree,
} from "./tree.ts";

export const projects: Collection<Project> = {
  path: "projects",
  listed: projectResource,
  items: (site) => site.projects,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404005",
  visibleTo: readerOf,
};

/** On a site. */
const mostProjects = 20_000;

const requestSchema = element({
  project: element({
    id: attribute.optional(),
    name: attribute.optional(),
    description: attribute.optional(),
    parentProjectId: attribute.optional(),
    contentPermissions: attribute.optional(),
    owner: element({ id: attribute.optional() }).optional(),
  }),
});

type Written = z.output<typeof requestSchema>["project"];

/** Tableau has no `GET projects/{id}`: one project is a list with a filter. */
export const projectRoutes: readonly Route[] = [
  listRoute(projects),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/projects",
    body: "tsRequest",
    jwt: "tableau:projects:create",
    role: "anyone",
    handle: createProject,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/projects/{id}",
    body: "tsRequest",
    jwt: "tableau:projects:update",
    role: "anyone",
    handle: updateProject,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/projects/{id}",
    body: "none",
    jwt: "tableau:projects:delete",
    role: "anyone",
    handle: deleteProject,
  },
  ...permissionRoutes(projects),
  ...defaultPermissionRoutes(projects),
];

/** `publishSamples` is taken and does nothing: there are no samples to publish. */
function createProject({ session: { site, user }, content, scene }: SessionCall): Reply | Refusal {
  const request = read(requestSchema, content);
  if (isRefusal(request)) return request;
  const { name = "", description = "", parentProjectId = "", contentPermissions: written } = request.project;
  if (name.trim() === "") return refuse("400003", "A project must have a name.");
  const mode = readMode(written ?? "ManagedByOwner");
  if (isRefusal(mode)) return mode;
  const parent = readParent(site, parentProjectId);
  if (isRefusal(parent)) return parent;
  // Top-level projects are made by administrators, nested ones also by those who lead the parent.
  if (!mayManage(user, parent)) {
    // The code is that of Tableau's own migration SDK.
    return refuse("403045", "Creating a project here needs a site administrator or the parent project's leader.");
  }
  if (isNameTaken(site, name, parent)) return nameTaken(name);
  if (liesTooDeep(site, parent)) return tooDeep();
  if (site.projects.size >= mostProjects) return refuse("400003", `A site has at most ${mostProjects} projects here.`);
  // A new project has the rules of the one it is in, or else of the default project (Tableau help, "Use projects").
  const { permissions, defaultPermissions } = parent ?? defaultProject(site);
  const project: Project = {
    id: randomUUID(),
    name,
    description,
    parent,
    owner: user,
    contentPermissions: mode,
    permissions,
    defaultPermissions,
    createdAt: scene.now,
    updatedAt: scene.now,
  };
  site.projects.set(project.id, project);
  return created(
    draw(projectResource, project, scene, alone),
    `/api/${restApiVersion}/sites/${site.id}/projects/${project.id}`,
  );
}

function updateProject(call: SessionCall): Reply | Refusal {
  const project = find(projects, call);
  if (isRefusal(project)) return project;
  const { site, user } = call.session;
  const request = read(requestSchema, call.content);
  if (isRefusal(request)) return request;
  const change = readChange(site, project, request.project);
  if (isRefusal(change)) return change;
  if (!mayManage(user, project) || (change.parent !== project.parent && !mayManage(user, change.parent))) {
    return refuse("403004", `${user.name} may not make this change to '${project.name}'.`);
  }
  if (change.parent !== project.parent) keepProjectRules(site, project);
  const { contentPermissions: mode, ...facts } = change;
  Object.assign(project, facts, { updatedAt: call.scene.now });
  setContentPermissions(site, project, mode);
  return answer(draw(projectResource, project, call.scene, alone));
}

type Change = Pick<Project, "name" | "description" | "parent" | "owner" | "contentPermissions">;

/** What a project is to become; what is not written stays. */
function readChange(site: Site, project: Project, written: Written): Change | Refusal {
  if (written.id !== undefined && written.id.toLowerCase() !== project.id) {
    return refuse("404009", `The request names the project '${written.id}', the path '${project.id}'.`);
  }
  const { name = project.name, description = project.description, parentProjectId } = written;
  if (name.trim() === "") return refuse("400003", "A project must have a name.");
  const parent = parentProjectId === undefined ? project.parent : readParent(site, parentProjectId);
  if (isRefusal(parent)) return parent;
  // The code is that of renaming it. inferred: that it stays where it is.
  if (isDefaultProject(project) && (name !== project.name || parent !== undefined)) {
    return refuse("403005", "The default project can't be renamed or moved.");
  }
  if (parent !== undefined && isWithin(parent, project)) {
    return refuse("400003", `'${project.name}' can't be moved into itself.`); // inferred: the code
  }
  if (isNameTaken(site, name, parent, project)) return nameTaken(name);
  if (parent !== project.parent && liesTooDeep(site, parent, project)) return tooDeep();
  const mode = readMode(written.contentPermissions ?? project.contentPermissions);
  if (isRefusal(mode)) return mode;
  const ownerId = written.owner?.id;
  const owner = ownerId === undefined ? project.owner : site.users.get(ownerId.toLowerCase());
  if (owner === undefined) return refuse("404002", `There is no user '${ownerId}'.`);
  return { name, description, parent, owner, contentPermissions: mode };
}

function deleteProject(call: SessionCall): Reply | Refusal {
  const project = find(projects, call);
  if (isRefusal(project)) return project;
  const { user, site } = call.session;
  if (!mayManage(user, project)) return refuse("403004", `${user.name} may not delete '${project.name}'.`);
  if (isDefaultProject(project)) return refuse("403003", "The default project can't be deleted.");
  removeProject(call.world, site, project);
  return done;
}

/** The top level is for administrators; a project also for those who lead it and have more than a Viewer's licence. */
function mayManage(user: User, project: Project | undefined): boolean {
  if (isSiteAdministrator(user)) return true;
  return project !== undefined && user.siteRole !== "Viewer" && leads(user, project);
}

/** An empty id is the top level. */
function readParent(site: Site, written: string): Project | undefined | Refusal {
  if (written === "") return undefined;
  return site.projects.get(written.toLowerCase()) ?? refuse("404005", `There is no project '${written}'.`);
}

function readMode(written: string): Project["contentPermissions"] | Refusal {
  const mode = contentPermissions.find((one) => one === written);
  return mode ?? refuse("400000", `contentPermissions is one of ${contentPermissions.join(", ")}, not '${written}'.`);
}

/** A project that others control keeps their rules when it moves away, and so does what is nested in it. */
function keepProjectRules(site: Site, project: Project): void {
  const kept = subtree(site, project).map((one) => {
    const { permissions, defaultPermissions } = controllingProject(one);
    return { one, permissions, defaultPermissions };
  });
  for (const { one, ...rules } of kept) Object.assign(one, rules);
}

function nameTaken(name: string): Refusal {
  return refuse("409006", `There is already a project named '${name}' here.`);
}

function tooDeep(): Refusal {
  return refuse("400003", `Projects are nested at most ${deepestNesting} deep here.`);
}
