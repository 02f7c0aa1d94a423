import { type Selectable, sql } from "kysely";
import type { DatabaseAccess } from "../database/database.ts";
import type { BudgetCountTable } from "../database/schema.ts";
import { type EventInput, recordEvents } from "../events/events.ts";

/** What is counted, and in which window of time. */
export interface CountedUse {
  readonly projectId: string;
  readonly serverUrl: string;
  readonly site: string;
  readonly budget: string;
  /** Empty where the budget is the whole site's. */
  readonly tableauUserId: string;
  readonly windowStart: Date;
  readonly windowEnd: Date;
  readonly used: number;
}

/**
 * Adds to what all processes have counted, by primary key, and gives back the sums in the same order. All of one
 * project.
 *
 * @param tell what has come about by it, stored in the same transaction
 */
export async function addUse(
  database: DatabaseAccess,
  projectId: string,
  uses: readonly CountedUse[],
  tell: (sums: readonly number[]) => readonly EventInput[],
): Promise<number[]> {
  const rows = JSON.stringify(
    uses.map((use) => ({
      server_url: use.serverUrl,
      site: use.site,
      budget: use.budget,
      tableau_user_id: use.tableauUserId,
      window_start: use.windowStart,
      window_end: use.windowEnd,
      used: use.used,
    })),
  );
  // In the order of the key, so that two processes that count the same do not wait for each other in a circle.
  return database.inProject(projectId, async (trx) => {
    const added = await sql<Key & { used: string }>`
      insert into budget_counts
        (project_id, server_url, site, budget, tableau_user_id, window_start, window_end, used)
      select ${projectId}::uuid, r.* from jsonb_to_recordset(${rows}::jsonb) as r
        (server_url text, site text, budget text, tableau_user_id text, window_start timestamptz,
         window_end timestamptz, used bigint)
      order by window_end, server_url, site, budget, tableau_user_id, window_start
      on conflict (project_id, window_end, server_url, site, budget, tableau_user_id, window_start)
        do update set used = budget_counts.used + excluded.used
      returning server_url, site, budget, tableau_user_id, window_start, used`.execute(trx);
    const byKey = new Map(added.rows.map((row) => [keyOf(row), Number(row.used)]));
    const sums = uses.map((use) => byKey.get(keyOfUse(use)) ?? use.used);
    await recordEvents(trx, tell(sums));
    return sums;
  });
}

type Key = Pick<Selectable<BudgetCountTable>, "server_url" | "site" | "budget" | "tableau_user_id" | "window_start">;

function keyOfUse({ serverUrl, site, budget, tableauUserId, windowStart }: CountedUse): string {
  return keyOf({ server_url: serverUrl, site, budget, tableau_user_id: tableauUserId, window_start: windowStart });
}

function keyOf({ server_url, site, budget, tableau_user_id, window_start }: Key): string {
  return JSON.stringify([server_url, site, budget, tableau_user_id, window_start]);
}

/** The windows that are not over, the most used first; by primary key. */
export async function listUse(
  database: DatabaseAccess,
  projectId: string,
  now: Date,
  limit: number,
): Promise<CountedUse[]> {
  const rows = await database.inProject(
    projectId,
    (trx) =>
      trx
        .selectFrom("budget_counts")
        .selectAll()
        .where("project_id", "=", projectId)
        .where("window_end", ">", now)
        .where("window_start", "<=", now)
        .orderBy("used", "desc")
        .limit(limit)
        .execute(),
    { isRepeatable: true },
  );
  return rows.map((row) => ({
    projectId,
    serverUrl: row.server_url,
    site: row.site,
    budget: row.budget,
    tableauUserId: row.tableau_user_id,
    windowStart: row.window_start,
    windowEnd: row.window_end,
    used: Number(row.used),
  }));
}

/**
 * Counts a try for each key, where none of them is at its most, and says so by null; else how many seconds remain until
 * the one that lasts longest is over, and nothing is counted. One statement: of several processes that ask at once, no
 * more are let through than may be.
 */
export async function countTries(
  database: DatabaseAccess,
  tries: readonly { key: Buffer; most: number; seconds: number }[],
): Promise<number | null> {
  return database.transaction(
    async (trx) => {
      // In one order everywhere, so that no two wait for each other.
      const ordered = [...tries].sort((one, other) => Buffer.compare(one.key, other.key));
      const full: number[] = [];
      for (const { key, most, seconds } of ordered) {
        const { rows } = await sql<{ count: number; remaining: number }>`
          insert into sign_in_tries as t (key, count, ends_at)
          values (${key}, 1, clock_timestamp() + make_interval(secs => ${seconds}))
          on conflict (key) do update set
            count = case when t.ends_at <= clock_timestamp() then 1 else t.count + 1 end,
            ends_at = case when t.ends_at <= clock_timestamp() then excluded.ends_at else t.ends_at end
          returning count, extract(epoch from ends_at - clock_timestamp())::float8 as remaining`.execute(trx);
        const [row] = rows;
        if (row !== undefined && row.count > most) full.push(Math.max(1, Math.ceil(row.remaining)));
      }
      if (full.length === 0) return null;
      // What is refused was no try: it must not keep the account out for longer.
      for (const { key } of ordered) await giveTryBack(trx, key);
      return Math.max(...full);
    },
    { isRepeatable: true },
  );
}

async function giveTryBack(db: Pick<DatabaseAccess, "db">["db"], key: Buffer): Promise<void> {
  await sql`update sign_in_tries set count = count - 1 where key = ${key} and count > 0`.execute(db);
}

/** A try that was none after all: the sign-in worked. */
export async function forgetTries(database: DatabaseAccess, keys: readonly Buffer[]): Promise<void> {
  for (const key of keys) await database.retrying((db) => giveTryBack(db, key));
}
