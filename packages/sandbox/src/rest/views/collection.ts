import { readerOf } from "../permissions/effective.ts";
import type { Collection } from "../reading.ts";
import type { View } from "./model.ts";
import { viewResource } from "./resource.ts";

export const views: Collection<View> = {
  path: "views",
  listed: viewResource,
  items: (site) => site.views,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404011",
  visibleTo: readerOf,
};
