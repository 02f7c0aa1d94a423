import type { Datasource } from "../datasources/model.ts";
import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { DefaultKind, Rules } from "./model.ts";

/** Everything that permissions are set on. */
export type Content = Project | Workbook | View | Datasource;

/** What a project holds directly. */
export type ProjectItem = Exclude<Content, Project | View>;

export function isProject(content: Content): content is Project {
  return "contentPermissions" in content;
}

export function isView(content: Content): content is View {
  return "workbook" in content;
}

/** The kind of default permissions that hold for an item. */
export function defaultKindOf(item: ProjectItem): DefaultKind {
  return "views" in item ? "workbooks" : "datasources";
}

export function ownerOf(content: Content): User {
  return isView(content) ? content.workbook.owner : content.owner;
}

/** The project that something is in; a project is in itself here. */
export function projectOf(content: Content): Project {
  if (isProject(content)) return content;
  return isView(content) ? content.workbook.project : content.project;
}

/**
 * The project whose rules hold for everything in this one, if its permissions are locked: the outermost that is locked
 * with what is nested in it, or else itself (Tableau help, "Lock content permissions").
 */
export function lockingProject(project: Project): Project | undefined {
  let locking = project.contentPermissions === "ManagedByOwner" ? undefined : project;
  for (let above = project.parent; above !== undefined; above = above.parent) {
    if (above.contentPermissions === "LockedToProject") locking = above;
  }
  return locking;
}

/** The project whose own rules hold for this one. */
export function controllingProject(project: Project): Project {
  let controlling = project;
  for (let above = project.parent; above !== undefined; above = above.parent) {
    if (above.contentPermissions === "LockedToProject") controlling = above;
  }
  return controlling;
}

/** The rules that hold for something, whoever they are set on. */
export function rulesOf(content: Content): Rules {
  if (isProject(content)) return controllingProject(content).permissions;
  if (isView(content)) return rulesOfView(content);
  const locking = lockingProject(content.project);
  const kind = defaultKindOf(content);
  if (locking !== undefined) return locking.defaultPermissions[kind];
  return content.permissions ?? content.project.defaultPermissions[kind];
}

/** A view has rules of its own only where its workbook does not show its sheets as tabs. */
function rulesOfView({ workbook, permissions }: View): Rules {
  if (permissions === undefined || workbook.showTabs || lockingProject(workbook.project) !== undefined) {
    return rulesOf(workbook);
  }
  return permissions;
}

/** Gives an item the rules that hold for it as its own: to be called before it moves to another project. */
export function keepRules(item: ProjectItem): void {
  item.permissions ??= rulesOf(item);
}
