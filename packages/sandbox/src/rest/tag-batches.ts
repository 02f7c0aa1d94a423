import { list, record } from "../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import { answer, type Reply } from "../wire/reply.ts";
import { attribute, element, read, repeated } from "../wire/request-schema.ts";
import { catalogOf } from "./catalog/catalog.ts";
import { annotate, findColumn } from "./catalog/columns.ts";
import { mayCurate } from "./catalog/curation.ts";
import { may } from "./permissions/effective.ts";
import type { Route, SessionCall } from "./route.ts";
import { labelsIn, type Tagged, tag, tagsElement } from "./tags.ts";

/** Items in one request. */
const mostItems = 1_000;

const batchSchema = element({
  tagBatch: element({
    tags: element({ tag: repeated(element({ label: attribute }), 200) }),
    contents: element({
      content: repeated(element({ id: attribute, contentType: attribute.optional() }), mostItems),
    }),
  }),
});

const creating = { kind: "session", body: "tsRequest", jwt: "tableau:tags:batch_create", role: "explorer" } as const;
const deleting = { kind: "session", body: "tsRequest", jwt: "tableau:tags:batch_delete", role: "explorer" } as const;

/**
 * Tags of several items at once. Public clients delete by PUT, Tableau's Postman collection by DELETE; TSC leaves the
 * site out of the path, which is the session's anyway.
 */
export const tagBatchRoutes: readonly Route[] = ["/sites/{siteId}", ""].flatMap((site) => [
  { ...creating, method: "PUT", template: `${site}/tags:batchCreate`, handle: (call: SessionCall) => run(call, tag) },
  { ...deleting, method: "PUT", template: `${site}/tags:batchDelete`, handle: (call: SessionCall) => run(call, untag) },
  {
    ...deleting,
    method: "DELETE",
    template: `${site}/tags:batchDelete`,
    handle: (call: SessionCall) => run(call, untag),
  },
]);

/** Something with tags, found by its id alone: items of all kinds may be in one request. */
type Target = {
  contentType: string;
  id: string;
  tags: readonly string[];
  mayTag: boolean;
  keep: (tags: string[]) => void;
};

/** All of the items are changed, or none. */
function run(call: SessionCall, change: (item: Tagged, labels: string[]) => Refusal | undefined): Reply | Refusal {
  const request = read(batchSchema, call.content);
  if (isRefusal(request)) return request;
  const { tagBatch } = request;
  const labels = labelsIn(tagBatch);
  catalogOf(call.session.site); // once, for all of them
  const changed: [Target, string[]][] = [];
  for (const { id } of tagBatch.contents.content) {
    const target = findTarget(call, id.toLowerCase());
    if (target === undefined) return refuse("404038", `There is nothing with the id '${id}' that can have tags.`);
    if (!target.mayTag) return refuse("403004", `${call.session.user.name} may not tag '${id}'.`);
    const item = { tags: [...target.tags] };
    const refusal = change(item, labels);
    if (refusal !== undefined) return refusal;
    changed.push([target, item.tags]);
  }
  for (const [target, tags] of changed) target.keep(tags);
  const contents = changed.map(([{ contentType, id }]) => record("content", { contentType, id }));
  return answer(record("tagBatch", {}, [tagsElement(labels), list("contents", "content", contents)]));
}

function untag(item: Tagged, labels: string[]): undefined {
  const unwanted = new Set(labels.map((label) => label.toLowerCase()));
  item.tags = item.tags.filter((label) => !unwanted.has(label.toLowerCase()));
}

function findTarget({ session: { site, user } }: SessionCall, id: string): Target | undefined {
  const kinds = [
    ["workbook", site.workbooks.get(id)],
    ["view", site.views.get(id)],
    ["datasource", site.datasources.get(id)],
    ["flow", site.flows.get(id)],
    ["virtualConnection", site.virtualConnections.get(id)],
  ] as const;
  for (const [contentType, item] of kinds) {
    if (item !== undefined) return target(contentType, id, item, may(user, "Read", item));
  }
  const { catalog } = site;
  const database = catalog.databases.get(id);
  if (database !== undefined) return target("database", id, database, mayCurate(user, database));
  const table = catalog.tables.get(id);
  if (table !== undefined) return target("table", id, table, mayCurate(user, table));
  const column = findColumn(catalog.tables.values(), id);
  if (column === undefined) return undefined;
  const mayTag = mayCurate(user, column.table);
  return { contentType: "column", id, tags: column.tags, mayTag, keep: (tags) => annotate(column, { tags }) };
}

function target(contentType: string, id: string, item: Tagged, mayTag: boolean): Target {
  const keep = (tags: string[]): void => {
    item.tags = tags;
  };
  return { contentType, id, tags: item.tags, mayTag, keep };
}
