import { findLoad } from "./load.ts";
import { measureDownloads } from "./measures/download.ts";
import { measureManyCredentials } from "./measures/many-credentials.ts";
import { measureLatency, measureThroughput, warmUp } from "./measures/small-json.ts";
import { countStatements } from "./measures/statements.ts";
import type { Results } from "./report.ts";
import { setUp, type Way } from "./stage.ts";

/** How long a run takes its time. */
export interface Extent {
  readonly rounds: number;
  /** Of each load, whole ones: wrk takes no parts. */
  readonly seconds: number;
  readonly credentials: number;
  /** Before anything is measured, of each way: V8 goes on compiling for tens of thousands of calls, on threads of its own. */
  readonly warmUpCalls: number;
  /** Where a profile of Easel's processor time is left; null for none. */
  readonly profile: string | null;
}

/** Starts everything, measures everything in one run, and stops everything. `tell` hears what is measured now. */
export async function runBench(
  { rounds, seconds, credentials, warmUpCalls, profile }: Extent,
  tell: (what: string) => void,
): Promise<{ ways: readonly Way[]; load: string; results: Results }> {
  const { name: load, runLoad } = await findLoad();
  tell("starting PostgreSQL, the upstream, the rivals and Easel");
  const stage = await setUp({ profile });
  try {
    const { ways, easel } = stage;
    const [own] = ways.filter(({ name }) => name === "easel");
    if (own === undefined) throw new Error("Easel is not among the ways.");
    tell("warming up");
    for (const way of ways) await warmUp(way, runLoad, warmUpCalls);
    tell("200 MB downloads");
    const downloads = await measureDownloads(ways, Math.min(rounds, 3));
    tell("small JSON over 32 connections");
    const throughput = await measureThroughput(ways, runLoad, { rounds, seconds });
    tell("small JSON over 1 connection");
    const latency = await measureLatency(ways, runLoad, { rounds, seconds: Math.ceil(seconds / 2) });
    tell("statements of warm calls");
    const statements = await countStatements(own, stage.databaseUrl, runLoad, seconds);
    tell(`${credentials} credentials`);
    const manyCredentials = await measureManyCredentials(easel, runLoad, { credentials, rounds, seconds });
    return { ways, load, results: { throughput, latency, downloads, manyCredentials, credentials, statements } };
  } finally {
    await stage.close();
  }
}
