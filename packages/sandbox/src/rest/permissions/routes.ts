import { isSiteAdministrator } from "../../auth/roles.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import type { Project } from "../projects/model.ts";
import { type Collection, find } from "../reading.ts";
import type { Route } from "../route.ts";
import type { User } from "../users/model.ts";
import {
  type Content,
  controllingProject,
  isProject,
  isView,
  itemsOfKind,
  keepRules,
  kindOf,
  lockingProject,
  rulesOf,
} from "./content.ts";
import { subjectOf } from "./draw.ts";
import { leads, may } from "./effective.ts";
import { capabilitiesOf, defaultCapabilities } from "./kinds.ts";
import { type DefaultKind, defaultKinds, type Rules } from "./model.ts";
import { ruleRoutes } from "./rule-routes.ts";

/** The routes of the permissions on what is in a collection, e.g. `S/workbooks/{id}/permissions`. */
export function permissionRoutes<Item extends Content>(
  collection: Pick<Collection<Item>, "path" | "listed" | "items" | "notFound" | "visibleTo">,
): readonly Route[] {
  return ruleRoutes(`/sites/{siteId}/${collection.path}/{id}/permissions`, (call, purpose) => {
    const item = find(collection, call);
    if (isRefusal(item)) return item;
    const refusal = purpose === "change" ? refuseChange(call.session.user, item) : undefined;
    if (refusal !== undefined) return refusal;
    return {
      subject: subjectOf(collection.listed, item, call.scene, lockedBy(item)),
      capabilities: capabilitiesOf[kindOf(item)],
      rules: rulesOf(item),
      set(rules) {
        item.permissions = rules;
      },
    };
  });
}

/** The routes of what a project has as defaults, e.g. `S/projects/{id}/default-permissions/workbooks`. */
export function defaultPermissionRoutes(
  collection: Pick<Collection<Project>, "listed" | "items" | "notFound" | "visibleTo">,
): readonly Route[] {
  return ruleRoutes("/sites/{siteId}/projects/{id}/default-permissions/{contentType}", (call, purpose) => {
    const written = call.parameters.contentType ?? "";
    const kind = defaultKinds.find((one) => one.toLowerCase() === written.toLowerCase());
    if (kind === undefined) return refuse("404003", `There are no default permissions for '${written}'.`);
    const project = find(collection, call);
    if (isRefusal(project)) return project;
    const { site, user } = call.session;
    if (!isSiteAdministrator(user) && !leads(user, project)) {
      const reading = kind === "workbooks" ? "403036" : "403035";
      return refuse(purpose === "read" ? reading : "403004", `${user.name} doesn't lead '${project.name}'.`);
    }
    const controlling = controllingProject(project);
    if (purpose === "change" && controlling !== project) return lockedRefusal(controlling);
    return {
      subject: subjectOf(collection.listed, project, call.scene),
      capabilities: defaultCapabilities[kind],
      rules: controlling.defaultPermissions[kind],
      set: (rules) => setDefaults(site, project, kind, rules),
    };
  });
}

/** Changes what new items get; those that are there keep what they have, unless the project is locked. */
function setDefaults(site: Site, project: Project, kind: DefaultKind, rules: Rules): void {
  if (lockingProject(project) === undefined) {
    for (const item of itemsOfKind(site, kind)) if (item.project === project) keepRules(item);
  }
  project.defaultPermissions = { ...project.defaultPermissions, [kind]: rules };
}

function refuseChange(user: User, item: Content): Refusal | undefined {
  if (!may(user, "ChangePermissions", item)) {
    return refuse("403004", `${user.name} may not set permissions on '${item.name}'.`);
  }
  if (isView(item) && item.workbook.showTabs) {
    return refuse("403096", "The workbook shows its sheets as tabs: its views have its permissions.");
  }
  const locking = lockedBy(item);
  return locking === undefined ? undefined : lockedRefusal(locking);
}

/** The project whose rules hold instead of an item's own. */
function lockedBy(item: Content): Project | undefined {
  if (isProject(item)) {
    const controlling = controllingProject(item);
    return controlling === item ? undefined : controlling;
  }
  return lockingProject(isView(item) ? item.workbook.project : item.project);
}

/** inferred: the code for anything but views */
function lockedRefusal({ name }: Project): Refusal {
  return refuse("403039", `The project '${name}' locks the permissions of what is in it.`);
}
