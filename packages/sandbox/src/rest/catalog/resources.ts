import { type Attribute, type Child, child, detail, type Resource } from "../../query/description.ts";
import { equality, exactly } from "../../query/operators.ts";
import { record } from "../../wire/element.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import type { CatalogTable, Column, Database } from "./model.ts";

type Asset = Database | CatalogTable;

/** What databases and tables are both described by. */
const curated: readonly Attribute<Asset>[] = [
  { name: "id", type: "luid", from: (asset) => asset.id },
  { name: "name", type: "string", from: (asset) => asset.name, filter: equality, sort: true },
  { name: "description", type: "string", from: (asset) => asset.description },
  { name: "isEmbedded", type: "boolean", from: (asset) => asset.isEmbedded, filter: exactly },
  { name: "isCertified", type: "boolean", from: (asset) => asset.isCertified, filter: exactly },
  { name: "certificationNote", type: "string", from: (asset) => asset.certificationNote },
];

const site: Child<object> = detail("site", (_item, scene) => record("site", { id: scene.site.id }));

const contact: Child<Asset> = child(
  "contact",
  () => userResource,
  (asset) => asset.contact,
  { shown: ["id", "name"] },
);

const certifier: Child<Asset> = child(
  "certifier",
  () => userResource,
  (asset) => asset.certifier,
  {
    shown: ["id", "name"],
  },
);

const location: Child<Asset> = detail("location", ({ project }) => locationElement(project));

const tags: Child<{ tags: readonly string[] }> = detail("tags", (asset) => tagsElement(asset.tags));

/** Children in the order of the schema, which is another one for tables. */
export const databaseResource: Resource<Database> = {
  element: "database",
  plural: "databases",
  attributes: [
    ...curated,
    { name: "type", type: "string", from: (database) => database.type, filter: equality },
    { name: "connectionType", type: "string", from: (database) => database.connectionType, filter: equality },
    { name: "hostName", type: "string", from: (database) => database.hostName },
    { name: "port", type: "integer", from: (database) => database.port },
    { name: "filePath", type: "string", from: (database) => database.filePath },
    { name: "fileExtension", type: "string", from: (database) => database.fileExtension },
    { name: "provider", type: "string", from: (database) => database.provider },
    {
      name: "contentPermissions",
      type: "string",
      from: ({ locksTables }) => (locksTables ? "LockedToDatabase" : "ManagedByOwner"),
    },
  ],
  children: [site, contact, certifier, location, tags],
};

export const tableResource: Resource<CatalogTable> = {
  element: "table",
  plural: "tables",
  attributes: [...curated, { name: "schema", type: "string", from: (table) => table.schema, filter: equality }],
  children: [site, contact, certifier, tags, location],
};

/** inferred but for id, name, description and remoteType, which public clients read: the schema has no columns. */
export const columnResource: Resource<Column> = {
  element: "column",
  plural: "columns",
  attributes: [
    { name: "id", type: "luid", from: (column) => column.id },
    { name: "name", type: "string", from: (column) => column.name, filter: equality, sort: true },
    { name: "description", type: "string", from: (column) => column.description },
    { name: "remoteType", type: "string", from: (column) => column.remoteType, filter: equality },
    { name: "parentTableId", type: "luid", from: (column) => column.table.id },
  ],
  children: [site, tags],
};

export function locationElement({ id, name }: { id: string; name: string }, element = "location") {
  return record(element, { id, name, type: "Project" });
}
