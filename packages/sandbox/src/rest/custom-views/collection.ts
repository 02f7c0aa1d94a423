import { isSiteAdministrator } from "../../auth/roles.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { may } from "../permissions/effective.ts";
import { type Collection, find } from "../reading.ts";
import type { SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import type { CustomView } from "./model.ts";
import { customViewResource } from "./resource.ts";

export const customViews: Collection<CustomView> = {
  path: "customviews",
  listed: customViewResource,
  items: (site) => site.customViews,
  scope: "tableau:content:read",
  role: "anyone",
  notFound: "404011", // inferred: as for views
  visibleTo: (user) => (one) => maySee(user, one),
};

/** Administrators see all of them, their owners theirs, and others those that are shared of views that they may see. */
function maySee(user: User, { owner, shared, view }: CustomView): boolean {
  return isSiteAdministrator(user) || owner === user || (shared && may(user, "Read", view));
}

/**
 * Which of them a list without a filter by view or workbook shows: to administrators all, to others their own (Tableau
 * REST reference, "List Custom Views").
 */
export function listedFor(user: User, filter: string): (one: CustomView) => boolean {
  const isNarrow = /(^|,)\s*(viewId|workbookId):/.test(filter) && !/(^|,)\s*ownerId:/.test(filter);
  if (isSiteAdministrator(user)) return () => true;
  return isNarrow ? (one) => maySee(user, one) : (one) => one.owner === user;
}

/** The custom view of the path, if it is the caller's to change. */
export function findOwn(call: SessionCall): CustomView | Refusal {
  const customView = find(customViews, call);
  if (isRefusal(customView)) return customView;
  const { user } = call.session;
  if (customView.owner === user || isSiteAdministrator(user)) return customView;
  return refuse("403004", `The custom view '${customView.name}' is not ${user.name}'s.`);
}
