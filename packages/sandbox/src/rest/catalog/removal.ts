import type { Site } from "../../site/site.ts";
import { forgetLabels } from "../labels/labels.ts";
import type { CatalogTable, Database } from "./model.ts";

/** More than this and the oldest removal is forgotten. */
const mostRemoved = 10_000;

/** Takes a database out of the catalog, with its tables. */
export function removeDatabase(site: Site, database: Database): void {
  const { catalog } = site;
  forgetLabels(site, database.id);
  for (const table of catalog.tables.values()) if (table.database === database) catalog.tables.delete(table.id);
  catalog.databases.delete(database.id);
  note(catalog.removed, database.id);
}

export function removeTable(site: Site, table: CatalogTable): void {
  const { catalog } = site;
  forgetLabels(site, table.id);
  catalog.tables.delete(table.id);
  note(catalog.removed, table.id);
}

function note(removed: Set<string>, id: string): void {
  removed.add(id);
  const oldest = removed.values().next();
  if (removed.size > mostRemoved && !oldest.done) removed.delete(oldest.value);
}
