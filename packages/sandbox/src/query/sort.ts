import { type Refusal, refuse } from "../wire/refusals.ts";
import type { Attribute, Raw, Resource, Scene } from "./description.ts";

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

/**
 * The items from rank `start` to rank `end` (not included) of what sorting them all would give. Items that are equal
 * in every key keep their order. Only the part that is asked for gets sorted, by a number for each item's first key,
 * which is why a page of 120,000 users takes milliseconds.
 */
export function sortedSlice<Item>(
  items: readonly Item[],
  keys: readonly SortKey<Item>[],
  scene: Scene,
  { start, end }: { start: number; end: number },
): Item[] {
  const [first, ...others] = keys;
  if (first === undefined) return items.slice(start, end);
  const { attribute, sign } = first;
  const values = items.map((item) => attribute.from(item, scene));
  const ranks = Float64Array.from(values, (value) => sign * rank(value));
  const order = Uint32Array.from(items.keys());

  function compare(one: number, other: number): number {
    const byRank = at(ranks, one) - at(ranks, other);
    // Two that miss the value have the rank -Infinity both, and their difference is no number.
    if (byRank < 0 || byRank > 0) return byRank;
    const byValue = typeof values[one] === "string" ? sign * compareRaw(values[one], values[other]) : 0;
    return byValue || byOthers(items[one], items[other]) || one - other;
  }

  function byOthers(one: Item | undefined, other: Item | undefined): number {
    if (one === undefined || other === undefined) return 0;
    for (const { attribute, sign } of others) {
      const order = sign * compareRaw(attribute.from(one, scene), attribute.from(other, scene));
      if (order !== 0) return order;
    }
    return 0;
  }

  sortPart(order, compare, { start, end: Math.min(end, items.length) });
  return Array.from(order.subarray(start, end)).flatMap((index) => items[index] ?? []);
}

type Sortable = Raw | readonly string[] | undefined;

/** inferred: an item without the value comes first, as the smallest; letters are compared by their code. */
function compareRaw(one: Sortable, other: Sortable): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A number that orders values as `compareRaw` does; strings that begin alike have the same one. */
function rank(value: Sortable): number {
  if (value === undefined) return Number.NEGATIVE_INFINITY;
  if (typeof value !== "string") return Number(value);
  // Six characters are as much as fits. From the first that does not fit into its eight bits on, nothing counts.
  let packed = 0;
  for (let index = 0, isPlain = true; index < 6; index++) {
    const code = isPlain && index < value.length ? value.charCodeAt(index) : 0;
    packed = packed * 256 + Math.min(code, 255);
    if (code >= 255) isPlain = false;
  }
  return packed;
}

/** Quicksort that leaves alone what lies outside the wanted ranks; `compare` never calls two of them equal. */
function sortPart(
  order: Uint32Array,
  compare: (one: number, other: number) => number,
  wanted: { start: number; end: number },
): void {
  const open: [number, number][] = [[0, order.length - 1]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [low, high] = part;
    if (low >= high || high < wanted.start || low >= wanted.end) continue;
    const pivot = at(order, (low + high) >>> 1);
    let left = low;
    let right = high;
    while (left <= right) {
      while (compare(at(order, left), pivot) < 0) left++;
      while (compare(at(order, right), pivot) > 0) right--;
      if (left > right) break;
      const moved = at(order, left);
      order[left++] = at(order, right);
      order[right--] = moved;
    }
    open.push([low, right], [left, high]);
  }
}

/** Reads inside the bounds, which the callers keep to. */
function at(numbers: Uint32Array | Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
