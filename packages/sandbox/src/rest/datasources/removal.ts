import type { Here } from "../publishing/publish.ts";
import { forgetAll } from "../revisions/revisions.ts";
import type { Datasource } from "./model.ts";

/** Removes a data source and its files, and says so. Workbooks that connect to it keep what they know of it. */
export function removeDatasource({ world, site, at }: Here, datasource: Datasource): void {
  site.datasources.delete(datasource.id);
  forgetAll(world.files, datasource);
  world.events.emit({ name: "DatasourceDeleted", site, resource: "DATASOURCE", item: datasource, at });
}
