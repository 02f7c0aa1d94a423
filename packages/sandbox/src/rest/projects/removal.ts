import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import { removeDatasource } from "../datasources/removal.ts";
import { removeFlow } from "../flows/collection.ts";
import { moveTo } from "../publishing/move.ts";
import { removeWorkbook } from "../workbooks/removal.ts";
import type { Project } from "./model.ts";
import { defaultProject, subtree } from "./tree.ts";

/** A project takes with it what is in it, at any depth. */
export function removeProject(world: World, site: Site, project: Project): void {
  const projects = new Set(subtree(site, project));
  const here = { world, site, at: world.clock() };
  const isIn = (item: { project: Project }): boolean => projects.has(item.project);
  for (const workbook of site.workbooks.values().filter(isIn)) removeWorkbook(here, workbook);
  for (const datasource of site.datasources.values().filter(isIn)) removeDatasource(here, datasource);
  for (const flow of site.flows.values().filter(isIn)) removeFlow(here, flow);
  for (const connection of site.virtualConnections.values().filter(isIn)) site.virtualConnections.delete(connection.id);
  // External assets are outside of Tableau, and are not gone with a project. inferred: they are found in the default one.
  const home = defaultProject(site);
  for (const asset of [...site.catalog.databases.values(), ...site.catalog.tables.values()]) {
    if (isIn(asset)) moveTo(asset, home);
  }
  for (const one of projects) site.projects.delete(one.id);
}
