import type { Raw, Scene } from "./description.ts";
import type { SortKey } from "./sort.ts";

/** Places from `start` to `end`, which is not included. */
type Range = { start: number; end: number };

/** Places that still have to be put in order, by one key and from one letter of it on. */
type Part = Range & { key: number; letter: number; isRanked: boolean };

/**
 * The items in a range of what sorting them all would give; items that are equal in every key keep their order. It is
 * a quicksort that leaves alone what lies outside the range and compares numbers only: three letters of a string make
 * one, and what is equal in them is sorted by the next three. So a page of 120,000 users takes milliseconds.
 */
export function sortedSlice<Item>(
  items: readonly Item[],
  keys: readonly SortKey<Item>[],
  scene: Scene,
  wanted: Range,
): Item[] {
  if (keys.length === 0) return items.slice(wanted.start, wanted.end);
  const order = new Uint32Array(items.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  const ranks = new Float64Array(items.length);
  const open: Part[] = [{ start: 0, end: items.length, key: 0, letter: 0, isRanked: false }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.end - part.start < 2 || part.end <= wanted.start || part.start >= wanted.end) continue;
    const key = keys[part.key];
    if (key === undefined) {
      order.subarray(part.start, part.end).sort();
      continue;
    }
    if (!part.isRanked) rankItems(part, key);
    const rank = pivotOf(ranks, part, wanted);
    const equal = partition(order, ranks, part, rank);
    const goesOn = Math.abs(rank) % letterBase > 0 && Number.isFinite(rank) && isText(equal.start, key);
    const next = goesOn ? { key: part.key, letter: part.letter + lettersInRank } : { key: part.key + 1, letter: 0 };
    open.push({ ...part, end: equal.start, isRanked: true }, { ...part, start: equal.end, isRanked: true });
    open.push({ ...equal, ...next, isRanked: false });
  }
  return Array.from(order.subarray(wanted.start, wanted.end)).flatMap((index) => items[index] ?? []);

  function rankItems({ start, end, letter }: Part, { attribute, sign }: SortKey<Item>): void {
    for (let place = start; place < end; place++) {
      const item = items[at(order, place)];
      ranks[place] = item === undefined ? 0 : sign * rankOf(attribute.from(item, scene), letter);
    }
  }

  function isText(place: number, { attribute }: SortKey<Item>): boolean {
    const item = items[at(order, place)];
    return item !== undefined && typeof attribute.from(item, scene) === "string";
  }
}

// Three letters of 16 bits, and one more value for the end of the string, are what a number holds exactly.
const lettersInRank = 3;
const letterBase = 0x1_0001;

/** inferred: an item without the value comes first, as the smallest; letters are compared by their code. */
function rankOf(value: Raw | readonly string[] | undefined, letter: number): number {
  if (value === undefined) return Number.NEGATIVE_INFINITY;
  if (typeof value !== "string") return Number(value);
  let rank = 0;
  for (let index = letter; index < letter + lettersInRank; index++) {
    rank = rank * letterBase + (index < value.length ? value.charCodeAt(index) + 1 : 0);
  }
  return rank;
}

/** Below so many places it does not matter where they are parted. */
const fewPlaces = 100;

/** The rank to part places by. It lies near the wanted range, so that most of what is outside is left alone at once. */
function pivotOf(ranks: Float64Array, { start, end }: Range, wanted: Range): number {
  const size = end - start;
  if (size < fewPlaces) return at(ranks, (start + end) >>> 1);
  const samples = Float64Array.of(1, 3, 5, 7, 9).map((tenth) => at(ranks, start + Math.floor((size * tenth) / 10)));
  const below = (wanted.start - start) / size;
  const above = (end - wanted.end) / size;
  const fromMiddle = Math.max(below, above) > 0.8 ? 2 : Math.max(below, above) > 0.6 ? 1 : 0;
  return at(samples.sort(), below > above ? 2 + fromMiddle : 2 - fromMiddle);
}

/** Moves smaller ranks before and larger ones behind those that are equal to `rank`, and says where these are. */
function partition(order: Uint32Array, ranks: Float64Array, { start, end }: Range, rank: number): Range {
  let smaller = start;
  let larger = end;
  for (let place = start; place < larger; ) {
    const found = at(ranks, place);
    if (found < rank) swap(smaller++, place++);
    else if (found > rank) swap(--larger, place);
    else place++;
  }
  return { start: smaller, end: larger };

  function swap(one: number, other: number): void {
    const rank = at(ranks, one);
    const item = at(order, one);
    ranks[one] = at(ranks, other);
    order[one] = at(order, other);
    ranks[other] = rank;
    order[other] = item;
  }
}

/** Reads inside the bounds, which the callers keep to. */
function at(numbers: Uint32Array | Float64Array, index: number): number {
  return numbers[index] ?? 0;
}
