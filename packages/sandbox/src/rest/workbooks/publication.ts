import { randomUUID } from "node:crypto";
import type { SourceDescription } from "../../files/contents.ts";
import { contentUrlOf } from "../../site/content.ts";
import type { Site } from "../../site/site.ts";
import { connectionsOfSource } from "../connections/from-file.ts";
import { applyCredentials } from "../publishing/credentials.ts";
import { freeContentUrl, namedIn, nextNumber } from "../publishing/names.ts";
import type { Here } from "../publishing/publish.ts";
import { addRevision } from "../revisions/revisions.ts";
import type { View } from "../views/model.ts";
import type { Sheet } from "../views/sheet.ts";
import type { WorkbookDraft } from "./draft.ts";
import type { EmbeddedDatasource, Workbook } from "./model.ts";
import { removeView } from "./removal.ts";
import { sheetsFromFile } from "./sheets-from-file.ts";

/** Publishes a draft that nothing stands against: a new workbook, or a new revision of the one with its name. */
export function publishDraft(here: Here, draft: WorkbookDraft): Workbook {
  const { world, site, at } = here;
  const existing = namedIn(site.workbooks, draft.project, draft.name);
  const workbook = existing ?? newWorkbook(here, draft);
  const { file, fileType, publisher } = draft;
  Object.assign(workbook, changesOf(site, workbook, draft));
  addRevision(workbook, world.files, { publisher, publishedAt: at, file, fileType });
  setViews(here, workbook, draft);
  site.workbooks.set(workbook.id, workbook);
  const name = existing === undefined ? "WorkbookCreated" : "WorkbookUpdated";
  world.events.emit({ name, site, resource: "WORKBOOK", item: workbook, at });
  return workbook;
}

function newWorkbook({ site, at }: Here, { name, project, publisher }: WorkbookDraft): Workbook {
  return {
    id: randomUUID(),
    number: nextNumber(site.workbooks),
    name,
    contentUrl: freeContentUrl(site.workbooks, name, "Workbook"),
    description: "",
    project,
    owner: publisher,
    tags: [],
    views: [],
    connections: [],
    datasources: [],
    parameters: [],
    showTabs: false,
    hasExtracts: false,
    encryptExtracts: false,
    size: 1,
    revisions: [],
    thumbnailsUserId: undefined,
    thumbnailsGroupId: undefined,
    createdAt: at,
    updatedAt: at,
  };
}

/** What a workbook takes over from the file and the request. inferred: who overwrites a workbook becomes its owner. */
function changesOf(site: Site, workbook: Workbook, draft: WorkbookDraft): Partial<Workbook> {
  const { contents, publisher, credentials } = draft;
  const sources = contents.datasources.map((source) => ({ source, embedded: embeddedOf(source) }));
  const connections = sources.flatMap(({ source, embedded }) => connectionsOfSource(site, source, embedded));
  applyCredentials(connections, credentials);
  return {
    description: draft.description ?? workbook.description,
    showTabs: draft.showTabs ?? workbook.showTabs,
    thumbnailsUserId: draft.thumbnailsUserId ?? workbook.thumbnailsUserId,
    thumbnailsGroupId: draft.thumbnailsGroupId ?? workbook.thumbnailsGroupId,
    owner: publisher,
    connections,
    datasources: sources.map(({ embedded }) => embedded),
    parameters: contents.parameters,
    hasExtracts: contents.datasources.some(({ hasExtract }) => hasExtract),
  };
}

function embeddedOf({ name, fields, hasExtract, connections }: SourceDescription): EmbeddedDatasource {
  const isPublished = connections.some(({ publishedAs }) => publishedAs !== undefined);
  return { id: randomUUID(), name, hasExtract, fields: isPublished ? [] : fields };
}

/** Makes the workbook's views those of the file. A sheet with a name that was there before stays the same view. */
function setViews(here: Here, workbook: Workbook, { contents, hidden }: WorkbookDraft): void {
  const { world, site, at } = here;
  const sheets = sheetsFromFile(contents.sheets, workbook);
  const former = new Map(workbook.views.map((view) => [view.name, view]));
  const shown = contents.sheets.filter(({ name, isHidden }) => !(hidden.get(name) ?? isHidden));
  const urls = new Set<string>();
  workbook.updatedAt = at;
  workbook.views = shown.flatMap(({ name }) => {
    const sheet = sheets.get(name);
    if (sheet === undefined) return [];
    const view = viewOf(workbook, { name, sheet, viewUrlName: freeUrlName(urls, name) }, former.get(name));
    former.delete(name);
    site.views.set(view.id, view);
    return [view];
  });
  for (const view of former.values()) removeView({ world, site, at }, view);
}

type Shown = { name: string; sheet: Sheet; viewUrlName: string };

function viewOf(workbook: Workbook, shown: Shown, former: View | undefined): View {
  const { updatedAt } = workbook;
  const changes = { ...shown, sheetType: shown.sheet.kind, updatedAt };
  if (former !== undefined) return Object.assign(former, changes);
  return { id: randomUUID(), ...changes, workbook, tags: [], totalViewCount: 0, createdAt: updatedAt };
}

function freeUrlName(taken: Set<string>, name: string): string {
  const base = contentUrlOf(name) || "Sheet";
  let free = base;
  for (let number = 1; taken.has(free.toLowerCase()); number++) free = `${base}_${number}`;
  taken.add(free.toLowerCase());
  return free;
}
