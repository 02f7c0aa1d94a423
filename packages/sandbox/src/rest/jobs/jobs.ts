import { randomUUID } from "node:crypto";
import type { Site } from "../../site/site.ts";
import { jobKinds } from "./kinds.ts";
import type { Job, JobKind } from "./model.ts";

/** More than this on a site and the oldest are forgotten; one that had not ended then never does. */
const mostJobs = 10_000;

/** How long a job waits and then runs unless said otherwise, in ms: long enough to be seen moving. */
const usuallyWaits = 1_000;
const usuallyRuns = 3_000;

export type JobState = {
  status: "Pending" | "InProgress" | Job["outcome"];
  /** 0 to 100. */
  progress: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
};

/** What a new job is: when it is made, what it does, and what differs from the usual. */
export type JobStart = { kind: JobKind; now: number; title: string } & Partial<
  Pick<
    Job,
    "subtitle" | "priority" | "outcome" | "notes" | "statusNotes" | "target" | "startedBy" | "onStart" | "onEnd"
  >
> & {
    /** In ms. */
    waits?: number;
    runs?: number;
  };

/**
 * Starts a job. What is to happen when it starts or ends is an effect, see effects.ts: it happens as soon as the
 * sandbox's clock is past that moment, and for `onEnd` unless the job is cancelled before.
 *
 * @example
 * const job = startJob(site, { kind: "thumbnails", now: call.scene.now, title: workbook.name, startedBy: user });
 * return acceptedJob(job, call.scene);
 */
export function startJob(site: Site, start: JobStart): Job {
  const { now, waits = usuallyWaits, runs = usuallyRuns, ...given } = start;
  const job: Job = {
    id: randomUUID(),
    subtitle: jobKinds[start.kind].subtitle,
    priority: 50,
    createdAt: now,
    startsAt: now + waits,
    endsAt: now + waits + runs,
    outcome: "Success",
    notes: "",
    statusNotes: [],
    target: undefined,
    startedBy: undefined,
    onStart: undefined,
    onEnd: undefined,
    ...given,
  };
  keepJob(site, job);
  return job;
}

/** Adds a job to its site, the oldest out. */
export function keepJob(site: Site, job: Job): void {
  site.jobs.set(job.id, job);
  if (job.onStart !== undefined || job.onEnd !== undefined) site.openJobs.add(job);
  const [oldest] = site.jobs.size > mostJobs ? site.jobs.values() : [];
  if (oldest === undefined) return;
  site.jobs.delete(oldest.id);
  site.openJobs.delete(oldest);
}

/** What a job looks like at a moment. */
export function stateOf(job: Job, now: number): JobState {
  if (now < job.startsAt) return { status: "Pending", progress: 0, startedAt: undefined, endedAt: undefined };
  if (now < job.endsAt) {
    const progress = Math.floor((100 * (now - job.startsAt)) / (job.endsAt - job.startsAt));
    return { status: "InProgress", progress, startedAt: job.startsAt, endedAt: undefined };
  }
  return { status: job.outcome, progress: 100, startedAt: job.startsAt, endedAt: job.endsAt };
}

/** Cancels what has not ended: the job ends now and its effects don't happen. */
export function cancel(site: Site, job: Job, now: number): "cancelled" | "already ended" {
  if (now >= job.endsAt) return "already ended";
  job.startsAt = Math.min(job.startsAt, now);
  job.endsAt = now;
  job.outcome = "Cancelled";
  job.notes = "The job was cancelled.";
  site.openJobs.delete(job);
  return "cancelled";
}
