import type { Name, Way } from "../stage.ts";

/** What was measured of each way, in the order of the rounds: the same place is the same moment. */
export type Samples<T> = Readonly<Record<Name, readonly T[]>>;

/**
 * Measures every way in every round, another one first each time: what else the machine does meets all of them alike,
 * and what is compared was measured within seconds.
 */
export async function inRounds<T>(
  ways: readonly Way[],
  rounds: number,
  measure: (way: Way) => Promise<T>,
): Promise<Samples<T>> {
  const samples: Record<Name, T[]> = { direct: [], bare: [], fastify: [], easel: [] };
  for (let round = 0; round < rounds; round += 1) {
    const first = round % ways.length;
    for (const way of [...ways.slice(first), ...ways.slice(0, first)]) samples[way.name].push(await measure(way));
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The median of what `compare` says of each round, so that a slow round is compared with itself. */
export function medianOf<T>(one: readonly T[], other: readonly T[], compare: (one: T, other: T) => number): number {
  return median(one.flatMap((sample, at) => (other[at] === undefined ? [] : [compare(sample, other[at])])));
}
