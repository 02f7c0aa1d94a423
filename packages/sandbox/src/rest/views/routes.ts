import { drawPage } from "../../query/listing.ts";
import { isRefusal } from "../../wire/refusals.ts";
import { answer } from "../../wire/reply.ts";
import { readerOf } from "../permissions/effective.ts";
import { type Collection, find, itemRoute, visibleItems } from "../reading.ts";
import type { Route } from "../route.ts";
import type { View } from "./model.ts";
import { viewResource } from "./resource.ts";
import { viewData } from "./view-data.ts";

const views: Collection<View> = {
  path: "views",
  listed: viewResource,
  items: (site) => site.views,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404011",
  visibleTo: readerOf,
};

export const viewRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/views",
    body: "none",
    jwt: "tableau:content:read",
    role: "anyone",
    handle({ session, query, scene }) {
      // An older way to ask for what is now `fields=_default_,usage`.
      const withUsage = query.get("includeUsageStatistics")?.toLowerCase() === "true" && !query.get("fields");
      const asked = new URLSearchParams(query);
      if (withUsage) asked.set("fields", "_default_,usage");
      const elements = drawPage(viewResource, visibleItems(views, session), asked, scene);
      return isRefusal(elements) ? elements : answer(...elements);
    },
  },
  itemRoute(views),
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/views/{id}/data",
    body: "none",
    jwt: "tableau:views:download",
    role: "anyone",
    handle(call) {
      const view = find(views, call);
      return isRefusal(view) ? view : { kind: "bytes", contentType: "text/csv;charset=utf-8", body: viewData(view) };
    },
  },
];
