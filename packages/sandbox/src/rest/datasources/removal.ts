import { forgetLabels } from "../labels/labels.ts";
import type { Here } from "../publishing/publish.ts";
import { forgetAll } from "../revisions/revisions.ts";
import type { Datasource } from "./model.ts";

/** Removes a data source and its files, and says so. Workbooks' connections to it lead nowhere from then on. */
export function removeDatasource({ world, site, at }: Here, datasource: Datasource): void {
  site.datasources.delete(datasource.id);
  for (const { connections } of site.workbooks.values()) {
    for (const connection of connections) {
      if (connection.datasource === datasource) connection.datasource = undefined;
    }
  }
  forgetLabels(site, datasource.id);
  forgetAll(world.files, datasource);
  world.events.emit({ name: "DatasourceDeleted", site, resource: "DATASOURCE", item: datasource, at });
}
