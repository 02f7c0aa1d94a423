import { type Refusal, refuse } from "../wire/refusals.ts";
import type { Attribute, Resource } from "./description.ts";

/** One `field:direction`: -1 turns the order round. */
export type SortKey<Item> = { attribute: Attribute<Item>; sign: 1 | -1 };

/** A request's address is short; this only bounds the work of one that is made to be long. */
const mostKeys = 50;

/**
 * Reads `sort=field:asc,field:desc`. Earlier keys win; of a field that is named twice the last reference counts
 * (Tableau help, "Filtering and Sorting").
 */
export function parseSort<Item>(written: string, resource: Resource<Item>): SortKey<Item>[] | Refusal {
  const keys = new Map<string, SortKey<Item>>();
  const [readable = ""] = written.split("&", 1); // as in filters
  const parts = readable.split(",").filter((part) => part.trim() !== "");
  if (parts.length > mostKeys) return refuse("400065", "The sort expression has too many keys.");
  for (const part of parts) {
    const [field = "", direction = "asc", ...rest] = part.trim().split(":");
    const attribute = resource.attributes.find(({ name }) => name === field);
    if (attribute?.sort !== true) return refuse("400065", `The sort field '${field}' is not supported.`);
    if (rest.length > 0 || (direction !== "asc" && direction !== "desc")) {
      return refuse("400065", `The sort expression '${part}' is not valid.`);
    }
    keys.delete(field);
    keys.set(field, { attribute, sign: direction === "asc" ? 1 : -1 });
  }
  return [...keys.values()];
}
