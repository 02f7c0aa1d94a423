import { indexed } from "../../control/index-lag.ts";
import { alone, draw } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, flag, read } from "../../wire/request-schema.ts";
import { find, itemRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { deny, type Exported, exportData, exportImage, exportPdf } from "../views/exports/exports.ts";
import { customViews, findOwn, listedFor } from "./collection.ts";
import { customViewContentRoutes } from "./content-routes.ts";
import { defaultUserRoutes } from "./default-users.ts";
import { customViewResource } from "./resource.ts";

const updateSchema = element({
  customView: element({
    name: attribute.optional(),
    shared: flag.optional(),
    owner: element({ id: attribute.optional() }).optional(),
  }),
});

type Take = (call: SessionCall, exported: Exported) => Reply | Refusal | Promise<Reply | Refusal>;

/** `GET S/customviews/{id}/…`: what the view itself gives, with the filters that were kept. */
function exportRoute(path: string, take: Take): Route {
  return {
    kind: "session",
    method: "GET",
    template: `/sites/{siteId}/customviews/{id}/${path}`,
    body: "none",
    jwt: "tableau:views:download",
    role: "anyone",
    handle(call) {
      const customView = find(customViews, call);
      if (isRefusal(customView)) return customView;
      customView.lastAccessedAt = call.scene.now;
      return take(call, customView);
    },
  };
}

export const customViewRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/customviews",
    body: "none",
    jwt: customViews.scope,
    role: customViews.role,
    handle: listCustomViews,
  },
  itemRoute(customViews),
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/customviews/{id}",
    body: "tsRequest",
    jwt: "tableau:views:update", // inferred
    role: "anyone",
    handle: updateCustomView,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/customviews/{id}",
    body: "none",
    jwt: "tableau:views:delete", // inferred
    role: "anyone",
    handle: deleteCustomView,
  },
  exportRoute("data", exportData),
  exportRoute("image", exportImage),
  exportRoute("pdf", (call, exported) => deny(call, "ExportImage", exported.view) ?? exportPdf(call, [exported])),
  ...defaultUserRoutes,
  ...customViewContentRoutes,
];

function listCustomViews({ world, session: { site, user }, query, scene }: SessionCall): Reply | Refusal {
  const listed = site.customViews.values().filter(listedFor(user, query.get("filter") ?? ""));
  const elements = drawPage(customViewResource, indexed(world, listed), query, scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function updateCustomView(call: SessionCall): Reply | Refusal {
  const customView = findOwn(call);
  if (isRefusal(customView)) return customView;
  const request = read(updateSchema, call.content);
  if (isRefusal(request)) return request;
  const { name, shared, owner } = request.customView;
  if (name?.trim() === "") return refuse("400003", "A custom view must have a name.");
  const heir = owner?.id === undefined ? customView.owner : call.session.site.users.get(owner.id.toLowerCase());
  if (heir === undefined) return refuse("404002", `There is no user '${owner?.id}'.`);
  Object.assign(customView, {
    name: name ?? customView.name,
    shared: shared ?? customView.shared,
    owner: heir,
    updatedAt: call.scene.now,
  });
  return answer(draw(customViewResource, customView, call.scene, alone));
}

function deleteCustomView(call: SessionCall): Reply | Refusal {
  const customView = findOwn(call);
  if (isRefusal(customView)) return customView;
  call.session.site.customViews.delete(customView.id);
  return done;
}
