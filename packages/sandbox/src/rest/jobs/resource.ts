import { detail, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered, substring } from "../../query/operators.ts";
import { type Element, record, text } from "../../wire/element.ts";
import { stateOf } from "./jobs.ts";
import type { Job, JobKind } from "./model.ts";

/**
 * How the two shapes name a kind of job: `listed` in `backgroundJob.jobType`, `queried` in `job.type`.
 * inferred: the listed names other than refresh_extracts and single_subscription_notify; the schema's 3.27 has no
 * queried name for subscriptions.
 */
const kinds: Record<JobKind, { listed: string; queried: string | undefined }> = {
  refresh: { listed: "refresh_extracts", queried: "RefreshExtract" },
  flow: { listed: "run_flow", queried: "RunFlow" },
  subscription: { listed: "single_subscription_notify", queried: undefined },
  thumbnails: { listed: "refresh_thumbnails", queried: "RefreshThumbnails" },
  publishWorkbook: { listed: "publish_workbook", queried: "PublishWorkbook" },
  publishDatasource: { listed: "publish_datasource", queried: "PublishDatasource" },
  users: { listed: "create_site_users_csv", queried: "CreateSiteUsersCsv" },
};

/** A job in lists. */
export const backgroundJobResource: Resource<Job> = {
  element: "backgroundJob",
  plural: "backgroundJobs",
  attributes: [
    { name: "id", type: "luid", from: (job) => job.id },
    { name: "status", type: "string", from: (job, { now }) => stateOf(job, now).status, filter: exactly },
    { name: "createdAt", type: "dateTime", from: (job) => job.createdAt, filter: ordered, sort: true },
    {
      name: "startedAt",
      type: "dateTime",
      from: (job, { now }) => stateOf(job, now).startedAt,
      filter: ordered,
      sort: true,
    },
    { name: "endedAt", type: "dateTime", from: (job, { now }) => stateOf(job, now).endedAt },
    { name: "priority", type: "integer", from: (job) => job.priority, filter: ordered, sort: true },
    { name: "jobType", type: "string", from: (job) => kinds[job.kind].listed, filter: equality, sort: true },
    { name: "title", type: "string", from: (job) => job.title, filter: substring, sort: true },
    { name: "subtitle", type: "string", from: (job) => job.subtitle, filter: substring, sort: true },
    // Filters say completedAt where the list shows endedAt.
    {
      name: "completedAt",
      type: "dateTime",
      from: (job, { now }) => stateOf(job, now).endedAt,
      show: "never",
      filter: ordered,
      sort: true,
    },
    {
      name: "progress",
      type: "integer",
      from: (job, { now }) => stateOf(job, now).progress,
      show: "never",
      filter: ordered,
      sort: true,
    },
    { name: "notes", type: "string", from: (job) => job.notes, show: "never", filter: ["has"] },
  ],
};

/** A job alone: other names for the same facts. It is done when completedAt is there; finishCode comes with it. */
export const jobResource: Resource<Job> = {
  element: "job",
  plural: "jobs",
  attributes: [
    { name: "id", type: "luid", from: (job) => job.id },
    { name: "mode", type: "string", from: () => "Asynchronous" },
    { name: "type", type: "string", from: (job) => kinds[job.kind].queried },
    { name: "progress", type: "integer", from: (job, { now }) => stateOf(job, now).progress },
    { name: "createdAt", type: "dateTime", from: (job) => job.createdAt },
    { name: "startedAt", type: "dateTime", from: (job, { now }) => stateOf(job, now).startedAt },
    {
      name: "updatedAt",
      type: "dateTime",
      from(job, { now }) {
        const state = stateOf(job, now);
        return state.endedAt ?? state.startedAt ?? job.createdAt;
      },
    },
    { name: "completedAt", type: "dateTime", from: (job, { now }) => stateOf(job, now).endedAt },
    { name: "finishCode", type: "integer", from: (job, { now }) => finishCode(stateOf(job, now).status) },
  ],
  children: [detail("extractRefreshJob", (job, { now }) => extractRefresh(job, now))],
};

function finishCode(status: ReturnType<typeof stateOf>["status"]): number | undefined {
  return status === "Success" ? 0 : status === "Failed" ? 1 : status === "Cancelled" ? 2 : undefined;
}

function extractRefresh(job: Job, now: number): Element | undefined {
  if (job.kind !== "refresh" || job.target === undefined) return undefined;
  const name = "views" in job.target ? "workbook" : "datasource";
  const notes = stateOf(job, now).endedAt === undefined ? "" : job.notes;
  const target = record(name, { id: job.target.id, name: job.target.name });
  return record("extractRefreshJob", {}, [text("notes", notes), target]);
}
