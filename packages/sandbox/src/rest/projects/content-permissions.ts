import type { Site } from "../../site/site.ts";
import { controllingProject, itemsOfKind } from "../permissions/content.ts";
import { defaultKinds } from "../permissions/model.ts";
import type { Project } from "./model.ts";
import { subtree } from "./tree.ts";

/**
 * Locks a project's permissions or leaves them to whoever owns what is in it. Locking overwrites what was set on items;
 * what is set free keeps the rules that held so far (Tableau help, "Lock content permissions").
 */
export function setContentPermissions(site: Site, project: Project, mode: Project["contentPermissions"]): void {
  if (project.contentPermissions === mode) return;
  const within = subtree(site, project);
  const controlled = within.filter((one) => one !== project && controllingProject(one) === project);
  for (const one of controlled) {
    one.permissions = project.permissions;
    one.defaultPermissions = project.defaultPermissions;
  }
  project.contentPermissions = mode;
  if (mode !== "ManagedByOwner") forgetOwnRules(site, new Set(mode === "LockedToProject" ? within : [project]));
}

function forgetOwnRules(site: Site, projects: ReadonlySet<Project>): void {
  for (const kind of defaultKinds) {
    for (const item of itemsOfKind(site, kind)) if (projects.has(item.project)) item.permissions = undefined;
  }
  for (const view of site.views.values()) if (projects.has(view.workbook.project)) view.permissions = undefined;
}
