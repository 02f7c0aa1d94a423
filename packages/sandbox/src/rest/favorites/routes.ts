import { isSiteAdministrator } from "../../auth/roles.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import { may } from "../permissions/effective.ts";
import type { Route, SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import {
  addFavorite,
  favoritesOf,
  findFavoriteItem,
  moveFavorite,
  readFavoriteKind,
  removeFavorite,
} from "./favorites.ts";
import type { FavoriteItem } from "./model.ts";
import { favoritesElement } from "./resource.ts";

/** Moves in one request. */
const mostMoves = 1_000;

const named = element({ id: attribute }).optional();

const favoriteSchema = element({
  favorite: element({
    label: attribute.optional(),
    ...{ workbook: named, view: named, datasource: named, project: named, flow: named },
  }),
});

const orderSchema = element({
  favoriteOrderings: element({
    favoriteOrdering: repeated(
      element({
        favoriteId: attribute,
        favoriteType: attribute,
        favoriteIdMoveAfter: attribute,
        favoriteTypeMoveAfter: attribute,
      }),
      mostMoves,
    ),
  }),
});

export const favoriteRoutes: readonly Route[] = [
  {
    kind: "session",
    method: "GET",
    template: "/sites/{siteId}/favorites/{userId}",
    body: "none",
    jwt: ["tableau:favorites:read", "tableau:content:read"], // inferred
    role: "anyone",
    handle(call) {
      const user = whose(call);
      if (isRefusal(user)) return user;
      return answer(favoritesElement(visibleFavorites(call, user), call.scene));
    },
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/favorites/{userId}",
    body: "tsRequest",
    jwt: "tableau:favorites:update",
    role: "anyone",
    handle: add,
  },
  {
    kind: "session",
    method: "DELETE",
    template: "/sites/{siteId}/favorites/{userId}/{contentType}/{contentId}",
    body: "none",
    jwt: "tableau:favorites:delete",
    role: "anyone",
    handle: remove,
  },
  {
    kind: "session",
    method: "PUT",
    template: "/sites/{siteId}/orderFavorites/{userId}",
    body: "tsRequest",
    jwt: "tableau:favorites:update",
    role: "anyone",
    handle: order,
  },
];

function add(call: SessionCall): Reply | Refusal {
  const user = whose(call);
  if (isRefusal(user)) return user;
  const request = read(favoriteSchema, call.content);
  if (isRefusal(request)) return request;
  const { label = "", ...given } = request.favorite;
  const [first, ...others] = Object.entries(given).filter(([, item]) => item !== undefined);
  if (first === undefined || others.length > 0) return refuse("400000", "The favorite must hold one item.");
  if (label.trim() === "") return refuse("400005", "A favorite must have a label.");
  const [kind, itemNamed] = first;
  const item = findVisible(call, kind, itemNamed?.id ?? "");
  if (isRefusal(item)) return item;
  const refusal = addFavorite(call.scene.site, user, { item, label, addedAt: call.scene.now });
  return refusal ?? answer(favoritesElement(visibleFavorites(call, user), call.scene));
}

function remove(call: SessionCall): Reply | Refusal {
  const user = whose(call);
  if (isRefusal(user)) return user;
  const { contentType = "", contentId = "" } = call.parameters;
  const kind = readFavoriteKind(contentType);
  if (kind === undefined) return refuse("404003", `'${contentType}' can't be favorites.`);
  const { site } = call.scene;
  const item = findFavoriteItem(site, kind, contentId);
  if (isRefusal(item)) return item;
  if (removeFavorite(site, user, item) === "removed") return done;
  return refuse("404010", `The ${kind} '${contentId}' is no favorite of '${user.name}'.`);
}

function order(call: SessionCall): Reply | Refusal {
  const user = whose(call);
  if (isRefusal(user)) return user;
  const request = read(orderSchema, call.content);
  if (isRefusal(request)) return request;
  for (const ordering of request.favoriteOrderings.favoriteOrdering) {
    const item = findVisible(call, ordering.favoriteType, ordering.favoriteId);
    if (isRefusal(item)) return item;
    const behind = findVisible(call, ordering.favoriteTypeMoveAfter, ordering.favoriteIdMoveAfter);
    if (isRefusal(behind)) return behind;
    const refusal = moveFavorite(call.scene.site, user, item, behind);
    if (refusal !== undefined) return refusal;
  }
  return done; // inferred: the reference shows no answer
}

/** The user whose favorites a call is about: oneself, or for administrators anybody. */
function whose({ session, parameters }: SessionCall): User | Refusal {
  const id = parameters.userId ?? "";
  const user = session.site.users.get(id.toLowerCase());
  if (!isSiteAdministrator(session.user) && user !== session.user) {
    return refuse("403004", "The favorites of other users are for site administrators.");
  }
  return user ?? refuse("404002", `There is no user '${id}'.`);
}

/** What has been hidden from its user since is not shown, and is there again once they may see it. */
function visibleFavorites({ session }: SessionCall, user: User) {
  return favoritesOf(session.site, user).filter(({ item }) => may(user, "Read", item));
}

function findVisible({ session }: SessionCall, writtenKind: string, id: string): FavoriteItem | Refusal {
  const kind = readFavoriteKind(writtenKind);
  if (kind === undefined) return refuse("400000", `'${writtenKind}' is nothing that can be a favorite.`);
  const item = findFavoriteItem(session.site, kind, id);
  if (isRefusal(item) || may(session.user, "Read", item)) return item;
  return refuse("403004", `${session.user.name} isn't authorized to query '${id}'.`);
}
