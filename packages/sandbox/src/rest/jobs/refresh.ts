import { isSiteAdministrator } from "../../auth/roles.ts";
import type { EventName } from "../../site/events.ts";
import { luidOf } from "../../site/random.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import type { Datasource } from "../datasources/model.ts";
import type { SessionCall } from "../route.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { Moment } from "./effects.ts";
import { startJob } from "./jobs.ts";
import type { Job, JobTarget } from "./model.ts";

/** The seeded data source whose refreshes always fail, so that there is one to show. */
export const alwaysFailing = "Extract History";

type RefreshTarget = Extract<JobTarget, { type: "workbook" | "datasource" }>;

/** Starts an extract refresh, unless one of the same item still waits or runs (409093). */
export function startRefresh(call: SessionCall, item: Workbook | Datasource): Job | Refusal {
  const { site, user } = call.session;
  if (!isSiteAdministrator(user) && item.owner !== user) {
    return refuse("403004", "Refreshing an extract needs a site administrator or the owner.");
  }
  const target: RefreshTarget = "views" in item ? { type: "workbook", item } : { type: "datasource", item };
  for (const { kind, target: other } of site.openJobs) {
    if (kind === "refresh" && other?.item === item) {
      return refuse("409093", `A refresh of this ${target.type} is already queued or running.`);
    }
  }
  const fails = item.id === luidOf(site.contentUrl, "datasource", alwaysFailing);
  return startJob(site, {
    kind: "refresh",
    now: call.scene.now,
    title: item.name,
    subtitle: target.type === "workbook" ? "Workbook" : "Data Source",
    target,
    startedBy: user,
    outcome: fails ? "Failed" : "Success",
    notes: fails ? failedNotes : finishedNotes,
    onStart: { effect: "refreshStarted" },
    onEnd: { effect: "refreshEnded" },
  });
}

const finishedNotes = "Finished refresh of extracts (new extract id).";
const failedNotes = "Unable to connect to the server. Check that the server is running and that you have access to it.";

/** Effect: tells that a refresh has started. */
export function refreshStarted(moment: Moment): void {
  tell(moment, "Started");
}

/** Effect: tells how a refresh has ended. */
export function refreshEnded(moment: Moment): void {
  tell(moment, moment.job.outcome === "Success" ? "Succeeded" : "Failed");
}

function tell({ world, site, job, at }: Moment, what: "Started" | "Succeeded" | "Failed"): void {
  const { target } = job;
  if (target?.type !== "workbook" && target?.type !== "datasource") return;
  const name: EventName = `${target.type === "workbook" ? "Workbook" : "Datasource"}Refresh${what}`;
  world.events.emit({ name, site, resource: "EXTRACTS", item: target.item, at });
}
