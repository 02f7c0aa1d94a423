import { isRefusal } from "../../wire/refusals.ts";
import { startRefresh } from "../jobs/refresh.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { find, itemRoute, listRoute } from "../reading.ts";
import type { Route } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { datasources } from "./collection.ts";

export const datasourceRoutes: readonly Route[] = [
  listRoute(datasources),
  itemRoute(datasources),
  ...tagRoutes(datasources, "datasource"),
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
