import { child, type Resource } from "../../query/description.ts";
import { userResource } from "../users/resource.ts";
import type { Revision } from "./model.ts";

/** A revision as lists show it: they know which one is current. */
export type ListedRevision = { revision: Revision; isCurrent: boolean };

export const revisionResource: Resource<ListedRevision> = {
  element: "revision",
  plural: "revisions",
  attributes: [
    { name: "revisionNumber", type: "integer", from: ({ revision }) => revision.number },
    { name: "publishedAt", type: "dateTime", from: ({ revision }) => revision.publishedAt },
    { name: "deleted", type: "boolean", from: ({ revision }) => revision.isDeleted === true },
    { name: "current", type: "boolean", from: ({ isCurrent }) => isCurrent },
    { name: "sizeInBytes", type: "integer", from: ({ revision }) => revision.size },
  ],
  children: [
    child(
      "publisher",
      () => userResource,
      ({ revision }) => revision.publisher,
      { shown: ["id", "name"] },
    ),
  ],
};
