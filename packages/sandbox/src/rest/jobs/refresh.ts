import type { EventName } from "../../site/events.ts";
import { luidOf } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import type { World } from "../../world.ts";
import type { Datasource } from "../datasources/model.ts";
import { may } from "../permissions/effective.ts";
import type { SessionCall } from "../route.ts";
import type { ExtractRefreshTask, RefreshTarget } from "../tasks/model.ts";
import type { User } from "../users/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { Moment } from "./effects.ts";
import { startJob } from "./jobs.ts";
import type { Job } from "./model.ts";

/** The seeded data source whose refreshes always fail, so that there is one to show. */
export const alwaysFailing = "Extract History";

const refreshSchema = element({
  // Public clients send an empty request, or this one since 3.25.
  extractRefresh: element({ incremental: attribute.optional() }).optional(),
});

/** Starts the extract refresh that a call asks for, unless one of the same item still waits or runs (409093). */
export function startRefresh(call: SessionCall, item: Workbook | Datasource): Job | Refusal {
  const { site, user } = call.session;
  const forbidden = refuseRefreshing(user, item);
  if (forbidden !== undefined) return forbidden;
  const request = read(refreshSchema, call.content);
  if (isRefusal(request)) return request;
  const isIncremental = request.extractRefresh?.incremental?.toLowerCase() === "true";
  const target: RefreshTarget = "views" in item ? { type: "workbook", item } : { type: "datasource", item };
  return beginRefresh(call.world, site, { target, isIncremental, startedBy: user });
}

/** Whoever starts a refresh, or has a task start it. */
export function refuseRefreshing(user: User, item: Workbook | Datasource): Refusal | undefined {
  if (may(user, "ExtractRefresh", item)) return undefined;
  return refuse("403032", `${user.name} isn't authorized to refresh the extracts of '${item.id}'.`);
}

export type Refresh = {
  target: RefreshTarget;
  isIncremental: boolean;
  startedBy: User | undefined;
  /** The task that it is run for. */
  task?: ExtractRefreshTask;
};

/** Starts an extract refresh as a job. */
export function beginRefresh(world: World, site: Site, refresh: Refresh): Job | Refusal {
  const { target, isIncremental, startedBy, task } = refresh;
  for (const job of site.openJobs) {
    if (isRefresh(job) && job.target?.item === target.item) {
      return refuse("409093", `A refresh of this ${target.type} is already queued or running.`);
    }
  }
  const fails =
    world.faults.active().failRefreshes || target.item.id === luidOf(site.contentUrl, "datasource", alwaysFailing);
  return startJob(site, {
    kind: isIncremental ? "incrementalRefresh" : "refresh",
    now: world.clock(),
    title: target.item.name,
    subtitle: target.type === "workbook" ? "Workbook" : "Data Source",
    target,
    startedBy,
    outcome: fails ? "Failed" : "Success",
    notes: fails ? failedNotes : finishedNotes,
    onStart: { effect: "refreshStarted" },
    onEnd: task === undefined ? { effect: "refreshEnded" } : { effect: "refreshEnded", task },
  });
}

export function isRefresh({ kind }: Job): boolean {
  return kind === "refresh" || kind === "incrementalRefresh";
}

const finishedNotes = "Finished refresh of extracts (new extract id).";
const failedNotes = "Unable to connect to the server. Check that the server is running and that you have access to it.";

/** Effect: tells that a refresh has started. */
export function refreshStarted(moment: Moment): void {
  tell(moment, "Started");
}

/** Effect: tells how a refresh has ended, and counts it for the task it was run for. */
export function refreshEnded(moment: Moment, task: ExtractRefreshTask | undefined): void {
  const failed = moment.job.outcome !== "Success";
  if (task !== undefined) task.consecutiveFailedCount = failed ? task.consecutiveFailedCount + 1 : 0;
  tell(moment, failed ? "Failed" : "Succeeded");
}

function tell({ world, site, job, at }: Moment, what: "Started" | "Succeeded" | "Failed"): void {
  const { target } = job;
  if (target?.type !== "workbook" && target?.type !== "datasource") return;
  const name: EventName = `${target.type === "workbook" ? "Workbook" : "Datasource"}Refresh${what}`;
  world.events.emit({ name, site, resource: "EXTRACTS", item: target.item, at });
}
