import type { Scope } from "../../auth/scopes.ts";
import { drawPage } from "../../query/listing.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, type RefusalCode, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import type { ProjectItem } from "../permissions/content.ts";
import { may } from "../permissions/effective.ts";
import type { Capability } from "../permissions/model.ts";
import { type Download, download } from "../publishing/download.ts";
import { type Collection, find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { Revision } from "./model.ts";
import { revisionResource } from "./resource.ts";
import { currentRevision, forget, type Revised } from "./revisions.ts";

type Item = ProjectItem & Revised;

/** How the files of one kind of content are downloaded, the current one and those before. */
export type FilesOf<One extends Item> = {
  collection: Collection<One>;
  describe: (item: One, revision: Revision, site: Site) => Download;
  scopes: { read: Scope; download: Scope; delete: Scope };
  /** For who may not download it, and who may not see its revisions. */
  mayNotDownload: RefusalCode;
  mayNotList: RefusalCode;
};

/** `GET content`, and the routes of revisions. */
export function fileRoutes<One extends Item>(of: FilesOf<One>): readonly Route[] {
  const { collection, scopes } = of;
  const template = `/sites/{siteId}/${collection.path}/{id}`;
  const shared = { kind: "session", body: "none", role: "explorer" } as const;
  return [
    {
      ...shared,
      method: "GET",
      template: `${template}/content`,
      jwt: scopes.download,
      handle: (call: SessionCall) => downloadCurrent(of, call),
    },
    {
      ...shared,
      method: "GET",
      template: `${template}/revisions`,
      jwt: scopes.read,
      handle: (call: SessionCall) => listRevisions(of, call),
    },
    {
      ...shared,
      method: "GET",
      template: `${template}/revisions/{number}/content`,
      jwt: scopes.download,
      handle: (call: SessionCall) => downloadRevision(of, call),
    },
    {
      ...shared,
      method: "DELETE",
      template: `${template}/revisions/{number}`,
      jwt: scopes.delete,
      handle: (call: SessionCall) => deleteRevision(of, call),
    },
  ];
}

function findFor<One extends Item>(
  { collection }: FilesOf<One>,
  call: SessionCall,
  { capability, code }: { capability: Capability; code: RefusalCode },
): One | Refusal {
  const item = find(collection, call);
  if (isRefusal(item) || may(call.session.user, capability, item)) return item;
  return refuse(code, `${call.session.user.name} isn't authorized to do this with '${item.id}' (${capability}).`);
}

function downloadCurrent<One extends Item>(of: FilesOf<One>, call: SessionCall): Promise<Reply | Refusal> | Refusal {
  const item = findFor(of, call, { capability: "ExportXml", code: of.mayNotDownload });
  if (isRefusal(item)) return item;
  return download(call, of.describe(item, currentRevision(item), call.session.site));
}

/** inferred: who may download something may see what it was. */
function listRevisions<One extends Item>(of: FilesOf<One>, call: SessionCall): Reply | Refusal {
  const item = findFor(of, call, { capability: "ExportXml", code: of.mayNotList });
  if (isRefusal(item)) return item;
  const current = currentRevision(item);
  const listed = item.revisions.map((revision) => ({ revision, isCurrent: revision === current }));
  const elements = drawPage(revisionResource, listed, call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function downloadRevision<One extends Item>(of: FilesOf<One>, call: SessionCall): Promise<Reply | Refusal> | Refusal {
  const item = findFor(of, call, { capability: "ExportXml", code: of.mayNotDownload });
  if (isRefusal(item)) return item;
  const revision = numbered(item, call);
  return isRefusal(revision) ? revision : download(call, of.describe(item, revision, call.session.site));
}

function deleteRevision<One extends Item>(of: FilesOf<One>, call: SessionCall): Reply | Refusal {
  const item = findFor(of, call, { capability: "Write", code: "403004" });
  if (isRefusal(item)) return item;
  const revision = numbered(item, call);
  if (isRefusal(revision)) return revision;
  if (revision === currentRevision(item)) return refuse("403055", "The current revision can't be removed.");
  forget(call.world.files, revision);
  revision.file = undefined;
  revision.isDeleted = true;
  return done;
}

function numbered({ revisions }: Revised, { parameters }: SessionCall): Revision | Refusal {
  const revision = revisions.find(({ number }) => String(number) === parameters.number);
  if (revision !== undefined && revision.isDeleted !== true) return revision;
  return refuse("404024", `There is no revision ${parameters.number}.`);
}
