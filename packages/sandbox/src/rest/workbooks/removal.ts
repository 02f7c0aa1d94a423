import { forgetCustomViewsOf } from "../custom-views/model.ts";
import type { Here } from "../publishing/publish.ts";
import { forgetAll } from "../revisions/revisions.ts";
import type { View } from "../views/model.ts";
import type { Workbook } from "./model.ts";

/** Removes a workbook, its views and its files, and says so. */
export function removeWorkbook(here: Here, workbook: Workbook): void {
  const { world, site, at } = here;
  for (const view of workbook.views) removeView(here, view);
  site.workbooks.delete(workbook.id);
  forgetAll(world.files, workbook);
  world.events.emit({ name: "WorkbookDeleted", site, resource: "WORKBOOK", item: workbook, at });
}

/** Takes a view from its site, and says so; its workbook's list of views is the caller's. */
export function removeView({ world, site, at }: Here, view: View): void {
  site.views.delete(view.id);
  forgetCustomViewsOf(site, view);
  world.events.emit({ name: "ViewDeleted", site, resource: "VIEW", item: view, at });
}
