import type { RequiredRole } from "../auth/roles.ts";
import type { Scope } from "../auth/scopes.ts";
import type { Resource } from "../query/description.ts";
import { drawAlone, drawPage } from "../query/listing.ts";
import type { Site } from "../site/site.ts";
import { isRefusal, type Refusal, type RefusalCode, refuse } from "../wire/refusals.ts";
import { answer, type Reply } from "../wire/reply.ts";
import type { Route, SessionCall } from "./route.ts";

/** How a collection of a site is read: its list and one of its items. */
export type Collection<Item extends object> = {
  /** Its part of the path, e.g. `workbooks`. */
  path: string;
  listed: Resource<Item>;
  /** When one item alone has another shape than in lists, as jobs have. */
  single?: Resource<Item>;
  items: (site: Site) => ReadonlyMap<string, Item>;
  scope: Scope;
  role: RequiredRole;
  notFound: RefusalCode;
};

/** `GET S/{path}` with paging, filter, sort and fields. */
export function listRoute<Item extends object>(collection: Collection<Item>): Route {
  return {
    kind: "session",
    method: "GET",
    template: `/sites/{siteId}/${collection.path}`,
    body: "none",
    jwt: collection.scope,
    role: collection.role,
    handle: ({ session, query, scene }) =>
      asReply(drawPage(collection.listed, collection.items(session.site).values(), query, scene)),
  };
}

/** `GET S/{path}/{id}`. */
export function itemRoute<Item extends object>(collection: Collection<Item>): Route {
  return {
    kind: "session",
    method: "GET",
    template: `/sites/{siteId}/${collection.path}/{id}`,
    body: "none",
    jwt: collection.scope,
    role: collection.role,
    handle: (call) => readItem(collection, call),
  };
}

/** Answers the item that the path's `{id}` names, as it is shown alone. */
export function readItem<Item extends object>(collection: Collection<Item>, call: SessionCall): Reply | Refusal {
  const item = find(collection, call);
  if (isRefusal(item)) return item;
  const drawn = drawAlone(collection.single ?? collection.listed, item, call.query, call.scene);
  return isRefusal(drawn) ? drawn : answer(drawn);
}

/** The item that the path's `{id}` names, in the session's site. */
export function find<Item extends object>(
  collection: Pick<Collection<Item>, "items" | "notFound">,
  { session, parameters }: SessionCall,
): Item | Refusal {
  const id = parameters.id ?? "";
  // LUIDs are the same in any letter case.
  return (
    collection.items(session.site).get(id.toLowerCase()) ?? refuse(collection.notFound, `There is no '${id}' here.`)
  );
}

function asReply(elements: ReturnType<typeof drawPage>): Reply | Refusal {
  return isRefusal(elements) ? elements : answer(...elements);
}
