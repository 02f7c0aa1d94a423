import { inspectWorkbook } from "../../files/inspect.ts";
import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { created, type Reply } from "../../wire/reply.ts";
import { attribute, flag as booleanAttribute, element, read, repeated } from "../../wire/request-schema.ts";
import { publishedDatasource } from "../connections/from-file.ts";
import { startJob } from "../jobs/jobs.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { may } from "../permissions/effective.ts";
import { connectionShape, readCredentials } from "../publishing/credentials.ts";
import { namedIn } from "../publishing/names.ts";
import { flag } from "../publishing/parameters.ts";
import { discard, keep, type PublishedAs, type PublishRequest, readPublishRequest } from "../publishing/request.ts";
import { projectToPublishIn } from "../publishing/rights.ts";
import type { SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { WorkbookDraft } from "./draft.ts";
import { publishDraft } from "./publication.ts";
import { workbookResource } from "./resource.ts";

const asWorkbook: PublishedAs = {
  part: "tableau_workbook",
  typeParameter: "workbookType",
  types: ["twb", "twbx"],
  wrongType: "400020",
  missingType: "400035",
};

/** Views in one request that are hidden or shown. */
const mostViews = 2_000;

const publishSchema = element({
  workbook: element({
    name: attribute,
    description: attribute.optional(),
    showTabs: booleanAttribute.optional(),
    thumbnailsUserId: attribute.optional(),
    thumbnailsGroupId: attribute.optional(),
    // An older name for thumbnailsUserId (Tableau REST reference, "What's new": 2.x).
    generateThumbnailsAsUser: attribute.optional(),
    project: element({ id: attribute.optional() }).optional(),
    views: element({
      view: repeated(element({ name: attribute, hidden: booleanAttribute.optional() }), mostViews),
    }).optional(),
    ...connectionShape,
  }),
});

type Asked = Pick<WorkbookDraft, "overwrite"> & { asJob: boolean; skipConnectionCheck: boolean };

/** `POST S/workbooks`: publishes at once and answers 201, or with `asJob=true` as a job, which is answered 202. */
export async function publishWorkbook(call: SessionCall): Promise<Reply | Refusal> {
  const asked = readAsked(call);
  if (isRefusal(asked)) return asked;
  const request = await readPublishRequest(call, asWorkbook);
  if (isRefusal(request)) return request;
  const draft = await readDraft(call, request, asked);
  if (isRefusal(draft)) {
    await discard(call, request);
    // What is wrong with the file itself is found by the job.
    const isOfFile = draft.code === "400011" || draft.code === "403132";
    return asked.asJob && isOfFile ? failedJob(call, request, draft) : draft;
  }
  keep(call, request);
  const { site, user } = call.session;
  const { now } = call.scene;
  if (asked.asJob) {
    const onEnd = { effect: "workbookPublished", draft } as const;
    const job = startJob(site, { kind: "publishWorkbook", now, title: draft.name, startedBy: user, onEnd });
    return acceptedJob(job, call.scene);
  }
  const workbook = publishDraft({ world: call.world, site, at: now }, draft);
  const location = `/api/${restApiVersion}/sites/${site.id}/workbooks/${workbook.id}`;
  return created(draw(workbookResource, workbook, call.scene, alone), location);
}

function readAsked({ query }: SessionCall): Asked | Refusal {
  const overwrite = flag(query, "overwrite");
  if (isRefusal(overwrite)) return overwrite;
  const asJob = flag(query, "asJob");
  if (isRefusal(asJob)) return asJob;
  const skipConnectionCheck = flag(query, "skipConnectionCheck");
  if (isRefusal(skipConnectionCheck)) return skipConnectionCheck;
  return { overwrite, asJob, skipConnectionCheck };
}

async function readDraft(call: SessionCall, request: PublishRequest, asked: Asked): Promise<WorkbookDraft | Refusal> {
  const payload = read(publishSchema, request.content);
  if (isRefusal(payload)) return payload;
  const said = payload.workbook;
  const name = said.name.trim();
  if (name === "") return refuse("400000", "A workbook must have a name.");
  const credentials = readCredentials(said);
  if (credentials === "invalid") return refuse("400008", "The attribute embed must be true or false.");
  const project = projectToPublishIn(call, said.project?.id);
  if (isRefusal(project)) return project;
  const thumbnailsUserId = said.thumbnailsUserId ?? said.generateThumbnailsAsUser;
  const against =
    againstName(call, { name, project, overwrite: asked.overwrite }) ?? unknownUser(call, thumbnailsUserId);
  if (against !== undefined) return against;
  const inspected = await inspectWorkbook(call.world.files, request.file);
  const fault = "fault" in inspected ? inspected.fault : wrongType(request, inspected.fileType);
  if ("fault" in inspected || fault !== undefined) {
    return refuse("400011", `There was a problem publishing the file '${request.filename}': ${fault}.`);
  }
  if (!asked.skipConnectionCheck) {
    const lost = lostSource(call, inspected.contents);
    if (lost !== undefined)
      return refuse("403132", `${name} failed to establish a connection to your datasource: ${lost}.`);
  }
  return {
    name,
    description: said.description,
    showTabs: said.showTabs,
    thumbnailsUserId,
    thumbnailsGroupId: said.thumbnailsGroupId,
    project,
    publisher: call.session.user,
    overwrite: asked.overwrite,
    file: request.file,
    fileType: inspected.fileType,
    contents: inspected.contents,
    credentials,
    hidden: new Map(said.views?.view.map((view) => [view.name, view.hidden ?? false])),
  };
}

/** inferred: `overwrite=true` publishes a new workbook where there is none, as public clients rely on. */
function againstName(
  { session: { site, user } }: SessionCall,
  { name, project, overwrite }: Pick<WorkbookDraft, "name" | "project" | "overwrite">,
): Refusal | undefined {
  const existing = namedIn(site.workbooks, project, name);
  if (existing === undefined) return undefined;
  if (!overwrite) return refuse("403007", `There is already a workbook named '${name}' in this project.`);
  return may(user, "Write", existing)
    ? undefined
    : refuse("403007", `${user.name} isn't authorized to overwrite the workbook '${name}'.`);
}

function unknownUser({ session: { site } }: SessionCall, id: string | undefined): Refusal | undefined {
  const isKnown = id === undefined || id === "" || site.users.has(id.toLowerCase());
  return isKnown ? undefined : refuse("404002", `There is no user '${id}'.`);
}

function wrongType({ fileType }: PublishRequest, found: string): string | undefined {
  return fileType === found ? undefined : `it is no .${fileType} but a .${found}`;
}

/** Databases can't be tried here; that a published data source is not on the site is known. */
function lostSource(
  { session: { site } }: SessionCall,
  { datasources }: WorkbookDraft["contents"],
): string | undefined {
  const published = datasources.flatMap(({ connections }) =>
    connections.flatMap(({ publishedAs }) => publishedAs ?? []),
  );
  const lost = published.find((contentUrl) => publishedDatasource(site, contentUrl) === undefined);
  return lost === undefined ? undefined : `there is no published data source '${lost}'`;
}

function failedJob({ session, scene }: SessionCall, { filename }: PublishRequest, { detail }: Refusal): Reply {
  const { site, user } = session;
  const failed = { outcome: "Failed", notes: detail } as const;
  const job = startJob(site, { kind: "publishWorkbook", now: scene.now, title: filename, startedBy: user, ...failed });
  return acceptedJob(job, scene);
}
