import type { RunLoad } from "../load.ts";
import type { Way } from "../stage.ts";
import { inRounds, type Samples } from "./rounds.ts";

export interface Throughput {
  readonly perSecond: number;
  /** Processor time of the way's own process for each request, in milliseconds. */
  readonly cpuMs: number;
}

const CONNECTIONS = 32;
/** A page of a list: 2 KB of JSON. */
export const SMALL = "/projects?pageSize=100";

/** Makes at least so many calls. */
export async function warmUp({ base, callers }: Way, runLoad: RunLoad, calls: number): Promise<void> {
  let made = 0;
  while (made < calls) {
    made += (await runLoad({ url: base + SMALL, callers, connections: CONNECTIONS, seconds: 1 })).requests;
  }
}

/** As many small calls as go through. */
export function measureThroughput(
  ways: readonly Way[],
  runLoad: RunLoad,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Samples<Throughput>> {
  return inRounds(ways, rounds, async ({ base, callers, process }) => {
    const before = process.cpuMs();
    const { requests, perSecond } = await runLoad({ url: base + SMALL, callers, connections: CONNECTIONS, seconds });
    return { perSecond, cpuMs: (process.cpuMs() - before) / requests };
  });
}

/** The median time of a small call that has the way to itself, in milliseconds. */
export function measureLatency(
  ways: readonly Way[],
  runLoad: RunLoad,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Samples<number>> {
  return inRounds(ways, rounds, async ({ base, callers }) => {
    const { medianMs } = await runLoad({ url: base + SMALL, callers, connections: 1, seconds });
    return medianMs;
  });
}
