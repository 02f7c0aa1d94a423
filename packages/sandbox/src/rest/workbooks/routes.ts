import { draw, inLists } from "../../query/description.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { startRefresh } from "../jobs/refresh.ts";
import { acceptedJob } from "../jobs/resource.ts";
import { readerOf } from "../permissions/effective.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagsElement } from "../tags.ts";
import { viewResource } from "../views/resource.ts";
import { workbookContent } from "./file-content.ts";
import type { Workbook } from "./model.ts";
import { workbookResource } from "./resource.ts";

const workbooks: Collection<Workbook> = {
  path: "workbooks",
  listed: workbookResource,
  items: (site) => site.workbooks,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404006",
  visibleTo: readerOf,
};

/** Tags in one request, and on one workbook. */
const mostTags = 200;

const tagsSchema = element({ tags: element({ tag: repeated(element({ label: attribute }), mostTags) }) });

export const workbookRoutes: readonly Route[] = [
  listRoute(workbooks),
  itemRoute(workbooks),
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
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/workbooks/{id}/tags",
    body: "tsRequest",
    jwt: "tableau:workbook_tags:update",
    role: "explorer",
    handle: addTags,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/workbooks/{id}/tags/{tag}",
    body: "none",
    jwt: "tableau:workbook_tags:update", // inferred
    role: "explorer",
    handle: removeTag,
  },
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

function addTags(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const request = read(tagsSchema, call.content);
  if (isRefusal(request)) return request;
  const labels = request.tags.tag.map(({ label }) => label.trim()).filter((label) => label !== "");
  const tags = [...new Set([...workbook.tags, ...labels])];
  if (tags.length > mostTags) return refuse("400003", `A workbook has at most ${mostTags} tags.`); // inferred
  workbook.tags = tags;
  return answer(tagsElement(tags));
}

function removeTag(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  workbook.tags = workbook.tags.filter((label) => label !== call.parameters.tag);
  return done;
}

function refreshWorkbook(call: SessionCall): Reply | Refusal {
  const workbook = find(workbooks, call);
  if (isRefusal(workbook)) return workbook;
  const job = startRefresh(call, workbook);
  return isRefusal(job) ? job : acceptedJob(job, call.scene);
}
