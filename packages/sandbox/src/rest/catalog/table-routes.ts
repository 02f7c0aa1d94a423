import { alone, draw } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { catalogOf } from "./catalog.ts";
import { annotate, columnsOf, findColumn } from "./columns.ts";
import { curate, curationSchema, mayCurate, refuseCuration } from "./curation.ts";
import type { CatalogTable, Column } from "./model.ts";
import { moveAssets } from "./move.ts";
import { removeTable } from "./removal.ts";
import { columnResource, tableResource } from "./resources.ts";

export const tables: Collection<CatalogTable> = {
  path: "tables",
  listed: tableResource,
  items: (site) => catalogOf(site).tables,
  scope: "tableau:tables:read",
  role: "anyone",
  notFound: "404028",
};

const updateSchema = element({ table: curationSchema });
const columnSchema = element({ column: element({ description: attribute.optional() }) });

const column = { template: "/sites/{siteId}/tables/{id}/columns/{columnId}", kind: "session" } as const;

export const tableRoutes: readonly Route[] = [
  listRoute(tables),
  itemRoute(tables),
  ...tagRoutes(tables, "table"),
  ...permissionRoutes(tables),
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/tables/{id}",
    body: "tsRequest",
    jwt: "tableau:tables:update",
    role: "explorer",
    handle: updateTable,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/tables/{id}",
    body: "none",
    jwt: "tableau:tables:delete",
    role: "explorer",
    handle: deleteTable,
  },
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/tables",
    body: "tsRequest",
    jwt: "tableau:table_projects:update", // inferred
    role: "explorer",
    handle: (call) => moveAssets(call, { known: tables.items(call.session.site), notFound: tables.notFound }),
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/tables/{id}/columns",
    body: "none",
    jwt: "tableau:columns:read",
    role: "anyone",
    handle: listColumns,
  },
  { ...column, method: "GET", body: "none", jwt: "tableau:columns:read", role: "anyone", handle: showColumn },
  {
    ...column,
    method: "PUT",
    body: "tsRequest",
    jwt: "tableau:columns:update",
    role: "explorer",
    handle: updateColumn,
  },
  { ...column, method: "DELETE", body: "none", jwt: "tableau:columns:delete", role: "explorer", handle: deleteColumn },
];

function updateTable(call: SessionCall): Reply | Refusal {
  const table = find(tables, call);
  if (isRefusal(table)) return table;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  if (!mayCurate(call.session.user, table)) return refuseCuration();
  const refusal = curate(table, request.table, call);
  return refusal ?? answer(draw(tableResource, table, call.scene, alone));
}

function deleteTable(call: SessionCall): Reply | Refusal {
  const table = find(tables, call);
  if (isRefusal(table)) return table;
  if (!mayCurate(call.session.user, table)) return refuseCuration();
  removeTable(call.session.site, table);
  return done;
}

function listColumns(call: SessionCall): Reply | Refusal {
  const table = find(tables, call);
  if (isRefusal(table)) return table;
  const elements = drawPage(columnResource, columnsOf(table), call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function showColumn(call: SessionCall): Reply | Refusal {
  const found = columnInPath(call);
  return isRefusal(found) ? found : answer(draw(columnResource, found, call.scene, alone));
}

function updateColumn(call: SessionCall): Reply | Refusal {
  const found = columnInPath(call);
  if (isRefusal(found)) return found;
  const request = read(columnSchema, call.content);
  if (isRefusal(request)) return request;
  if (!mayCurate(call.session.user, found.table)) return refuseCuration();
  const { description } = request.column;
  if (description !== undefined) annotate(found, { description });
  return showColumn(call);
}

function deleteColumn(call: SessionCall): Reply | Refusal {
  const found = columnInPath(call);
  if (isRefusal(found)) return found;
  if (!mayCurate(call.session.user, found.table)) return refuseCuration();
  annotate(found, { isRemoved: true });
  return done;
}

function columnInPath(call: SessionCall): Column | Refusal {
  const table = find(tables, call);
  if (isRefusal(table)) return table;
  const id = call.parameters.columnId ?? "";
  return findColumn([table], id.toLowerCase()) ?? refuse("404042", `The table has no column '${id}'.`);
}
