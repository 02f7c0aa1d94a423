import type { Site } from "../../site/site.ts";
import type { User } from "../users/model.ts";
import type { Asked } from "../views/asked.ts";
import type { View } from "../views/model.ts";

/** A view as somebody keeps it: under a name, with filters and parameters of their own. */
export type CustomView = {
  id: string;
  name: string;
  view: View;
  owner: User;
  /** Whether others who may see the view see it too. */
  shared: boolean;
  saved: Asked;
  /** For whom the workbook opens with it; each of them has one in a workbook. */
  defaultFor: Set<User>;
  createdAt: number;
  updatedAt: number;
  lastAccessedAt: number | undefined;
};

/** Takes away what was kept of a view that is gone. */
export function forgetCustomViewsOf(site: Site, view: View): void {
  for (const one of site.customViews.values()) if (one.view === view) site.customViews.delete(one.id);
}

/** Takes away the custom views of those who leave the site, and those that they open with. */
export function forgetCustomViewsBy(site: Site, gone: ReadonlySet<User>): void {
  for (const one of site.customViews.values()) {
    for (const user of one.defaultFor) if (gone.has(user)) one.defaultFor.delete(user);
    if (gone.has(one.owner)) site.customViews.delete(one.id);
  }
}

/** Makes a custom view the one that its workbook opens with for a user, in place of any other. */
export function makeDefault(site: Site, customView: CustomView, user: User): void {
  for (const other of site.customViews.values()) {
    if (other.view.workbook === customView.view.workbook) other.defaultFor.delete(user);
  }
  customView.defaultFor.add(user);
}
