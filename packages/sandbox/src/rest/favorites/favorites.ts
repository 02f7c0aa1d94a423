import type { Site } from "../../site/site.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { kindOf } from "../permissions/content.ts";
import type { ContentKind } from "../permissions/kinds.ts";
import type { User } from "../users/model.ts";
import type { Favorite, FavoriteItem } from "./model.ts";

/** Of one user. inferred: Tableau names no number. */
const mostFavorites = 1_000;

/** The kinds that can be favorites here, with where they are and what says that one is not there. */
const favoriteKinds = {
  workbook: { items: (site: Site) => site.workbooks, notFound: "404006" },
  view: { items: (site: Site) => site.views, notFound: "404011" },
  datasource: { items: (site: Site) => site.datasources, notFound: "404004" },
  project: { items: (site: Site) => site.projects, notFound: "404005" },
  flow: { items: (site: Site) => site.flows, notFound: "404027" },
} as const satisfies Partial<Record<ContentKind, object>>;

export type FavoriteKind = keyof typeof favoriteKinds;

/** In requests a kind is named alone, in paths in the plural; either is taken, as clients send both. */
export function readFavoriteKind(written: string): FavoriteKind | undefined {
  const lower = written.toLowerCase();
  return kindNames.find((kind) => lower === kind || lower === `${kind}s`);
}

const kindNames: readonly FavoriteKind[] = ["workbook", "view", "datasource", "project", "flow"];

/** How many users have something as a favorite: a filter and a sort key of every kind of content. */
export function favoritesTotal({ favorites }: Site, { id }: { id: string }): number {
  return favorites.totals.get(id) ?? 0;
}

/** A user's favorites in their order, without those that have been deleted since. */
export function favoritesOf(site: Site, user: User): Favorite[] {
  const kept = site.favorites.byUser.get(user.id) ?? [];
  const here = kept.filter(({ item }) => isThere(site, item));
  if (here.length < kept.length) site.favorites.byUser.set(user.id, here);
  return here;
}

export function findFavoriteItem(site: Site, kind: FavoriteKind, written: string): FavoriteItem | Refusal {
  const { items, notFound } = favoriteKinds[kind];
  return items(site).get(written.toLowerCase()) ?? refuse(notFound, `There is no ${kind} '${written}'.`);
}

/** Adds something at the end, or gives it another label where it is. */
export function addFavorite(site: Site, user: User, favorite: Favorite): Refusal | undefined {
  const mine = favoritesOf(site, user);
  const { item, label } = favorite;
  const known = mine.find((one) => one.item === item);
  const isTaken = mine.some((one) => one !== known && one.label === label && kindOf(one.item) === kindOf(item));
  if (isTaken) return refuse("409007", `There is already a favorite ${kindOf(item)} labelled '${label}'.`);
  if (known !== undefined) {
    known.label = label;
    return undefined;
  }
  if (mine.length >= mostFavorites) return refuse("400003", `A user has at most ${mostFavorites} favorites.`);
  site.favorites.byUser.set(user.id, [...mine, favorite]);
  site.favorites.totals.set(item.id, favoritesTotal(site, item) + 1);
  return undefined;
}

export function removeFavorite(site: Site, user: User, item: FavoriteItem): "removed" | "not a favorite" {
  const mine = favoritesOf(site, user);
  const left = mine.filter((one) => one.item !== item);
  if (left.length === mine.length) return "not a favorite";
  site.favorites.byUser.set(user.id, left);
  const total = favoritesTotal(site, item) - 1;
  if (total > 0) site.favorites.totals.set(item.id, total);
  else site.favorites.totals.delete(item.id);
  return "removed";
}

/** Puts one favorite right behind another. */
export function moveFavorite(site: Site, user: User, item: FavoriteItem, behind: FavoriteItem): Refusal | undefined {
  const mine = favoritesOf(site, user);
  const moved = mine.find((one) => one.item === item);
  const others = mine.filter((one) => one !== moved);
  const at = others.findIndex((one) => one.item === behind);
  if (moved === undefined || at === -1) return refuse("404010", "Only favorites of the user can be put in order.");
  site.favorites.byUser.set(user.id, others.toSpliced(at + 1, 0, moved));
  return undefined;
}

/** Takes all of a user's favorites away, when the user goes. */
export function forgetFavorites(site: Site, user: User): void {
  for (const { item } of favoritesOf(site, user)) removeFavorite(site, user, item);
  site.favorites.byUser.delete(user.id);
}

function isThere(site: Site, item: FavoriteItem): boolean {
  const kind = readFavoriteKind(kindOf(item));
  return kind !== undefined && favoriteKinds[kind].items(site).get(item.id) === item;
}
