import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { read } from "../../wire/request-schema.ts";
import type { Route, SessionCall } from "../route.ts";
import { labelsIn, tag, tagsElement, tagsSchema } from "../tags.ts";
import { catalogOf } from "./catalog.ts";
import { annotate, findColumn } from "./columns.ts";
import { mayCurate, refuseCuration } from "./curation.ts";
import type { Column } from "./model.ts";

/** Tags of columns: found by their own ids, in whichever table they are. */
export const columnTagRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/columns/{id}/tags",
    body: "tsRequest",
    jwt: "tableau:column_tags:update",
    role: "explorer",
    handle: addTags,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/columns/{id}/tags/{tag}",
    body: "none",
    jwt: "tableau:column_tags:delete",
    role: "explorer",
    handle: removeTag,
  },
];

function addTags(call: SessionCall): Reply | Refusal {
  const column = columnToTag(call);
  if (isRefusal(column)) return column;
  const request = read(tagsSchema, call.content);
  if (isRefusal(request)) return request;
  const tagged = { tags: [...column.tags] };
  const refusal = tag(tagged, labelsIn(request));
  if (refusal !== undefined) return refusal;
  annotate(column, tagged);
  return answer(tagsElement(tagged.tags));
}

function removeTag(call: SessionCall): Reply | Refusal {
  const column = columnToTag(call);
  if (isRefusal(column)) return column;
  const label = call.parameters.tag?.toLowerCase();
  const tags = column.tags.filter((known) => known.toLowerCase() !== label);
  if (tags.length === column.tags.length) return refuse("404007", `There is no tag '${call.parameters.tag}' here.`);
  annotate(column, { tags });
  return done;
}

function columnToTag(call: SessionCall): Column | Refusal {
  const { site, user } = call.session;
  const id = call.parameters.id ?? "";
  const column = findColumn(catalogOf(site).tables.values(), id.toLowerCase());
  if (column === undefined) return refuse("404042", `There is no column '${id}'.`);
  return mayCurate(user, column.table) ? column : refuseCuration();
}
