import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { readerOf } from "../permissions/effective.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { nothingAsked } from "../views/asked.ts";
import { deny, exportPdf, exportPreview, exportSlides } from "../views/exports/exports.ts";
import type { View } from "../views/model.ts";
import { workbooks } from "./collection.ts";
import type { Workbook } from "./model.ts";

/** What a workbook looks like: all of its views, or the first of them. */
export const workbookPictureRoutes: readonly Route[] = [
  pictureRoute(
    "pdf",
    "tableau:views:download",
    (call, workbook, views) =>
      deny(call, "ExportImage", workbook) ??
      exportPdf(
        call,
        views.map((view) => ({ view, saved: nothingAsked })),
      ),
  ),
  pictureRoute(
    "powerpoint",
    "tableau:views:download",
    (call, workbook, views) => deny(call, "ExportImage", workbook) ?? exportSlides(call, workbook, views),
  ),
  pictureRoute("previewImage", "tableau:content:read", (call, _workbook, [first]) => exportPreview(call, first)),
  pictureRoute("views/{viewId}/previewImage", "tableau:content:read", (call, _workbook, views) => {
    const id = call.parameters.viewId ?? "";
    const view = views.find((one) => one.id === id.toLowerCase());
    return view === undefined ? refuse("404011", `There is no view '${id}' here.`) : exportPreview(call, view);
  }),
];

type Take = (
  call: SessionCall,
  workbook: Workbook,
  views: readonly [View, ...View[]],
) => ReturnType<Extract<Route, { kind: "session" }>["handle"]>;

function pictureRoute(path: string, jwt: "tableau:views:download" | "tableau:content:read", take: Take): Route {
  return {
    kind: "session",
    method: "GET",
    template: `/sites/{siteId}/workbooks/{id}/${path}`,
    body: "none",
    jwt,
    role: "anyone",
    handle(call) {
      const workbook = find(workbooks, call);
      if (isRefusal(workbook)) return workbook;
      const shown = shownTo(call, workbook);
      return isRefusal(shown) ? shown : take(call, workbook, shown);
    },
  };
}

/** The views that the caller may see; with none there is nothing to show. */
function shownTo({ session }: SessionCall, workbook: Workbook): readonly [View, ...View[]] | Refusal {
  const [first, ...others] = workbook.views.filter(readerOf(session.user));
  if (first !== undefined) return [first, ...others];
  return refuse("404011", `The workbook '${workbook.name}' has no view that ${session.user.name} may see.`);
}
