import { isSiteAdministrator } from "../../auth/roles.ts";
import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { cancel } from "../jobs/jobs.ts";
import { readerOf } from "../permissions/effective.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { FlowRun } from "./model.ts";
import { flowRunResource, singleFlowRunResource } from "./resource.ts";

const flowRuns: Collection<FlowRun> = {
  path: "flows/runs",
  listed: flowRunResource,
  single: singleFlowRunResource,
  items: (site) => site.flowRuns,
  scope: "tableau:flow_runs:read",
  role: "anyone",
  notFound: "404041",
  isIndexed: false,
  visibleTo(user) {
    const mayRead = readerOf(user);
    return ({ flow }) => mayRead(flow);
  },
};

export const flowRunRoutes: readonly Route[] = [
  listRoute(flowRuns),
  itemRoute(flowRuns),
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/flows/runs/{id}",
    body: "none",
    jwt: "tableau:flow_runs:update",
    role: "anyone",
    handle: cancelRun,
  },
];

function cancelRun(call: SessionCall): Reply | Refusal {
  const run = find(flowRuns, call);
  if (isRefusal(run)) return run;
  const { site, user } = call.session;
  if (!isSiteAdministrator(user) && run.startedBy !== user && run.flow.owner !== user) {
    return refuse("403004", "Cancelling a flow run needs a site administrator, its owner, or who started it.");
  }
  if (cancel(site, run.job, call.scene.now) === "already ended") {
    return refuse("403091", "The flow run has ended and can't be cancelled."); // inferred: as for jobs
  }
  return answer(draw(singleFlowRunResource, run, call.scene, alone));
}
