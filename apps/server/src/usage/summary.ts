import { sql } from "kysely";
import type { DatabaseAccess } from "../database/database.ts";
import { inTime } from "./in-time.ts";
import { conditions, type UsageFilter } from "./store.ts";

export type UsageGroup = "route" | "user" | "credential" | "organisation" | "status" | "method";

export interface UsageSummaryQuery {
  readonly filter: UsageFilter & { readonly from: Date; readonly to: Date };
  readonly by: UsageGroup | null;
  readonly interval: "hour" | "day" | null;
}

/** The calls of one hour, of one route, …; times in milliseconds, sizes in bytes. */
export interface UsageTotals {
  readonly start: Date | null;
  readonly key: string | null;
  readonly calls: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly renewed: number;
  readonly retries: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const MOST_TOTALS = 1000;

const columns: Readonly<Record<UsageGroup, string>> = {
  route: "route",
  user: "user_id",
  credential: "credential_id",
  organisation: "organisation",
  status: "status",
  method: "method",
};

/** Exact below a second, to three digits above: so few different times are there that they are counted, not sorted. */
const roundedMs = sql`case when ms < 1000 then ms when ms < 10000 then ms / 10 * 10 when ms < 100000 then ms / 100 * 100
  else ms / 1000 * 1000 end`;

/**
 * Reads the rows of the time asked for once: by index usage_project, or that of the filter. Percentiles are the time that
 * so many of the calls did not exceed (as percentile_disc).
 */
export async function summariseUsage(
  database: DatabaseAccess,
  projectId: string,
  { filter, by, interval }: UsageSummaryQuery,
): Promise<{ totals: UsageTotals[]; isCut: boolean }> {
  const start = interval === null ? sql`null::timestamptz` : sql`date_trunc(${sql.lit(interval)}, at, 'UTC')`;
  const key = by === null ? sql`null::text` : sql`${sql.ref(columns[by])}::text`;
  const { rows } = await inTime(database, projectId, (trx) =>
    sql<Selected>`
      with counted as (
        select ${start} as start, ${key} as key, ${roundedMs} as ms, count(*) as calls,
          count(*) filter (where status between 400 and 499) as client_errors,
          count(*) filter (where status >= 500) as server_errors,
          count(*) filter (where renewed) as renewed, sum(retries) as retries,
          sum(bytes_in) as bytes_in, sum(bytes_out) as bytes_out
        from usage where ${conditions(projectId, filter)} group by 1, 2, 3
      ), ranked as (
        select *, sum(calls) over (partition by start, key order by ms) as up_to,
          sum(calls) over (partition by start, key) as total from counted
      )
      select start, key, sum(calls) as calls, sum(client_errors) as client_errors, sum(server_errors) as server_errors,
        sum(renewed) as renewed, sum(retries) as retries, sum(bytes_in) as bytes_in, sum(bytes_out) as bytes_out,
        min(ms) filter (where up_to >= total * 0.5) as p50,
        min(ms) filter (where up_to >= total * 0.95) as p95,
        min(ms) filter (where up_to >= total * 0.99) as p99
      from ranked group by start, key order by start, calls desc, key limit ${MOST_TOTALS + 1}`.execute(trx),
  );
  return { totals: rows.slice(0, MOST_TOTALS).map(readTotals), isCut: rows.length > MOST_TOTALS };
}

interface Selected {
  start: Date | null;
  key: string | null;
  calls: string;
  client_errors: string;
  server_errors: string;
  renewed: string;
  retries: string;
  bytes_in: string;
  bytes_out: string;
  p50: number;
  p95: number;
  p99: number;
}

function readTotals(row: Selected): UsageTotals {
  return {
    start: row.start,
    key: row.key,
    calls: Number(row.calls),
    clientErrors: Number(row.client_errors),
    serverErrors: Number(row.server_errors),
    renewed: Number(row.renewed),
    retries: Number(row.retries),
    bytesIn: Number(row.bytes_in),
    bytesOut: Number(row.bytes_out),
    p50Ms: row.p50,
    p95Ms: row.p95,
    p99Ms: row.p99,
  };
}
