import type { Attribute } from "../../query/description.ts";
import { equality, ordered } from "../../query/operators.ts";
import { favoritesTotal } from "../favorites/favorites.ts";
import type { Project } from "../projects/model.ts";
import type { User } from "../users/model.ts";
import { domainOf } from "../users/resource.ts";

/** What is published: in a project, somebody's, with tags. */
type Published = { id: string; project: Project; owner: User; tags: string[] };

/** What every kind of published content can be filtered by, beside its own fields. */
export function publishedFilters<Item extends Published>(): Attribute<Item>[] {
  const never = { type: "string", show: "never", filter: equality } as const;
  return [
    { ...never, name: "projectName", from: ({ project }) => project.name, sort: true },
    { ...never, name: "ownerName", from: ({ owner }) => owner.fullName, sort: true },
    { ...never, name: "ownerEmail", from: ({ owner }) => owner.email },
    { ...never, name: "ownerDomain", from: ({ owner }) => domainOf(owner) },
    { ...never, name: "tags", from: ({ tags }) => tags },
  ];
}

export function favoritesAttribute<Item extends Published>(show: "asked" | "never"): Attribute<Item> {
  return {
    name: "favoritesTotal",
    type: "integer",
    from: (item, { site }) => favoritesTotal(site, item),
    show,
    filter: ordered,
    sort: true,
  };
}
