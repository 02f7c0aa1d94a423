import { readerOf } from "../permissions/effective.ts";
import type { Collection } from "../reading.ts";
import type { Datasource } from "./model.ts";
import { datasourceResource } from "./resource.ts";

export const datasources: Collection<Datasource> = {
  path: "datasources",
  listed: datasourceResource,
  items: (site) => site.datasources,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404004",
  visibleTo: readerOf,
};
