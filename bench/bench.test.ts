import { expect, test } from "vitest";
import { runBench } from "./bench.ts";
import { goalsOf, tableOf } from "./report.ts";

/** Processes start, and PostgreSQL, beside other tests on slow cores, in milliseconds. */
const LONGEST = 120_000;

test("measures every way and every goal, whatever the numbers are", { timeout: LONGEST }, async () => {
  const extent = { rounds: 1, seconds: 1, credentials: 5, warmUpCalls: 1, profile: null };
  const { ways, results } = await runBench(extent, () => {});
  expect(ways.map(({ name }) => name)).toEqual(["direct", "bare", "fastify", "easel"]);
  for (const { what, has } of goalsOf(results)) expect(has, what).toSatisfy(Number.isFinite);
  for (const { name } of ways) expect(results.throughput[name][0]?.perSecond, name).toBeGreaterThan(0);
  expect(results.downloads.easel[0]?.firstByteMs).toBeGreaterThan(0);
  expect(tableOf(ways, results)).toContain("| goal");
});
