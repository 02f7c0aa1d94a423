import { type Attribute, detail, type Resource } from "../../query/description.ts";
import { equality } from "../../query/operators.ts";
import type { Site } from "../../site/site.ts";
import { record, repeated } from "../../wire/element.ts";
import type { User } from "../users/model.ts";
import { type SiteAttribute, siteAttributes } from "./model.ts";

/** Attributes as in the schema's siteType; only those that describe this site are shown. */
export const siteResource: Resource<Site> = {
  element: "site",
  plural: "sites",
  attributes: [
    { name: "id", type: "luid", from: (site) => site.id },
    { name: "name", type: "string", from: (site) => site.name, filter: equality, sort: true },
    { name: "contentUrl", type: "string", from: (site) => site.contentUrl, filter: equality, sort: true },
    ...siteAttributes.map(described),
  ],
  children: [
    detail("usage", usage, "asked"),
    // The schema lets it repeat, so it is an array in JSON.
    detail("settings", (site) => repeated("settings", [record("settings", site.settings.embedding)]), "asked"),
  ],
};

function described({ name, type }: SiteAttribute): Attribute<Site> {
  const written = type === "boolean" ? "boolean" : type === "integer" ? "integer" : "string";
  return { name, type: written, from: (site) => site.settings.attributes[name] };
}

function usage(site: Site) {
  const storage = site.workbooks.values().reduce((total, workbook) => total + workbook.size, 0);
  const count = (is: (role: User["siteRole"]) => boolean): string =>
    String(site.users.values().reduce((total, { siteRole }) => total + Number(is(siteRole)), 0));
  return record("usage", {
    numCreators: count((role) => role.endsWith("Creator") || role === "ServerAdministrator"),
    numExplorers: count((role) => role.startsWith("Explorer") || role === "SiteAdministratorExplorer"),
    numUsers: String(site.users.size),
    numViewers: count((role) => role === "Viewer"),
    storage: String(Math.round(storage)),
  });
}
