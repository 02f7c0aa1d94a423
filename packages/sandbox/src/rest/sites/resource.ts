import { detail, type Resource } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { record } from "../../wire/element.ts";

/** Attributes as in the schema's siteType; only those that describe this site are shown. */
export const siteResource: Resource<Site> = {
  element: "site",
  plural: "sites",
  attributes: [
    { name: "id", type: "luid", from: (site) => site.id },
    { name: "name", type: "string", from: (site) => site.name },
    { name: "contentUrl", type: "string", from: (site) => site.contentUrl },
    { name: "adminMode", type: "string", from: () => "ContentAndUsers" },
    { name: "disableSubscriptions", type: "boolean", from: () => false },
    { name: "state", type: "string", from: () => "Active" },
    { name: "revisionHistoryEnabled", type: "boolean", from: () => true },
    { name: "revisionLimit", type: "string", from: () => "25" },
    { name: "timeZone", type: "string", from: () => "UTC" },
  ],
  children: [
    detail(
      "usage",
      (site) => {
        const storage = site.workbooks.values().reduce((total, workbook) => total + workbook.size, 0);
        return record("usage", { numUsers: String(site.users.size), storage: String(storage) });
      },
      "asked",
    ),
  ],
};
