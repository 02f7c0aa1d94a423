import type { Generation } from "../../site/generation.ts";
import { people } from "../../site/people.ts";
import { readerOf } from "../permissions/effective.ts";
import { addFavorite } from "./favorites.ts";
import type { FavoriteItem } from "./model.ts";

/** The people with credentials have several favorites, one in four of the others has a few. */
export function generateFavorites({ site, now, random: randomOf }: Generation): void {
  const random = randomOf("favorites");
  const { workbooks, views, datasources, projects, flows } = site;
  const candidates: readonly FavoriteItem[][] = [
    ...[Array.from(workbooks.values()), Array.from(views.values()), Array.from(datasources.values())],
    ...[Array.from(projects.values()), Array.from(flows.values())],
  ];
  let index = 0;
  for (const user of site.users.values()) {
    const isNamed = index++ < people.length;
    if (!isNamed && !random.onceIn(4)) continue;
    const sees = readerOf(user);
    const count = isNamed ? 9 : random.between(1, 3);
    for (let taken = 0; taken < count; taken++) {
      const ofKind = candidates[random.between(0, candidates.length - 1)] ?? [];
      const item = ofKind[random.between(0, ofKind.length - 1)];
      if (item === undefined || !sees(item)) continue;
      addFavorite(site, user, { item, label: item.name, addedAt: now - random.between(1, 60 * 24 * 90) * 60_000 });
    }
  }
}
