import { child, detail, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { record } from "../../wire/element.ts";
import { projectResource } from "../projects/resource.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import { workbookResource } from "../workbooks/resource.ts";
import type { View } from "./model.ts";

export const viewResource: Resource<View> = {
  element: "view",
  plural: "views",
  attributes: [
    { name: "id", type: "luid", from: (view) => view.id },
    { name: "name", type: "string", from: (view) => view.name, filter: equality, sort: true },
    {
      name: "contentUrl",
      type: "string",
      from: (view) => `${view.workbook.contentUrl}/sheets/${view.viewUrlName}`,
      filter: equality,
    },
    { name: "createdAt", type: "dateTime", from: (view) => view.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (view) => view.updatedAt, filter: ordered, sort: true },
    { name: "viewUrlName", type: "string", from: (view) => view.viewUrlName, filter: equality },
    { name: "sheetType", type: "string", from: (view) => view.sheetType, show: "asked", filter: equality },
    {
      name: "hitsTotal",
      type: "integer",
      from: ({ totalViewCount }) => totalViewCount,
      show: "never",
      filter: ordered,
      sort: true,
    },
    {
      name: "projectName",
      type: "string",
      from: (view) => view.workbook.project.name,
      show: "never",
      filter: equality,
    },
    { name: "workbookName", type: "string", from: (view) => view.workbook.name, show: "never", filter: equality },
    {
      name: "ownerName",
      type: "string",
      from: (view) => view.workbook.owner.fullName,
      show: "never",
      filter: equality,
    },
    { name: "ownerEmail", type: "string", from: (view) => view.workbook.owner.name, show: "never", filter: exactly },
    { name: "tags", type: "string", from: (view) => view.tags, show: "never", filter: equality },
  ],
  children: [
    child(
      "workbook",
      () => workbookResource,
      (view) => view.workbook,
      { shown: ["id"] },
    ),
    child(
      "owner",
      () => userResource,
      (view) => view.workbook.owner,
      { shown: ["id"] },
    ),
    child(
      "project",
      () => projectResource,
      (view) => view.workbook.project,
      { shown: ["id"] },
    ),
    detail("tags", (view) => tagsElement(view.tags)),
    // Only with includeUsageStatistics=true, see routes/views.ts.
    detail("usage", (view) => record("usage", { totalViewCount: String(view.totalViewCount) }), "asked"),
  ],
};
