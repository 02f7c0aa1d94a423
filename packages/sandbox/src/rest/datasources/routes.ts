import { isRefusal } from "../../wire/refusals.ts";
import { startRefresh } from "../jobs/refresh.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { readerOf } from "../permissions/effective.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route } from "../route.ts";
import type { Datasource } from "./model.ts";
import { datasourceResource } from "./resource.ts";

const datasources: Collection<Datasource> = {
  path: "datasources",
  listed: datasourceResource,
  items: (site) => site.datasources,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404004",
  visibleTo: readerOf,
};

export const datasourceRoutes: readonly Route[] = [
  listRoute(datasources),
  itemRoute(datasources),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/datasources/{id}/refresh",
    body: "tsRequest",
    jwt: "tableau:tasks:run",
    role: "explorer",
    handle(call) {
      const datasource = find(datasources, call);
      if (isRefusal(datasource)) return datasource;
      const job = startRefresh(call, datasource);
      return isRefusal(job) ? job : acceptedJob(job, call.scene);
    },
  },
];
