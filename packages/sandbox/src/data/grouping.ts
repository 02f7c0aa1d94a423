import type { Rows } from "./aggregation.ts";
import type { Value } from "./table.ts";

/** Splits rows into groups of equal keys, in the order in which the groups are met. Without keys, all are one group. */
export function groupRows(rows: Rows, keys: readonly ((row: number) => Value)[]): number[][] {
  let groupOf = new Array<number>(rows.length).fill(0);
  let groups = Math.min(1, rows.length);
  for (const key of keys) {
    // The group so far and the value's own number make the new group's key.
    const numberOf = new Map<Value, number>();
    const values = rows.map((row) => numberIn(numberOf, key(row)));
    const next = new Map<number, number>();
    groupOf = groupOf.map((group, index) => numberIn(next, group * numberOf.size + (values[index] ?? 0)));
    groups = next.size;
  }
  const grouped = Array.from({ length: groups }, (): number[] => []);
  for (const [index, row] of rows.entries()) grouped[groupOf[index] ?? 0]?.push(row);
  return grouped;
}

function numberIn<Key>(known: Map<Key, number>, key: Key): number {
  const number = known.get(key);
  if (number !== undefined) return number;
  known.set(key, known.size);
  return known.size - 1;
}
