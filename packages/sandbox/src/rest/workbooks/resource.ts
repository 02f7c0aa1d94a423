import { type Attribute, child, children, detail, type Resource, type Scene } from "../../query/description.ts";
import { oncePerAnswer } from "../../query/once.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { record } from "../../wire/element.ts";
import { projectResource } from "../projects/resource.ts";
import { favoritesAttribute, publishedFilters } from "../publishing/fields.ts";
import { currentRevision } from "../revisions/revisions.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import { viewResource } from "../views/resource.ts";
import { accelerationElement, freshnessElement } from "./freshness.ts";
import type { Workbook } from "./model.ts";

export const workbookResource: Resource<Workbook> = {
  element: "workbook",
  plural: "workbooks",
  attributes: [
    { name: "id", type: "luid", from: (workbook) => workbook.id },
    { name: "name", type: "string", from: (workbook) => workbook.name, filter: equality, sort: true },
    { name: "description", type: "string", from: (workbook) => workbook.description, sort: true },
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
    { name: "encryptExtracts", type: "string", from: (workbook) => workbook.encryptExtracts },
    { name: "defaultViewId", type: "luid", from: (workbook) => workbook.views[0]?.id },
    {
      name: "hasExtracts",
      type: "boolean",
      from: (workbook) => workbook.hasExtracts,
      show: "asked",
      filter: exactly,
      sort: true,
    },
    {
      name: "sheetCount",
      type: "integer",
      from: (workbook) => workbook.views.length,
      show: "asked",
      filter: ordered,
      sort: true,
    },
    {
      name: "lastPublishedAt",
      type: "dateTime",
      from: (workbook) => currentRevision(workbook).publishedAt,
      show: "asked",
    },
    { name: "shareDescription", type: "string", from: (workbook) => workbook.name, show: "asked" }, // as public fixtures show it
    { name: "thumbnailsUserId", type: "luid", from: (workbook) => workbook.thumbnailsUserId, show: "asked" },
    { name: "thumbnailsGroupId", type: "luid", from: (workbook) => workbook.thumbnailsGroupId, show: "asked" },
    {
      name: "displayTabs",
      type: "boolean",
      from: ({ showTabs }) => showTabs,
      show: "never",
      filter: exactly,
      sort: true,
    },
    { name: "hasAlerts", type: "boolean", from: hasAlerts, show: "never", filter: exactly, sort: true },
    favoritesAttribute("never"),
    // Public clients name it in either way.
    ...["subscriptionTotal", "subscriptionsTotal"].map(
      (name): Attribute<Workbook> => ({
        name,
        type: "integer",
        from: subscriptionsTotal,
        show: "never",
        filter: ordered,
        sort: true,
      }),
    ),
    ...publishedFilters<Workbook>(),
  ],
  children: [
    child(
      "project",
      () => projectResource,
      (workbook) => workbook.project,
      { shown: ["id", "name"] },
    ),
    detail("location", ({ project: { id, name } }) => record("location", { id, type: "Project", name }), "list", [
      "id",
      "type",
      "name",
    ]),
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
    detail("dataAccelerationConfig", accelerationElement),
    detail("dataFreshnessPolicy", freshnessElement, "single"),
  ],
};

/** Subscriptions to a workbook or to one of its views. */
const subscriptionTotals = oncePerAnswer(({ site }) => {
  const totals = new Map<Workbook, number>();
  for (const { content } of site.subscriptions.values()) {
    const workbook = content.type === "Workbook" ? content.item : content.item.workbook;
    totals.set(workbook, (totals.get(workbook) ?? 0) + 1);
  }
  return totals;
});

function subscriptionsTotal(workbook: Workbook, scene: Scene): number {
  return subscriptionTotals(scene).get(workbook) ?? 0;
}

const alerted = oncePerAnswer(({ site }) => new Set(site.dataAlerts.values().map(({ view }) => view.workbook)));

function hasAlerts(workbook: Workbook, scene: Scene): boolean {
  return alerted(scene).has(workbook);
}
