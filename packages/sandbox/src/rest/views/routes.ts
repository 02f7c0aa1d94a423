import { indexed } from "../../control/index-lag.ts";
import { drawAlone, drawPage } from "../../query/listing.ts";
import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { permissionRoutes } from "../permissions/routes.ts";
import { find, visibleItems } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { tagRoutes } from "../tags.ts";
import { removeView, removeWorkbook } from "../workbooks/removal.ts";
import { nothingAsked } from "./asked.ts";
import { views } from "./collection.ts";
import { deny, type Exported, exportCrosstab, exportData, exportImage, exportPdf } from "./exports/exports.ts";
import { viewResource } from "./resource.ts";
import { withUsage } from "./usage.ts";

type Export = (call: SessionCall, exported: Exported) => ReturnType<Route["handle"]>;

/** `GET S/views/{id}/…` of what a view can be taken as. */
function exportRoute(path: string, take: Export): Route {
  return {
    kind: "session",
    method: "GET",
    template: `/sites/{siteId}/views/{id}/${path}`,
    body: "none",
    jwt: "tableau:views:download",
    role: "anyone",
    handle(call) {
      const view = find(views, call);
      return isRefusal(view) ? view : take(call, { view, saved: nothingAsked });
    },
  };
}

export const viewRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/views",
    body: "none",
    jwt: views.scope,
    role: views.role,
    handle: listViews,
  },
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/views/{id}",
    body: "none",
    jwt: views.scope,
    role: views.role,
    handle: readView,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/views/{id}",
    body: "none",
    jwt: "tableau:views:delete",
    role: "explorer",
    handle: deleteView,
  },
  exportRoute("data", exportData),
  exportRoute("crosstab/excel", exportCrosstab),
  exportRoute("image", exportImage),
  exportRoute("pdf", (call, exported) => deny(call, "ExportImage", exported.view) ?? exportPdf(call, [exported])),
  ...tagRoutes(views, "view"),
  ...permissionRoutes(views),
];

function listViews({ world, session, query, scene }: SessionCall): Reply | Refusal {
  const items = indexed(world, visibleItems(views, session));
  const elements = drawPage(viewResource, items, withUsage(query), scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function readView(call: SessionCall): Reply | Refusal {
  const view = find(views, call);
  if (isRefusal(view)) return view;
  const drawn = drawAlone(viewResource, view, withUsage(call.query), call.scene);
  return isRefusal(drawn) ? drawn : answer(drawn);
}

/** A workbook without views is none: with its last view it goes too (Tableau REST reference, "Delete View"). */
function deleteView(call: SessionCall): Reply | Refusal {
  const view = find(views, call);
  if (isRefusal(view)) return view;
  const denied = deny(call, "Delete", view);
  if (denied !== undefined) return denied;
  const { world, session, scene } = call;
  const here = { world, site: session.site, at: scene.now };
  const { workbook } = view;
  if (workbook.views.length === 1) removeWorkbook(here, workbook);
  else {
    workbook.views = workbook.views.filter((other) => other !== view);
    removeView(here, view);
  }
  return done;
}
