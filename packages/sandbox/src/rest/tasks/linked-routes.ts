import { isSiteAdministrator } from "../../auth/roles.ts";
import { isoSeconds } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import type { Site } from "../../site/site.ts";
import { record } from "../../wire/element.ts";
import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { beginStep } from "../flow-runs/run.ts";
import { startJob, stateOf } from "../jobs/jobs.ts";
import { find, visibleItems } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import { linkedTaskResource } from "./draw.ts";
import type { LinkedTask } from "./model.ts";

const linkedTasks = {
  items: (site: Site): ReadonlyMap<string, LinkedTask> => site.linkedTasks,
  notFound: "404026",
  /** Administrators see all of them, others those with a flow of theirs. inferred. */
  visibleTo: (user: User) => (linked: LinkedTask) =>
    isSiteAdministrator(user) || linked.steps.some(({ task }) => task.flow.owner === user),
} as const;

const path = "/sites/{siteId}/tasks/linked";
const shared = { kind: "session", role: "anyone" } as const;

export const linkedTaskRoutes: readonly Route[] = [
  { ...shared, method: "GET", template: path, body: "none", jwt: "tableau:linked_tasks:read", handle: listTasks },
  {
    ...shared,
    method: "GET",
    template: `${path}/{id}`,
    body: "none",
    jwt: "tableau:linked_tasks:read",
    handle: showTask,
  },
  {
    ...shared,
    method: "POST",
    template: `${path}/{id}/runNow`,
    body: "tsRequest",
    jwt: "tableau:linked_tasks:run",
    handle: runTask,
  },
];

function listTasks({ session, query, scene }: SessionCall): Reply | Refusal {
  const elements = drawPage(linkedTaskResource, visibleItems(linkedTasks, session), query, scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

/** One alone comes as in a list of one: so TSC reads it (linked_tasks_endpoint.py), and so the schema allows it too. */
function showTask(call: SessionCall): Reply | Refusal {
  const linked = find(linkedTasks, call);
  if (isRefusal(linked)) return linked;
  const elements = drawPage(linkedTaskResource, [linked], new URLSearchParams(), call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

/** Runs the first step; each of the others begins when the one before it has ended. */
function runTask(call: SessionCall): Reply | Refusal {
  const linked = find(linkedTasks, call);
  if (isRefusal(linked)) return linked;
  const { session, scene } = call;
  const { now } = scene;
  const title = linked.steps[0]?.task.flow.name ?? "";
  // inferred: how long; the runs of its steps are jobs of their own.
  const job = startJob(session.site, {
    kind: "linkedTask",
    now,
    title,
    startedBy: session.user,
    waits: 0,
    runs: linked.steps.length * 4_000,
  });
  beginStep(session.site, linked, { step: 0, now, startedBy: session.user });
  const { status } = stateOf(job, now);
  const attributes = { id: job.id, linkedTaskId: linked.id, status, createdAt: isoSeconds(job.createdAt) };
  return answer(record("linkedTaskJob", attributes));
}
