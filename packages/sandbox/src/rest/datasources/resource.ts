import { type Attribute, child, detail, type Raw, type Resource, type Scene } from "../../query/description.ts";
import { oncePerAnswer } from "../../query/once.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { projectResource } from "../projects/resource.ts";
import { favoritesAttribute, publishedFilters } from "../publishing/fields.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import type { Datasource } from "./model.ts";

export const datasourceResource: Resource<Datasource> = {
  element: "datasource",
  plural: "datasources",
  fieldNames: { tag: "tags" }, // as TSC names it
  attributes: [
    { name: "id", type: "luid", from: (datasource) => datasource.id },
    { name: "name", type: "string", from: (datasource) => datasource.name, filter: equality, sort: true },
    { name: "contentUrl", type: "string", from: (datasource) => datasource.contentUrl, filter: equality, sort: true },
    {
      name: "webpageUrl",
      type: "string",
      from: (datasource, { origin, site }) => `${origin}/#/site/${site.contentUrl}/datasources/${datasource.number}`,
    },
    { name: "description", type: "string", from: ({ description }) => description, filter: equality, sort: true },
    { name: "type", type: "string", from: (datasource) => datasource.type, filter: equality, sort: true },
    { name: "createdAt", type: "dateTime", from: (datasource) => datasource.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (datasource) => datasource.updatedAt, filter: ordered, sort: true },
    { name: "encryptExtracts", type: "string", from: (datasource) => datasource.encryptExtracts },
    { name: "hasExtracts", type: "boolean", from: ({ hasExtracts }) => hasExtracts, filter: exactly, sort: true },
    { name: "isCertified", type: "boolean", from: ({ isCertified }) => isCertified, filter: exactly, sort: true },
    {
      name: "certificationNote",
      type: "string",
      from: (datasource) => (datasource.isCertified ? datasource.certificationNote : undefined),
    },
    { name: "useRemoteQueryAgent", type: "boolean", from: (datasource) => datasource.useRemoteQueryAgent },
    { name: "size", type: "integer", from: (datasource) => datasource.size, filter: ordered, sort: true },
    { name: "isPublished", type: "boolean", from: () => true, show: "asked", filter: exactly, sort: true },
    { name: "hasAlert", type: "boolean", from: () => false, show: "asked", filter: exactly, sort: true },
    favoritesAttribute("asked"),
    {
      name: "connectedWorkbooksCount",
      type: "integer",
      from: connectedWorkbooksCount,
      show: "asked",
      filter: ordered,
      sort: true,
    },
    // The name that tableau-mcp filters by, with the operators of a number.
    {
      name: "connectedWorkbookType",
      type: "integer",
      from: connectedWorkbooksCount,
      show: "never",
      filter: ordered,
      sort: true,
    },
    { ...ofConnections("serverName", ({ serverAddress }) => serverAddress || "localhost"), show: "asked" },
    { ...ofConnections("databaseName", ({ databaseName }) => databaseName), show: "asked" },
    ofConnections("connectionType", ({ type }) => type),
    ofConnections("connectionTo", ({ serverAddress }) => serverAddress),
    ofConnections("authenticationType", ({ authenticationType }) => authenticationType),
    ofConnections("databaseUserName", ({ userName }) => userName),
    ofConnections("tableName", ({ databaseName }) => databaseName), // inferred: files name no single table
    { ...ofConnections("serverPort", ({ serverPort }) => serverPort), type: "int", filter: exactly },
    { ...ofConnections("hasEmbeddedPassword", ({ embedPassword }) => embedPassword), type: "boolean", filter: exactly },
    { name: "isConnectable", type: "boolean", from: () => true, show: "never", filter: exactly },
    { ...ofConnections("isDefaultPort", () => true), type: "boolean", filter: exactly },
    { name: "isHierarchical", type: "boolean", from: () => false, show: "never", filter: exactly },
    ...publishedFilters<Datasource>(),
  ],
  children: [
    child(
      "project",
      () => projectResource,
      (datasource) => datasource.project,
      { shown: ["id", "name"] },
    ),
    child(
      "owner",
      () => userResource,
      (datasource) => datasource.owner,
      { shown: ["id"] },
    ),
    detail("tags", (datasource) => tagsElement(datasource.tags)),
  ],
};

/** inferred: fields that are of connections are of a data source's first. */
function ofConnections(
  name: string,
  from: (connection: Datasource["connections"][number]) => Raw | undefined,
): Attribute<Datasource> {
  return {
    name,
    type: "string",
    from({ connections: [first] }) {
      return first === undefined ? undefined : from(first);
    },
    show: "never",
    filter: equality,
  };
}

const connectedWorkbooks = oncePerAnswer(({ site }) => {
  const counts = new Map<Datasource, number>();
  for (const { connections } of site.workbooks.values()) {
    for (const one of new Set(connections.flatMap((connection) => connection.datasource ?? []))) {
      counts.set(one, (counts.get(one) ?? 0) + 1);
    }
  }
  return counts;
});

function connectedWorkbooksCount(datasource: Datasource, scene: Scene): number {
  return connectedWorkbooks(scene).get(datasource) ?? 0;
}
