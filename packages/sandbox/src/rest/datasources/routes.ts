import { isSiteAdministrator } from "../../auth/roles.ts";
import { draw, inLists } from "../../query/description.ts";
import { isRefusal, refuse } from "../../wire/refusals.ts";
import { accepted } from "../../wire/reply.ts";
import { startRefresh } from "../jobs/jobs.ts";
import { jobResource } from "../jobs/resource.ts";
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
      const { site, user } = call.session;
      if (!isSiteAdministrator(user) && datasource.owner !== user) {
        return refuse("403004", "Refreshing a data source needs a site administrator or its owner.");
      }
      const job = startRefresh(site, datasource, call.scene.now);
      if (job === "already running")
        return refuse("409093", "A refresh of this data source is already queued or running.");
      return accepted(draw(jobResource, job, call.scene, inLists));
    },
  },
];
