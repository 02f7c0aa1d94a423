import type { RequiredRole } from "../auth/roles.ts";
import type { Scope } from "../auth/scopes.ts";
import type { Session } from "../auth/sessions.ts";
import { indexed } from "../control/index-lag.ts";
import type { Resource } from "../query/description.ts";
import { drawAlone, drawPage } from "../query/listing.ts";
import type { Site } from "../site/site.ts";
import { isRefusal, type Refusal, type RefusalCode, refuse } from "../wire/refusals.ts";
import { answer, type Reply } from "../wire/reply.ts";
import type { Route, SessionCall } from "./route.ts";
import type { User } from "./users/model.ts";

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
  /** Which of them a user may see; without it, whoever may call sees all of them. */
  visibleTo?: (user: User) => (item: Item) => boolean;
  /** False where a list does not come from the search index, which may lag behind. */
  isIndexed?: boolean;
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
    handle({ world, session, query, scene }) {
      const visible = visibleItems(collection, session);
      const items = collection.isIndexed === false ? visible : indexed(world, visible);
      return asReply(drawPage(collection.listed, items, query, scene));
    },
  };
}

/** The items of the session's site that its user may see. */
export function visibleItems<Item extends object>(
  { items, visibleTo }: Pick<Collection<Item>, "items" | "visibleTo">,
  { site, user }: Session,
): Item[] {
  // An array, because its filter is several times as fast as an iterator's.
  const all = [...items(site).values()];
  return visibleTo === undefined ? all : all.filter(visibleTo(user));
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

/** The item that the path's `{id}` names, in the session's site, if its user may see it. */
export function find<Item extends object>(
  { items, notFound, visibleTo }: Pick<Collection<Item>, "items" | "notFound" | "visibleTo">,
  { session: { site, user }, parameters }: SessionCall,
): Item | Refusal {
  const id = parameters.id ?? "";
  // LUIDs are the same in any letter case.
  const item = items(site).get(id.toLowerCase());
  if (item === undefined) return refuse(notFound, `There is no '${id}' here.`);
  // Tableau says 403004 here, not 404 (rest-api-samples issue 95).
  if (visibleTo?.(user)(item) === false) return refuse("403004", `${user.name} isn't authorized to query '${id}'.`);
  return item;
}

function asReply(elements: ReturnType<typeof drawPage>): Reply | Refusal {
  return isRefusal(elements) ? elements : answer(...elements);
}
