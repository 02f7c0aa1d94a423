import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import { itemsOfKind, kindOf, type ProjectItem } from "../permissions/content.ts";
import { defaultKinds } from "../permissions/model.ts";
import type { Project } from "./model.ts";
import { subtree } from "./tree.ts";

/** A project takes with it what is in it, at any depth. */
export function removeProject(world: World, site: Site, project: Project): void {
  const projects = new Set(subtree(site, project));
  for (const kind of defaultKinds) {
    for (const item of Array.from(itemsOfKind(site, kind))) {
      if (projects.has(item.project)) removeItem(world, site, item);
    }
  }
  for (const one of projects) site.projects.delete(one.id);
}

function removeItem(world: World, site: Site, item: ProjectItem): void {
  const kind = kindOf(item);
  const tell = (name: "WorkbookDeleted" | "DatasourceDeleted" | "ViewDeleted", gone: { id: string; name: string }) => {
    const resource = name === "WorkbookDeleted" ? "WORKBOOK" : name === "ViewDeleted" ? "VIEW" : "DATASOURCE";
    world.events.emit({ name, site, resource, item: { id: gone.id, name: gone.name }, at: world.clock() });
  };
  if (kind === "workbook" && "views" in item) {
    for (const view of item.views) {
      site.views.delete(view.id);
      tell("ViewDeleted", view);
    }
    site.workbooks.delete(item.id);
    tell("WorkbookDeleted", item);
  }
  if (kind === "datasource") {
    site.datasources.delete(item.id);
    tell("DatasourceDeleted", item);
  }
  if (kind === "virtualConnection") site.virtualConnections.delete(item.id);
}
