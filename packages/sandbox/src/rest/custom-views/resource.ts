import { child, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { userResource } from "../users/resource.ts";
import { viewResource } from "../views/resource.ts";
import { workbookResource } from "../workbooks/resource.ts";
import type { CustomView } from "./model.ts";

export const customViewResource: Resource<CustomView> = {
  element: "customView",
  plural: "customViews",
  attributes: [
    // "List Custom Views" says that it filters by the view, the workbook and the owner alone; the help page about filters
    // has a table with the others too.
    { name: "id", type: "luid", from: (one) => one.id, filter: equality },
    { name: "name", type: "string", from: (one) => one.name, filter: equality, sort: true },
    { name: "createdAt", type: "dateTime", from: (one) => one.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (one) => one.updatedAt, filter: ordered, sort: true },
    { name: "lastAccessedAt", type: "dateTime", from: (one) => one.lastAccessedAt, sort: true },
    { name: "shared", type: "boolean", from: (one) => one.shared, filter: exactly },
    { name: "viewId", type: "luid", from: (one) => one.view.id, show: "never", filter: exactly },
    { name: "workbookId", type: "luid", from: (one) => one.view.workbook.id, show: "never", filter: exactly },
    { name: "ownerId", type: "luid", from: (one) => one.owner.id, show: "never", filter: exactly },
  ],
  children: [
    child(
      "view",
      () => viewResource,
      (one) => one.view,
      { shown: ["id", "name"] },
    ),
    child(
      "workbook",
      () => workbookResource,
      (one) => one.view.workbook,
      { shown: ["id", "name"] },
    ),
    child(
      "owner",
      () => userResource,
      (one) => one.owner,
      { shown: ["id", "name"] },
    ),
  ],
};
