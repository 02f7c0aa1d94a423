import type { Site } from "../../site/site.ts";
import type { CatalogTable, Database } from "../catalog/model.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Flow } from "../flows/model.ts";
import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";
import type { VirtualConnection } from "../virtual-connections/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { ContentKind } from "./kinds.ts";
import type { DefaultKind, Rules } from "./model.ts";

/** What a project holds directly. */
export type ProjectItem = Workbook | Datasource | Flow | VirtualConnection | Database | CatalogTable;

/** Everything that permissions are set on. */
export type Content = Project | View | ProjectItem;

export function isProject(content: Content): content is Project {
  return "defaultPermissions" in content;
}

export function isView(content: Content): content is View {
  return "viewUrlName" in content;
}

/** What kind of content something is. Items don't say so themselves: each kind has a field that no other has. */
export function kindOf(content: Content): ContentKind {
  if (isProject(content)) return "project";
  return isView(content) ? "view" : itemKindOf(content);
}

function itemKindOf(item: ProjectItem): Exclude<ContentKind, "project" | "view"> {
  if ("views" in item) return "workbook";
  if ("outputSteps" in item) return "flow";
  if ("tables" in item) return "virtualConnection";
  if ("hostName" in item) return "database";
  return "columnNotes" in item ? "table" : "datasource";
}

/** The kind of default permissions that hold for an item. */
function defaultKindOf(item: ProjectItem): DefaultKind {
  return `${itemKindOf(item)}s`;
}

/** What a site's projects hold of one kind. */
export function itemsOfKind(site: Site, kind: DefaultKind): Iterable<ProjectItem> {
  switch (kind) {
    case "workbooks":
    case "datasources":
    case "flows":
    case "virtualConnections":
      return site[kind].values();
    case "databases":
    case "tables":
      return site.catalog[kind].values();
    default:
      return [];
  }
}

/** Whose it is; of an external asset that is its contact. */
export function ownerOf(content: Content): User {
  if (isView(content)) return content.workbook.owner;
  return "contact" in content ? content.contact : content.owner;
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
  const controlling = controllingProject(project);
  return controlling === project && project.contentPermissions === "ManagedByOwner" ? undefined : controlling;
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
  if (locking !== undefined) return locking.defaultPermissions[defaultKindOf(content)];
  if ("columnNotes" in content) return rulesOfTable(content);
  return content.permissions ?? content.project.defaultPermissions[defaultKindOf(content)];
}

/** A view has rules of its own only where its workbook does not show its sheets as tabs. */
function rulesOfView({ workbook, permissions }: View): Rules {
  if (permissions === undefined || workbook.showTabs || lockingProject(workbook.project) !== undefined) {
    return rulesOf(workbook);
  }
  return permissions;
}

/** A database may have rules for its tables, and may lock them. */
function rulesOfTable({ database, permissions, project }: CatalogTable): Rules {
  const ofDatabase = database.tablePermissions ?? project.defaultPermissions.tables;
  return database.locksTables ? ofDatabase : (permissions ?? ofDatabase);
}

/** Gives an item the rules that hold for it as its own: to be called before it moves to another project. */
export function keepRules(item: ProjectItem): void {
  item.permissions ??= rulesOf(item);
}
