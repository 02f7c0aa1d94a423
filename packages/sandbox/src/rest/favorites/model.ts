import type { Datasource } from "../datasources/model.ts";
import type { Flow } from "../flows/model.ts";
import type { Project } from "../projects/model.ts";
import type { View } from "../views/model.ts";
import type { Workbook } from "../workbooks/model.ts";

export type FavoriteItem = Workbook | View | Datasource | Project | Flow;

/** Something that a user keeps at hand, under a label of theirs. */
export type Favorite = { item: FavoriteItem; label: string; addedAt: number };

export type Favorites = {
  /** By user id; in each user's own order, at most as many as favorites.ts says. */
  byUser: Map<string, Favorite[]>;
  /** How many users have an item, by its id. */
  totals: Map<string, number>;
};

export function noFavorites(): Favorites {
  return { byUser: new Map(), totals: new Map() };
}
