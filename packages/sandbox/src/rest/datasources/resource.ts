import { child, detail, type Resource } from "../../query/description.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { projectResource } from "../projects/resource.ts";
import { tagsElement } from "../tags.ts";
import { userResource } from "../users/resource.ts";
import type { Datasource } from "./model.ts";

export const datasourceResource: Resource<Datasource> = {
  element: "datasource",
  plural: "datasources",
  attributes: [
    { name: "id", type: "luid", from: (datasource) => datasource.id },
    { name: "name", type: "string", from: (datasource) => datasource.name, filter: equality, sort: true },
    { name: "contentUrl", type: "string", from: (datasource) => datasource.contentUrl, filter: equality },
    {
      name: "webpageUrl",
      type: "string",
      from: (datasource, { origin, site }) => `${origin}/#/site/${site.contentUrl}/datasources/${datasource.number}`,
    },
    { name: "description", type: "string", from: (datasource) => datasource.description, filter: equality },
    { name: "type", type: "string", from: (datasource) => datasource.type, filter: equality, sort: true },
    { name: "createdAt", type: "dateTime", from: (datasource) => datasource.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (datasource) => datasource.updatedAt, filter: ordered, sort: true },
    { name: "encryptExtracts", type: "string", from: () => false },
    { name: "hasExtracts", type: "boolean", from: (datasource) => datasource.hasExtracts, filter: exactly },
    { name: "isCertified", type: "boolean", from: (datasource) => datasource.isCertified, filter: exactly },
    {
      name: "certificationNote",
      type: "string",
      from: (datasource) => (datasource.isCertified ? datasource.certificationNote : undefined),
    },
    { name: "useRemoteQueryAgent", type: "boolean", from: () => false },
    { name: "size", type: "integer", from: (datasource) => datasource.size, filter: ordered, sort: true },
    { name: "isPublished", type: "boolean", from: () => true, show: "asked", filter: exactly },
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
    { name: "tags", type: "string", from: (datasource) => datasource.tags, show: "never", filter: equality },
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
