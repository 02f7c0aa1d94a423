import { child, children, detail, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { projectResource } from "../projects/resource.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import { viewResource } from "../views/resource.ts";
import type { Workbook } from "./model.ts";

export const workbookResource: Resource<Workbook> = {
  element: "workbook",
  plural: "workbooks",
  attributes: [
    { name: "id", type: "luid", from: (workbook) => workbook.id },
    { name: "name", type: "string", from: (workbook) => workbook.name, filter: equality, sort: true },
    { name: "description", type: "string", from: (workbook) => workbook.description },
    { name: "contentUrl", type: "string", from: (workbook) => workbook.contentUrl, filter: equality, sort: true },
    {
      name: "webpageUrl",
      type: "string",
      from: (workbook, { origin, site }) => `${origin}/#/site/${site.contentUrl}/workbooks/${workbook.number}`,
    },
    // Strings in Tableau's schema, so strings in JSON too.
    { name: "showTabs", type: "string", from: (workbook) => workbook.showTabs },
    { name: "size", type: "integer", from: (workbook) => workbook.size, filter: ordered, sort: true },
    { name: "createdAt", type: "dateTime", from: (workbook) => workbook.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (workbook) => workbook.updatedAt, filter: ordered, sort: true },
    { name: "encryptExtracts", type: "string", from: () => false },
    { name: "defaultViewId", type: "luid", from: (workbook) => workbook.views[0]?.id },
    { name: "hasExtracts", type: "boolean", from: (workbook) => workbook.hasExtracts, show: "asked", filter: exactly },
    {
      name: "sheetCount",
      type: "integer",
      from: (workbook) => workbook.views.length,
      show: "asked",
      filter: ordered,
      sort: true,
    },
    {
      name: "projectName",
      type: "string",
      from: ({ project }) => project.name,
      show: "never",
      filter: equality,
      sort: true,
    },
    {
      name: "ownerName",
      type: "string",
      from: ({ owner }) => owner.fullName,
      show: "never",
      filter: equality,
      sort: true,
    },
    { name: "ownerEmail", type: "string", from: ({ owner }) => owner.name, show: "never", filter: exactly },
    { name: "displayTabs", type: "boolean", from: ({ showTabs }) => showTabs, show: "never", filter: exactly },
    { name: "tags", type: "string", from: (workbook) => workbook.tags, show: "never", filter: equality },
  ],
  children: [
    child(
      "project",
      () => projectResource,
      (workbook) => workbook.project,
      { shown: ["id", "name"] },
    ),
    child(
      "owner",
      () => userResource,
      (workbook) => workbook.owner,
      { shown: ["id", "name"] },
    ),
    detail("tags", (workbook) => tagsElement(workbook.tags)),
    children(
      () => viewResource,
      (workbook) => workbook.views,
      {
        name: "views",
        shown: ["id", "name", "contentUrl", "viewUrlName", "createdAt", "updatedAt", "tags"],
        show: "single",
      },
    ),
  ],
};
