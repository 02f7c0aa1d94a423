import { type Refusal, refuse } from "../wire/refusals.ts";
import type { Raw, Resource, Scene } from "./description.ts";

export type Comparison<Item> = (one: Item, other: Item, scene: Scene) => number;

/** Reads `sort=field:asc,field:desc`. Earlier keys win; items equal in all of them keep their order. */
export function parseSort<Item>(written: string, resource: Resource<Item>): Comparison<Item> | Refusal {
  const comparisons: Comparison<Item>[] = [];
  for (const key of written.split(",").filter((part) => part !== "")) {
    const [field, direction = "asc", ...rest] = key.split(":");
    const attribute = resource.attributes.find(({ name }) => name === field);
    if (attribute?.sort !== true) return refuse("400065", `Unsupported sort field: '${field}'`);
    if (rest.length > 0 || (direction !== "asc" && direction !== "desc")) {
      return refuse("400065", `Invalid sort expression: '${key}'`);
    }
    const sign = direction === "asc" ? 1 : -1;
    comparisons.push((one, other, scene) => sign * compare(attribute.from(one, scene), attribute.from(other, scene)));
  }
  return (one, other, scene) => {
    for (const comparison of comparisons) {
      const order = comparison(one, other, scene);
      if (order !== 0) return order;
    }
    return 0;
  };
}

type Sortable = Raw | readonly string[] | undefined;

/** inferred: an item without the value comes first, as the smallest. */
function compare(one: Sortable, other: Sortable): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
  return one < other ? -1 : one > other ? 1 : 0;
}
