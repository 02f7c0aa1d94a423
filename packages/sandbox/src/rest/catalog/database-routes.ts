import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { element, read } from "../../wire/request-schema.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { catalogOf } from "./catalog.ts";
import { curate, curationSchema, mayCurate, refuseCuration } from "./curation.ts";
import type { Database } from "./model.ts";
import { moveAssets } from "./move.ts";
import { removeDatabase } from "./removal.ts";
import { databaseResource } from "./resources.ts";

/** Everyone signed in sees external assets: the site has derived permissions (Tableau help, "Manage permissions"). */
export const databases: Collection<Database> = {
  path: "databases",
  listed: databaseResource,
  items: (site) => catalogOf(site).databases,
  scope: "tableau:databases:read",
  role: "anyone",
  notFound: "404032",
};

const updateSchema = element({ database: curationSchema });

export const databaseRoutes: readonly Route[] = [
  listRoute(databases),
  itemRoute(databases),
  ...tagRoutes(databases, "database"),
  ...permissionRoutes(databases),
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/databases/{id}",
    body: "tsRequest",
    jwt: "tableau:databases:update",
    role: "explorer",
    handle: updateDatabase,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/databases/{id}",
    body: "none",
    jwt: "tableau:databases:delete",
    role: "explorer",
    handle: deleteDatabase,
  },
  {
    kind: "session",
    method: "POST",
    template: "/sites/{siteId}/databases",
    body: "tsRequest",
    jwt: "tableau:database_projects:update", // inferred
    role: "explorer",
    handle: (call) => moveAssets(call, { known: databases.items(call.session.site), notFound: databases.notFound }),
  },
];

function updateDatabase(call: SessionCall): Reply | Refusal {
  const database = find(databases, call);
  if (isRefusal(database)) return database;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  if (!mayCurate(call.session.user, database)) return refuseCuration();
  const refusal = curate(database, request.database, call);
  return refusal ?? answer(draw(databaseResource, database, call.scene, alone));
}

function deleteDatabase(call: SessionCall): Reply | Refusal {
  const database = find(databases, call);
  if (isRefusal(database)) return database;
  if (!mayCurate(call.session.user, database)) return refuseCuration();
  removeDatabase(call.session.site, database);
  return done;
}
