import type { BenchEasel } from "../easel.ts";
import type { Callers, RunLoad } from "../load.ts";
import { callersOf } from "../stage.ts";
import { SMALL } from "./small-json.ts";

const CONNECTIONS = 32;
const CONNECTING_AT_ONCE = 8;
/** Calls before the order begins anew: many times those that a round makes of the rare ones. */
const ORDER = 200_000;

/** Requests a second of one credential, and of all of them, in each round. */
export interface ManyCredentials {
  readonly one: readonly number[];
  readonly many: readonly number[];
}

/** So many credentials, each of its own user with a token and a session of its own; the first are called most. */
export async function measureManyCredentials(
  easel: BenchEasel,
  runLoad: RunLoad,
  { credentials, rounds, seconds }: { credentials: number; rounds: number; seconds: number },
): Promise<ManyCredentials> {
  const values = await connectAll(easel, credentials);
  const random = seeded(1);
  const everyone = callersOf("authorization", values, Array.from({ length: ORDER }, zipf(credentials, random)));
  const [first = ""] = values;
  const single = callersOf(
    "authorization",
    [first],
    Array.from({ length: ORDER }, () => 0),
  );
  const url = easel.tableau + SMALL;
  // All of them have called once: what is measured is warm.
  await callEach(values, url);
  const [one, many]: [number[], number[]] = [[], []];
  const measure = async (callers: Callers): Promise<number> =>
    (await runLoad({ url, callers, connections: CONNECTIONS, seconds })).perSecond;
  for (let round = 0; round < rounds; round += 1) {
    const turns = [async () => one.push(await measure(single)), async () => many.push(await measure(everyone))];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  return { one, many };
}

async function connectAll(easel: BenchEasel, count: number): Promise<string[]> {
  const values: string[] = [];
  let next = 0;
  const connect = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      values[at] = `Bearer ${await easel.connect(`user-${at}`)}`;
    }
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, connect));
  return values;
}

async function callEach(values: readonly string[], url: string): Promise<void> {
  for (const authorization of values) {
    const answer = await fetch(url, { headers: { authorization } });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`A credential's first call was answered ${answer.status}.`);
  }
}

/** Places by Zipf's law: the second is called half as often as the first, the third a third as often. */
function zipf(count: number, random: () => number): () => number {
  let sum = 0;
  const sums = Float64Array.from({ length: count }, (_, at) => {
    sum += 1 / (at + 1);
    return sum;
  });
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? sum) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The same numbers in every run (Lehmer's generator with the constants of Park and Miller). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
