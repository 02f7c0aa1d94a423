import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import { done, type Reply } from "../../wire/reply.ts";
import { connectionRoutes, severalConnectionsRoute } from "../connections/routes.ts";
import { startRefresh } from "../jobs/refresh.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { refuseUnless } from "../permissions/require.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { publish } from "../publishing/publish.ts";
import { find, itemRoute, listRoute } from "../reading.ts";
import { fileRoutes } from "../revisions/routes.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { datasources } from "./collection.ts";
import { dataRoutes } from "./data.ts";
import { datasourceDocument } from "./document.ts";
import { datasourcePublishing } from "./publish.ts";
import { removeDatasource } from "./removal.ts";
import { updateDatasource } from "./update.ts";

const all = "/sites/{siteId}/datasources";
const one = `${all}/{id}`;

export const datasourceRoutes: readonly Route[] = [
  listRoute(datasources),
  itemRoute(datasources),
  {
    kind: "session",
    method: "POST",
    template: all,
    body: "stream",
    jwt: "tableau:datasources:create",
    role: "anyone",
    handle: (call) => publish(call, datasourcePublishing),
  },
  {
    kind: "session",
    method: "PUT",
    template: one,
    body: "tsRequest",
    jwt: "tableau:datasources:update",
    role: "explorer",
    handle: updateDatasource,
  },
  {
    kind: "session",
    method: "DELETE",
    template: one,
    body: "none",
    jwt: "tableau:datasources:delete",
    role: "explorer",
    handle: deleteDatasource,
  },
  {
    kind: "session",
    method: "POST",
    template: `${one}/refresh`,
    body: "tsRequest",
    jwt: "tableau:tasks:run",
    role: "explorer",
    handle: refreshDatasource,
  },
  ...dataRoutes,
  ...permissionRoutes(datasources),
  ...tagRoutes(datasources, "datasource"),
  ...connectionRoutes(datasources, { read: "tableau:content:read", update: "tableau:datasources:update" }),
  severalConnectionsRoute(datasources, "tableau:datasources:update"),
  ...fileRoutes({
    collection: datasources,
    scopes: {
      read: "tableau:content:read",
      download: "tableau:datasources:download",
      delete: "tableau:datasources:delete",
    },
    mayNotDownload: "403028",
    mayNotList: "403054",
    describe: (item, revision) => ({
      part: "tableau_datasource",
      item,
      revision,
      document: (extract) => datasourceDocument(item, extract),
    }),
  }),
];

function deleteDatasource(call: SessionCall): Reply | Refusal {
  const datasource = find(datasources, call);
  if (isRefusal(datasource)) return datasource;
  const forbidden = refuseUnless(call.session.user, "Delete", datasource, "delete the data source");
  if (forbidden !== undefined) return forbidden;
  removeDatasource({ world: call.world, site: call.session.site, at: call.scene.now }, datasource);
  return done;
}

function refreshDatasource(call: SessionCall): Reply | Refusal {
  const datasource = find(datasources, call);
  if (isRefusal(datasource)) return datasource;
  const job = startRefresh(call, datasource);
  return isRefusal(job) ? job : acceptedJob(job, call.scene);
}
