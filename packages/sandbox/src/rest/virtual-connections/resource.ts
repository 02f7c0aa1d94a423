import { type Child, child, detail, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { record, text } from "../../wire/element.ts";
import { projectResource } from "../projects/resource.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import type { SourceConnection, VirtualConnection, VirtualConnectionRevision } from "./model.ts";

const attributes: Resource<VirtualConnection>["attributes"] = [
  { name: "id", type: "luid", from: (connection) => connection.id },
  { name: "name", type: "string", from: (connection) => connection.name, filter: equality, sort: true },
  {
    name: "webpageUrl",
    type: "string",
    from: ({ number }, { origin, site }) => `${origin}/#/site/${site.contentUrl}/virtualconnections/${number}`,
  },
  { name: "createdAt", type: "dateTime", from: (connection) => connection.createdAt, filter: ordered, sort: true },
  { name: "updatedAt", type: "dateTime", from: (connection) => connection.updatedAt, filter: ordered, sort: true },
  { name: "hasExtracts", type: "boolean", from: (connection) => connection.hasExtracts, filter: exactly },
  { name: "isCertified", type: "boolean", from: (connection) => connection.isCertified, filter: exactly },
  {
    name: "certificationNote",
    type: "string",
    from: ({ isCertified, certificationNote }) => (isCertified ? certificationNote : undefined),
    show: "single",
  },
  { name: "ownerName", type: "string", from: ({ owner }) => owner.fullName, show: "never", filter: equality },
  { name: "projectName", type: "string", from: ({ project }) => project.name, show: "never", filter: equality },
];

const children: readonly Child<VirtualConnection>[] = [
  child(
    "project",
    () => projectResource,
    ({ project }) => project,
    { shown: ["id"] },
  ),
  child(
    "owner",
    () => userResource,
    ({ owner }) => owner,
    { shown: ["id"] },
  ),
  detail("tags", ({ tags }) => tagsElement(tags)),
];

export const virtualConnectionResource: Resource<VirtualConnection> = {
  element: "virtualConnection",
  plural: "virtualConnections",
  attributes,
  children,
};

/** One alone brings what was published: its latest revision, or another one's. */
export function withContent(content: string): Resource<VirtualConnection> {
  return { ...virtualConnectionResource, children: [...children, detail("content", () => text("content", content))] };
}

/** A connection inside of it. The names are the schema's; public clients also know older ones. */
export function sourceConnectionElement({ id, dbClass, server, port, userName, database }: SourceConnection) {
  const written = { connectionId: id, database, dbClass, port: port?.toString(), server, username: userName };
  return record("connection", written);
}

/** `isCurrent` is of the latest only. */
export const revisionResource: Resource<VirtualConnectionRevision & { isCurrent: boolean }> = {
  element: "revision",
  plural: "revisions",
  attributes: [
    { name: "revisionNumber", type: "string", from: (revision) => revision.number },
    { name: "publishedAt", type: "dateTime", from: (revision) => revision.publishedAt },
    { name: "deleted", type: "boolean", from: () => false },
    { name: "current", type: "boolean", from: (revision) => revision.isCurrent },
  ],
  children: [
    child(
      "publisher",
      () => userResource,
      ({ publisher }) => publisher,
      { shown: ["id", "name"] },
    ),
  ],
};
