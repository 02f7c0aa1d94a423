import { draw, inLists } from "../../query/description.ts";
import { parseFields } from "../../query/fields.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { connectionRoutes, severalConnectionsRoute } from "../connections/routes.ts";
import { startRefresh } from "../jobs/refresh.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { readerOf } from "../permissions/effective.ts";
import { refuseUnless } from "../permissions/require.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { publish } from "../publishing/publish.ts";
import { find, listRoute, readItem } from "../reading.ts";
import { fileRoutes } from "../revisions/routes.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { viewResource } from "../views/resource.ts";
import { withUsage } from "../views/usage.ts";
import { workbooks } from "./collection.ts";
import { workbookDocument } from "./document.ts";
import { workbookPublishing } from "./publish.ts";
import { removeWorkbook } from "./removal.ts";
import { updateWorkbook } from "./update.ts";
import { validateWorkbook } from "./validate.ts";

const all = "/sites/{siteId}/workbooks";
const one = `${all}/{id}`;

export const workbookRoutes: readonly Route[] = [
  listRoute(workbooks),
  {
    kind: "session",
    method: "POST",
    template: all,
    body: "stream",
    jwt: "tableau:workbooks:create",
    role: "anyone",
    handle: (call) => publish(call, workbookPublishing),
  },
  {
    kind: "session",
    method: "POST",
    template: `${all}/validateWorkbookAndUpload`,
    body: "stream",
    jwt: "tableau:workbooks:create",
    role: "anyone",
    handle: validateWorkbook,
  },
  {
    kind: "session",
    method: "GET",
    template: one,
    body: "none",
    jwt: workbooks.scope,
    role: workbooks.role,
    handle: (call) => readItem(workbooks, byContentUrl(call)),
  },
  {
    kind: "session",
    method: "PUT",
    template: one,
    body: "tsRequest",
    jwt: "tableau:workbooks:update",
    role: "explorer",
    handle: updateWorkbook,
  },
  {
    kind: "session",
    method: "DELETE",
    template: one,
    body: "none",
    jwt: "tableau:workbooks:delete",
    role: "explorer",
    handle: deleteWorkbook,
  },
  {
    kind: "session",
    method: "GET",
    template: `${one}/views`,
    body: "none",
    jwt: "tableau:content:read",
    role: "anyone",
    handle: viewsOfWorkbook,
  },
  {
    kind: "session",
    method: "POST",
    template: `${one}/refresh`,
    body: "tsRequest",
    jwt: "tableau:tasks:run",
    role: "explorer",
    handle: refreshWorkbook,
  },
  {
    kind: "session",
    method: "GET",
    template: `${one}/downGradeInfo`,
    body: "none",
    jwt: "tableau:workbook_downgrade_info:read",
    role: "explorer",
    handle: downgradeInfo,
  },
  ...tagRoutes(workbooks, "workbook"),
  ...permissionRoutes(workbooks),
  ...connectionRoutes(workbooks, { read: "tableau:content:read", update: "tableau:workbooks:update" }),
  severalConnectionsRoute(workbooks, "tableau:workbooks:update"),
  ...fileRoutes({
    collection: workbooks,
    scopes: {
      read: "tableau:content:read",
      download: "tableau:workbooks:download",
      delete: "tableau:workbooks:delete",
    },
    mayNotDownload: "403019",
    mayNotList: "403056",
    describe: (item, revision, site) => ({
      part: "tableau_workbook",
      item,
      revision,
      document: (extract) => workbookDocument(item, extract, site.contentUrl),
    }),
  }),
];

/** With `?key=contentUrl` the path has a workbook's content URL in the place of its id. */
function byContentUrl(call: SessionCall): SessionCall {
  if (call.query.get("key")?.toLowerCase() !== "contenturl") return call;
  const lower = call.parameters.id?.toLowerCase();
  const found = call.session.site.workbooks.values().find(({ contentUrl }) => contentUrl.toLowerCase() === lower);
  return { ...call, parameters: { ...call.parameters, id: found?.id ?? "" } };
}

function deleteWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const forbidden = refuseUnless(call.session.user, "Delete", workbook, "delete the workbook");
  if (forbidden !== undefined) return forbidden;
  removeWorkbook({ world: call.world, site: call.session.site, at: call.scene.now }, workbook);
  return done;
}

/** All of them on one page, and in JSON always with the inner array: public clients require it here. */
function viewsOfWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const selection = parseFields(withUsage(call.query).get("fields"), viewResource, inLists);
  if (isRefusal(selection)) return selection;
  const shown = workbook.views.filter(readerOf(call.session.user));
  const drawn = shown.map((view) => draw(viewResource, view, call.scene, selection));
  return answer(list("views", "view", drawn, "array"));
}

function refreshWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const job = startRefresh(call, workbook);
  return isRefusal(job) ? job : acceptedJob(job, call.scene);
}

/** What a workbook would lose in an older version: nothing of what the sandbox knows of. */
function downgradeInfo(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const version = call.query.get("productVersion") ?? "";
  if (!/^\d{2,4}(\.\d{1,4}){1,3}$/.test(version))
    return refuse("400000", "productVersion must be a version, e.g. 2023.3.");
  return answer(list("downgradeInfo", "downgradedFeature", []));
}
