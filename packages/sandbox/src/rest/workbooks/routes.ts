import { draw, inLists } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { startRefresh } from "../jobs/refresh.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { viewResource } from "../views/resource.ts";
import { workbooks } from "./collection.ts";
import { workbookContent } from "./file-content.ts";
import { publishWorkbook } from "./publish.ts";

export const workbookRoutes: readonly Route[] = [
  listRoute(workbooks),
  itemRoute(workbooks),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/workbooks",
    body: "stream",
    jwt: "tableau:workbooks:create",
    role: "anyone",
    handle: publishWorkbook,
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/workbooks/{id}/views",
    body: "none",
    jwt: "tableau:content:read",
    role: "anyone",
    handle: viewsOfWorkbook,
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/workbooks/{id}/content",
    body: "none",
    jwt: "tableau:workbooks:download",
    role: "explorer",
    handle: downloadWorkbook,
  },
  ...tagRoutes(workbooks, "workbook"),
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/workbooks/{id}/refresh",
    body: "tsRequest",
    jwt: "tableau:tasks:run",
    role: "explorer",
    handle: refreshWorkbook,
  },
];

/** All of them on one page, and in JSON always with the inner array: public clients require it here. */
function viewsOfWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const drawn = workbook.views.map((view) => draw(viewResource, view, call.scene, inLists));
  return answer(list("views", "view", drawn, "array"));
}

function downloadWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  // Tableau's Content-Disposition has no disposition type; the name is the content URL, which needs no quoting.
  const disposition = `name="tableau_workbook"; filename="${workbook.contentUrl}.twbx"`;
  return { kind: "bytes", contentType: "application/octet-stream", disposition, ...workbookContent(workbook) };
}

function refreshWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const job = startRefresh(call, workbook);
  return isRefusal(job) ? job : acceptedJob(job, call.scene);
}
