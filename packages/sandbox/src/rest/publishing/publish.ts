import type { FileStore, StoredFile } from "../../files/store.ts";
import { alone, draw, type Resource } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { created, type Reply } from "../../wire/reply.ts";
import type { World } from "../../world.ts";
import type { Effect, Ending, Moment } from "../jobs/effects.ts";
import { startJob } from "../jobs/jobs.ts";
import type { Job, JobKind } from "../jobs/model.ts";
import { acceptedJob } from "../jobs/resource.ts";
import type { ProjectItem } from "../permissions/content.ts";
import type { Project } from "../projects/model.ts";
import type { SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { namedIn, nameTaken } from "./names.ts";
import { flag } from "./parameters.ts";
import { discard, keep, type PublishedAs, type PublishRequest, readPublishRequest } from "./request.ts";

/** Where and when something is published. */
export type Here = { world: World; site: Site; at: number };

/** What a request asks for beside what it publishes. */
export type Asked = { overwrite: boolean; append: boolean; asJob: boolean; skipConnectionCheck: boolean };

/** What is about to be published: data that a site can be kept with, for a job publishes it when it ends. */
export type Draft = { name: string; project: Project; overwrite: boolean; append?: boolean; file: StoredFile };

/** How one kind of content is published. */
export type Publishing<One extends Draft, Item extends Published> = PublishedAs & {
  /** Its part of the path, e.g. `workbooks`. */
  path: string;
  items: (site: Site) => ReadonlyMap<string, Item>;
  resource: Resource<Item>;
  job: JobKind;
  /** Everything that may stand against it is found here. */
  readDraft: (call: SessionCall, request: PublishRequest, asked: Asked) => Promise<One | Refusal>;
  /** Makes something new, or changes what has the name. Nothing stands against it. */
  publish: (here: Here, draft: One) => Item;
  /** What publishes at the end of a job: it calls `publishAtEnd`. */
  effect: (draft: One) => Effect;
};

type Published = ProjectItem;

/** Workbooks of one site, and data sources, and flows; more than a hundredfold site has. */
const mostItems = 50_000;

/** Publishes at once and answers 201 with what was published, or with `asJob=true` 202 with the job that will. */
export async function publish<One extends Draft, Item extends Published>(
  call: SessionCall,
  kind: Publishing<One, Item>,
): Promise<Reply | Refusal> {
  const asked = readAsked(call.query);
  if (isRefusal(asked)) return asked;
  const request = await readPublishRequest(call, kind);
  if (isRefusal(request)) return request;
  const draft = await kind.readDraft(call, request, asked);
  if (isRefusal(draft)) {
    await discard(call, request);
    return asked.asJob && isOfFile(draft, kind) ? failedJob(call, kind.job, request, draft) : draft;
  }
  const { site, user } = call.session;
  const { now } = call.scene;
  const against = obstacle(site, draft, kind);
  if (against !== undefined) {
    await discard(call, request);
    return against;
  }
  keep(call, request);
  if (asked.asJob) {
    const onEnd = kind.effect(draft);
    return acceptedJob(startJob(site, { kind: kind.job, now, title: draft.name, startedBy: user, onEnd }), call.scene);
  }
  const item = kind.publish({ world: call.world, site, at: now }, draft);
  const location = `/api/${restApiVersion}/sites/${site.id}/${kind.path}/${item.id}`;
  return created(draw(kind.resource, item, call.scene, alone), location);
}

/** At the end of its job: publishes a draft, unless something has come to stand against it. */
export function publishAtEnd<One extends Draft, Item extends Published>(
  { world, site, at }: Moment,
  draft: One,
  kind: Publishing<One, Item>,
): Item | (Ending & { outcome: "Failed" }) {
  const against = obstacle(site, draft, kind);
  if (against === undefined) return kind.publish({ world, site, at }, draft);
  world.files.remove(draft.file).catch(() => {});
  return { outcome: "Failed", notes: against.detail };
}

/** What has come to stand against a draft since it was made: others publish, rename and delete meanwhile. */
function obstacle<One extends Draft, Item extends Published>(
  site: Site,
  { name, project, overwrite, append = false }: One,
  { items }: Publishing<One, Item>,
): Refusal | undefined {
  if (site.projects.get(project.id) !== project)
    return refuse("404005", `There is no project '${project.id}' any more.`);
  const existing = namedIn(items(site), project, name);
  if (existing !== undefined) return overwrite || append ? undefined : nameTaken(existing);
  if (append) return refuse("404004", `There is no '${name}' to append to any more.`);
  const isFull = items(site).size >= mostItems;
  return isFull ? refuse("403008", `A site has at most ${mostItems} things of one kind here.`) : undefined;
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
export function badFile({ filename }: PublishRequest, fault: string, { codes }: PublishedAs): Refusal {
  return refuse(codes.broken, `There was a problem publishing the file '${filename}': ${fault}.`);
}

/** With a job, what is wrong with the file itself is what the job finds. */
function isOfFile({ code }: Refusal, { codes }: PublishedAs): boolean {
  return code === codes.broken || code === "403132";
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
