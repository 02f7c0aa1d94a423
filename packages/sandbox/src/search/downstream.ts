import { readsOfDatasource } from "../rest/catalog/catalog.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import type { Site } from "../site/site.ts";

/** How many workbooks connect to a data source, or read a table or a database by the data sources that they connect to. */
export type Downstream = (item: object) => number;

/** Counts all of a site at once, when the first count is asked for. */
export function openDownstream(site: Site): Downstream {
  let counts: ReadonlyMap<object, number> | undefined;
  return (item) => {
    counts ??= countWorkbooks(site);
    return counts.get(item) ?? 0;
  };
}

function countWorkbooks(site: Site): ReadonlyMap<object, number> {
  const counts = new Map<object, number>();
  const behind = new Map<Datasource, readonly object[]>();
  for (const { connections } of site.workbooks.values()) {
    const reached = new Set<object>();
    for (const { datasource } of connections) {
      if (datasource === undefined) continue;
      const items = behind.get(datasource) ?? thingsBehind(site, datasource);
      behind.set(datasource, items);
      for (const item of items) reached.add(item);
    }
    for (const item of reached) counts.set(item, 1 + (counts.get(item) ?? 0));
  }
  return counts;
}

function thingsBehind(site: Site, datasource: Datasource): readonly object[] {
  const { tables, databases } = readsOfDatasource(site, datasource);
  return [datasource, ...tables, ...databases];
}
