import { detail, draw, inLists, type Resource, type Scene } from "../../query/description.ts";
import { equality, exactly, ordered, substring } from "../../query/operators.ts";
import { type Element, list, record, text } from "../../wire/element.ts";
import { accepted, answer, type Reply } from "../../wire/reply.ts";
import { stateOf } from "./jobs.ts";
import { jobKinds } from "./kinds.ts";
import type { Job, StatusNote } from "./model.ts";
import { isRefresh } from "./refresh.ts";

/** A job in lists. */
export const backgroundJobResource: Resource<Job> = {
  element: "backgroundJob",
  plural: "backgroundJobs",
  alias: "job",
  attributes: [
    { name: "id", type: "luid", from: (job) => job.id },
    { name: "status", type: "string", from: (job, { now }) => stateOf(job, now).status, filter: exactly, sort: true },
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
    { name: "jobType", type: "string", from: (job) => jobKinds[job.kind].listed, filter: equality, sort: true },
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
    // inferred: what the arguments of a job are.
    { name: "args", type: "string", from: argumentsOf, show: "never", filter: ["has"] },
  ],
};

/** A job alone: other names for the same facts. It is done when completedAt is there; finishCode comes with it. */
export const jobResource: Resource<Job> = {
  element: "job",
  plural: "jobs",
  attributes: [
    { name: "id", type: "luid", from: (job) => job.id },
    { name: "mode", type: "string", from: () => "Asynchronous" },
    { name: "type", type: "string", from: (job) => jobKinds[job.kind].queried },
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
  children: [
    detail("statusNotes", ({ statusNotes }) => (statusNotes.length === 0 ? undefined : notesElement(statusNotes))),
    detail("updateUploadedFileJob", uploadedFile),
    detail("extractRefreshJob", extractRefresh),
    detail("subscriptionJobType", subscription),
    detail("runFlowJobType", runFlow),
    detail("thumbnailsRefreshJob", thumbnails),
  ],
};

function finishCode(status: ReturnType<typeof stateOf>["status"]): number | undefined {
  return status === "Success" ? 0 : status === "Failed" ? 1 : status === "Cancelled" ? 2 : undefined;
}

function argumentsOf({ target }: Job): string {
  return target === undefined ? "" : `${target.type} ${target.item.id}`;
}

function notesElement(notes: readonly StatusNote[]): Element {
  return list(
    "statusNotes",
    "statusNote",
    notes.map((note) => record("statusNote", note)),
  );
}

/** What a job has to say is known when it has ended; until then the element is empty. */
function notesOf(job: Job, { now }: Scene): Element {
  return text("notes", stateOf(job, now).endedAt === undefined ? "" : job.notes);
}

function referTo(name: string, { id, name: title }: { id: string; name: string }): Element {
  return record(name, { id, name: title });
}

function extractRefresh(job: Job, scene: Scene): Element | undefined {
  const { target } = job;
  if (!isRefresh(job) || (target?.type !== "workbook" && target?.type !== "datasource")) return undefined;
  return record("extractRefreshJob", {}, [notesOf(job, scene), referTo(target.type, target.item)]);
}

function uploadedFile(job: Job, scene: Scene): Element | undefined {
  if (job.target?.type !== "upload") return undefined;
  const { item, connectionId } = job.target;
  const parts = [referTo("datasource", item), text("connectionLuid", connectionId), notesOf(job, scene)];
  return record("updateUploadedFileJob", {}, parts);
}

function subscription(job: Job, scene: Scene): Element | undefined {
  if (job.target?.type !== "subscription") return undefined;
  const { id, subject } = job.target.item;
  const parts = [notesOf(job, scene), text("subscriptionId", id), text("subscriptionSubject", subject)];
  return record("subscriptionJobType", {}, parts);
}

function runFlow(job: Job, scene: Scene): Element | undefined {
  if (job.target?.type !== "flow") return undefined;
  const { item, runId } = job.target;
  return record("runFlowJobType", { flowRunId: runId }, [notesOf(job, scene), referTo("flow", item)]);
}

function thumbnails({ id, kind, target }: Job): Element | undefined {
  if (kind !== "thumbnails" || target?.type !== "workbook") return undefined;
  return record("thumbnailsRefreshJob", {}, [text("jobLuid", id), referTo("workbook", target.item)]);
}

/** 202 with the job that has begun. */
export function acceptedJob(job: Job, scene: Scene): Reply {
  return accepted(draw(jobResource, job, scene, inLists));
}

/** 200 with the job: how Tableau answers `runNow` and running a flow. */
export function startedJob(job: Job, scene: Scene): Reply {
  return answer(draw(jobResource, job, scene, inLists));
}
