import { createHash } from "node:crypto";

/** Numbers that look random and are the same every time for the same seed. */
export type Random = {
  /** A whole number from `least` to `most`, both included. */
  between: (least: number, most: number) => number;
  /** One of these; the list must not be empty. */
  pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** True once in `times`. */
  onceIn: (times: number) => boolean;
};

/** mulberry32: small, fast, and good enough for believable content. */
export function seededRandom(seed: string): Random {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    onceIn: (times) => between(1, times) === 1,
  };
}

/** The LUID of one thing of a site: from its own key, so that adding content never moves another thing's id. */
export function luidOf(...key: readonly (string | number)[]): string {
  const hex = createHash("sha256").update(JSON.stringify(key)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
