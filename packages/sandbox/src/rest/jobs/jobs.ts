import { randomUUID } from "node:crypto";
import type { Site } from "../../site/site.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { Job } from "./model.ts";

/** More than this and the oldest are forgotten. */
const mostJobs = 10_000;

/** How long a refresh waits and then runs, in ms: long enough to be seen moving, short enough to wait for. */
const refreshWaits = 1_000;
const refreshRuns = 3_000;

export type JobState = {
  status: "Pending" | "InProgress" | Job["outcome"];
  /** 0 to 100. */
  progress: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
};

/** What a job looks like at a moment. */
export function stateOf(job: Job, now: number): JobState {
  if (now < job.startsAt) return { status: "Pending", progress: 0, startedAt: undefined, endedAt: undefined };
  if (now < job.endsAt) {
    const progress = Math.floor((100 * (now - job.startsAt)) / (job.endsAt - job.startsAt));
    return { status: "InProgress", progress, startedAt: job.startsAt, endedAt: undefined };
  }
  return { status: job.outcome, progress: 100, startedAt: job.startsAt, endedAt: job.endsAt };
}

/** Starts an extract refresh, unless one of the same item still waits or runs. */
export function startRefresh(site: Site, target: Workbook | Datasource, now: number): Job | "already running" {
  for (const job of site.jobs.values()) {
    if (job.kind === "refresh" && job.target === target && now < job.endsAt) return "already running";
  }
  const job: Job = {
    id: randomUUID(),
    kind: "refresh",
    title: target.name,
    subtitle: "views" in target ? "Workbook" : "Data Source",
    priority: 0,
    createdAt: now,
    startsAt: now + refreshWaits,
    endsAt: now + refreshWaits + refreshRuns,
    outcome: "Success",
    notes: "Finished refresh of extracts (new extract id).",
    target,
  };
  site.jobs.set(job.id, job);
  const oldest = site.jobs.keys().next();
  if (site.jobs.size > mostJobs && !oldest.done) site.jobs.delete(oldest.value);
  return job;
}

/** Cancels what has not ended: the job ends now. A job that has ended stays as it is. */
export function cancel(job: Job, now: number): void {
  if (now >= job.endsAt) return;
  job.startsAt = Math.min(job.startsAt, now);
  job.endsAt = now;
  job.outcome = "Cancelled";
}
