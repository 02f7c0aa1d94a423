import { inspectWorkbook } from "../../files/inspect.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, flag, read, repeated } from "../../wire/request-schema.ts";
import { publishedDatasource } from "../connections/from-file.ts";
import type { Ending, Moment } from "../jobs/effects.ts";
import type { Project } from "../projects/model.ts";
import { connectionShape } from "../publishing/credentials.ts";
import { againstName, namedIn } from "../publishing/names.ts";
import { readPlace } from "../publishing/place.ts";
import { type Asked, badFile, type Publishing, publishAtEnd } from "../publishing/publish.ts";
import type { PublishRequest } from "../publishing/request.ts";
import type { SessionCall } from "../route.ts";
import type { WorkbookDraft } from "./draft.ts";
import type { Workbook } from "./model.ts";
import { publishDraft } from "./publication.ts";
import { workbookResource } from "./resource.ts";

/** Views in one request that are hidden or shown. */
const mostViews = 2_000;

const publishSchema = element({
  workbook: element({
    name: attribute,
    description: attribute.optional(),
    showTabs: flag.optional(),
    thumbnailsUserId: attribute.optional(),
    thumbnailsGroupId: attribute.optional(),
    // An older name for thumbnailsUserId (Tableau REST reference, "What's new": 2.x).
    generateThumbnailsAsUser: attribute.optional(),
    project: element({ id: attribute.optional() }).optional(),
    views: element({
      view: repeated(element({ name: attribute, hidden: flag.optional() }), mostViews),
    }).optional(),
    ...connectionShape,
  }),
});

export const workbookPublishing: Publishing<WorkbookDraft, Workbook> = {
  path: "workbooks",
  part: "tableau_workbook",
  typeParameter: "workbookType",
  types: ["twb", "twbx"],
  codes: { wrongType: "400020", missingType: "400035", broken: "400011" },
  items: (site) => site.workbooks,
  resource: workbookResource,
  job: "publishWorkbook",
  readDraft,
  publish: publishDraft,
  effect: (draft) => ({ effect: "workbookPublished", draft }),
};

/** Effect: publishes at the end of a job. */
export function workbookPublished(moment: Moment, draft: WorkbookDraft): Ending {
  const published = publishAtEnd(moment, draft, workbookPublishing);
  if ("outcome" in published) return published;
  moment.job.target = { type: "workbook", item: published };
  return {};
}

async function readDraft(call: SessionCall, request: PublishRequest, asked: Asked): Promise<WorkbookDraft | Refusal> {
  const payload = read(publishSchema, request.content);
  if (isRefusal(payload)) return payload;
  const said = payload.workbook;
  const place = readPlace(call, said, refuse("400000", "A workbook can't be named so."));
  if (isRefusal(place)) return place;
  const { name, project } = place;
  const thumbnailsUserId = said.thumbnailsUserId ?? said.generateThumbnailsAsUser;
  const against = againstName(call, asked, namedIn(call.session.site.workbooks, project, name));
  const refused = against ?? concurrent(call, project, name) ?? unknownUser(call, thumbnailsUserId);
  if (refused !== undefined) return refused;
  const inspected = await inspectWorkbook(call.world.files, request.file, request.fileType);
  if (inspected.kind === "fault") return badFile(request, inspected.fault, workbookPublishing);
  if (!asked.skipConnectionCheck) {
    const lost = lostSource(call, inspected.contents);
    if (lost !== undefined)
      return refuse("403132", `${name} failed to establish a connection to your datasource: ${lost}.`);
  }
  return {
    ...place,
    description: said.description,
    showTabs: said.showTabs,
    thumbnailsUserId,
    thumbnailsGroupId: said.thumbnailsGroupId,
    overwrite: asked.overwrite,
    file: request.file,
    fileType: inspected.fileType,
    contents: inspected.contents,
    hidden: new Map(said.views?.view.map((view) => [view.name, view.hidden ?? false])),
  };
}

/** One job at a time publishes a workbook. */
function concurrent({ session: { site } }: SessionCall, project: Project, name: string): Refusal | undefined {
  for (const { onEnd } of site.openJobs) {
    if (onEnd?.effect !== "workbookPublished" || onEnd.draft.project !== project) continue;
    if (onEnd.draft.name.toLowerCase() !== name.toLowerCase()) continue;
    return refuse("403131", `The workbook '${name}' is already being published.`);
  }
  return undefined;
}

function unknownUser({ session: { site } }: SessionCall, id: string | undefined): Refusal | undefined {
  const isKnown = id === undefined || id === "" || site.users.has(id.toLowerCase());
  return isKnown ? undefined : refuse("404002", `There is no user '${id}'.`);
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
