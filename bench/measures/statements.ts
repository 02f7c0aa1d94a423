import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import type { RunLoad } from "../load.ts";
import type { Way } from "../stage.ts";
import { SMALL } from "./small-json.ts";

/** PostgreSQL brings its counts in line once a second ("The Cumulative Statistics System"). */
const COUNTS_LATE_MS = 2500;
const CONNECTIONS = 32;

export interface Statements {
  readonly calls: number;
  /** Transactions that PostgreSQL counted during them, beyond those that it counts when nobody calls. */
  readonly beyondIdle: number;
}

/**
 * What warm calls ask of the database, counted by PostgreSQL itself: a statement outside of a transaction counts as one.
 * Usage rows are written in batches of up to 1000, so a few are there however many calls are made.
 */
export async function countStatements(
  easel: Way,
  databaseUrl: string,
  runLoad: RunLoad,
  seconds: number,
): Promise<Statements> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const count = async (): Promise<number> => {
    await setTimeout(COUNTS_LATE_MS);
    await client.query("select pg_stat_clear_snapshot()");
    const { rows } = await client.query(
      "select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()",
    );
    return Number(rows[0].count);
  };
  try {
    const begin = await count();
    await setTimeout(seconds * 1000);
    const idle = (await count()) - begin;
    const { callers, base } = easel;
    const { requests } = await runLoad({ url: base + SMALL, callers, connections: CONNECTIONS, seconds });
    return { calls: requests, beyondIdle: (await count()) - begin - 2 * idle };
  } finally {
    await client.end();
  }
}
