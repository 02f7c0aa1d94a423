import type { FileStore } from "../../files/store.ts";
import { alone, draw, type Resource } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { created, type Reply } from "../../wire/reply.ts";
import type { World } from "../../world.ts";
import type { Effect } from "../jobs/effects.ts";
import { startJob } from "../jobs/jobs.ts";
import type { Job, JobKind } from "../jobs/model.ts";
import { acceptedJob } from "../jobs/resource.ts";
import type { SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { flag } from "./parameters.ts";
import { discard, keep, type PublishedAs, type PublishRequest, readPublishRequest } from "./request.ts";

/** Where and when something is published. */
export type Here = { world: World; site: Site; at: number };

/** What a request asks for beside what it publishes. */
export type Asked = { overwrite: boolean; append: boolean; asJob: boolean; skipConnectionCheck: boolean };

/**
 * How one kind of content is published. What is about to be published is a draft: data that a site can be kept with,
 * for a job publishes it when it ends.
 */
export type Publishing<Draft extends { name: string }, Item extends { id: string }> = PublishedAs & {
  /** Its part of the path, e.g. `workbooks`. */
  path: string;
  resource: Resource<Item>;
  job: JobKind;
  /** Everything that may stand against it is found here. */
  readDraft: (call: SessionCall, request: PublishRequest, asked: Asked) => Promise<Draft | Refusal>;
  publish: (here: Here, draft: Draft) => Item;
  /** What publishes at the end of a job. */
  effect: (draft: Draft) => Effect;
};

/** Publishes at once and answers 201 with what was published, or with `asJob=true` 202 with the job that will. */
export async function publish<Draft extends { name: string }, Item extends { id: string }>(
  call: SessionCall,
  kind: Publishing<Draft, Item>,
): Promise<Reply | Refusal> {
  const asked = readAsked(call.query);
  if (isRefusal(asked)) return asked;
  const request = await readPublishRequest(call, kind);
  if (isRefusal(request)) return request;
  const draft = await kind.readDraft(call, request, asked);
  if (isRefusal(draft)) {
    await discard(call, request);
    return asked.asJob && isOfFile(draft) ? failedJob(call, kind.job, request, draft) : draft;
  }
  keep(call, request);
  const { site, user } = call.session;
  const { now } = call.scene;
  if (asked.asJob) {
    const onEnd = kind.effect(draft);
    return acceptedJob(startJob(site, { kind: kind.job, now, title: draft.name, startedBy: user, onEnd }), call.scene);
  }
  const item = kind.publish({ world: call.world, site, at: now }, draft);
  const location = `/api/${restApiVersion}/sites/${site.id}/${kind.path}/${item.id}`;
  return created(draw(kind.resource, item, call.scene, alone), location);
}

function readAsked(query: URLSearchParams): Asked | Refusal {
  const asked = { overwrite: false, append: false, replace: false, asJob: false, skipConnectionCheck: false };
  for (const name of ["overwrite", "append", "replace", "asJob", "skipConnectionCheck"] as const) {
    const value = flag(query, name);
    if (isRefusal(value)) return value;
    asked[name] = value;
  }
  // TSC's third mode. inferred: data that replaces the data there is takes the place of the file that held it.
  asked.overwrite ||= asked.replace;
  return asked.overwrite && asked.append ? refuse("400055", "Either overwrite or append can be true.") : asked;
}

/** Removes the file of what a cancelled job was to publish. What can't be removed now is removed with the directory. */
export function abandon(files: FileStore, { onEnd }: Job): void {
  if (onEnd !== undefined && "draft" in onEnd) files.remove(onEnd.draft.file).catch(() => {});
}

/** The refusal of a file that is not what it should be. */
export function badFile({ filename }: PublishRequest, fault: string): Refusal {
  return refuse("400011", `There was a problem publishing the file '${filename}': ${fault}.`);
}

/** With a job, what is wrong with the file itself is what the job finds. */
function isOfFile({ code }: Refusal): boolean {
  return code === "400011" || code === "403132";
}

function failedJob(
  { session, scene }: SessionCall,
  kind: JobKind,
  request: PublishRequest,
  { detail }: Refusal,
): Reply {
  const failed = { outcome: "Failed", notes: detail } as const;
  const start = { kind, now: scene.now, title: request.filename, startedBy: session.user, ...failed };
  return acceptedJob(startJob(session.site, start), scene);
}
