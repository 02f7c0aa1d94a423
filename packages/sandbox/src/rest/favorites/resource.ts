import { draw, inLists, isoSeconds, type Scene } from "../../query/description.ts";
import { type Element, list, record } from "../../wire/element.ts";
import { datasourceResource } from "../datasources/resource.ts";
import { flowResource } from "../flows/resource.ts";
import { isProject, isView, ownerOf, projectOf } from "../permissions/content.ts";
import { projectResource } from "../projects/resource.ts";
import { viewResource } from "../views/resource.ts";
import { workbookResource } from "../workbooks/resource.ts";
import type { Favorite, FavoriteItem } from "./model.ts";

/** A user's favorites, all on one page: this list has no paging. */
export function favoritesElement(favorites: readonly Favorite[], scene: Scene): Element {
  const drawn = favorites.map((favorite, position) => favoriteElement(favorite, position, scene));
  return list("favorites", "favorite", drawn);
}

function favoriteElement({ item, label, addedAt }: Favorite, position: number, scene: Scene): Element {
  const parent = isProject(item) ? item.parent : projectOf(item);
  const attributes = {
    label,
    parentProjectName: parent?.name,
    targetOwnerName: ownerOf(item).fullName,
    position: String(position),
    addedAt: isoSeconds(addedAt),
  };
  return record("favorite", attributes, [itemElement(item, scene)]);
}

function itemElement(item: FavoriteItem, scene: Scene): Element {
  if (isProject(item)) return draw(projectResource, item, scene, inLists);
  if (isView(item)) return draw(viewResource, item, scene, inLists);
  if ("views" in item) return draw(workbookResource, item, scene, inLists);
  if ("outputSteps" in item) return draw(flowResource, item, scene, inLists);
  return draw(datasourceResource, item, scene, inLists);
}
