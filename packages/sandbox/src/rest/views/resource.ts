import { type Attribute, child, detail, type Raw, type Resource, type Scene } from "../../query/description.ts";
import { equality, ordered } from "../../query/operators.ts";
import { record } from "../../wire/element.ts";
import { favoritesTotal } from "../favorites/favorites.ts";
import { projectResource } from "../projects/resource.ts";
import { tagsElement } from "../tags.ts";
import { domainOf, userResource } from "../users/resource.ts";
import { workbookResource } from "../workbooks/resource.ts";
import type { View } from "./model.ts";
import { fieldsOf, worksheetsOf } from "./sheet.ts";

type From<Value> = (view: View, scene: Scene) => Value;

/** Text to filter and sort by that is not shown. */
function words(name: string, from: From<string>): Attribute<View> {
  return { name, type: "string", from, show: "never", filter: equality, sort: true };
}

/** A number or a time to filter and sort by. */
function amount(
  name: string,
  type: "integer" | "dateTime",
  from: From<Raw>,
  show: Attribute<View>["show"],
): Attribute<View> {
  return { name, type, from, ...(show === undefined ? {} : { show }), filter: ordered, sort: true };
}

/** What `fields=_all_` shows of what a view refers to, as public fixtures have it. */
const inFull = {
  workbook: [
    "id",
    "name",
    "contentUrl",
    "showTabs",
    "size",
    "createdAt",
    "updatedAt",
    "sheetCount",
    "hasExtracts",
    "tags",
  ],
  owner: ["id", "name", "fullName", "email", "siteRole", "lastLogin"],
  project: ["id", "name", "description"],
};

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
      sort: true,
    },
    amount("createdAt", "dateTime", (view) => view.createdAt, undefined),
    amount("updatedAt", "dateTime", (view) => view.updatedAt, undefined),
    { name: "viewUrlName", type: "string", from: (view) => view.viewUrlName, filter: equality, sort: true },
    { name: "sheetType", type: "string", from: (view) => view.sheetType, filter: equality, sort: true },
    amount("favoritesTotal", "integer", (view, { site }) => favoritesTotal(site, view), "asked"),
    amount("hitsTotal", "integer", (view) => view.totalViewCount, "never"),
    // inferred: the place among the tabs, from 1
    amount("sheetNumber", "integer", (view) => view.workbook.views.indexOf(view) + 1, "never"),
    words("caption", (view) => view.name),
    words("title", (view) => view.name),
    words("viewUrlname", (view) => view.viewUrlName), // as Tableau's own MCP server writes it
    words("projectName", (view) => view.workbook.project.name),
    words("workbookName", (view) => view.workbook.name),
    words("workbookDescription", (view) => view.workbook.description),
    words("ownerName", (view) => view.workbook.owner.fullName),
    words("ownerEmail", (view) => view.workbook.owner.email),
    words("ownerDomain", (view) => domainOf(view.workbook.owner)),
    { name: "tags", type: "string", from: (view) => view.tags, show: "never", filter: equality },
    { name: "fields", type: "string", from: captions, show: "never", filter: equality },
  ],
  children: [
    child(
      "workbook",
      () => workbookResource,
      (view) => view.workbook,
      { shown: ["id"], all: inFull.workbook },
    ),
    child(
      "owner",
      () => userResource,
      (view) => view.workbook.owner,
      { shown: ["id"], all: inFull.owner },
    ),
    child(
      "project",
      () => projectResource,
      (view) => view.workbook.project,
      { shown: ["id"], all: inFull.project },
    ),
    detail("tags", (view) => tagsElement(view.tags)),
    // Also with includeUsageStatistics=true, see routes.ts.
    detail("usage", (view) => record("usage", { totalViewCount: String(view.totalViewCount) }), "asked", [
      "totalViewCount",
    ]),
    detail("location", ({ workbook }) => record("location", { id: workbook.project.id, type: "Project" }), "asked"),
  ],
};

/** The fields that a view shows, by their captions; looked up once, for sheets never change. */
function captions({ sheet, name }: View): readonly string[] {
  let used = captionsBySheet.get(sheet);
  if (used === undefined) {
    const fields = [...worksheetsOf(sheet, name).values()].flatMap(fieldsOf);
    used = [...new Set(fields.map(({ caption }) => caption))];
    captionsBySheet.set(sheet, used);
  }
  return used;
}

const captionsBySheet = new WeakMap<View["sheet"], readonly string[]>();
