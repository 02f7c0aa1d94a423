import { randomUUID } from "node:crypto";
import { sql as query } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DatabaseAccess, openDatabase } from "../database/database.ts";
import { sql } from "../testing/sql.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { waitFor } from "../testing/wait-for.ts";
import { createUsageDays } from "./days.ts";
import { row } from "./row.fixture.ts";
import { createUsage } from "./usage.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-03-10T12:00:00Z");

let url: string;
let database: DatabaseAccess;
beforeEach(async () => {
  url = await createTestDatabase();
  database = openDatabase(url, () => {});
});
afterEach(() => database.close());

async function days(): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    url,
    "select relname as name from pg_class where relkind = 'r' and relname ~ '^usage_\\d+$' order by 1",
  );
  return rows.map(({ name }) => name.replace("usage_", ""));
}

test("days are made ahead, and dropped once they are over their time, by whichever process comes first", async () => {
  const older = createUsageDays({ database, clock: () => NOW - 5 * DAY_MS, keepDays: 2 });
  await older.tend();
  expect(await days()).toEqual(["20260305", "20260306", "20260307", "20260308"]);
  const now = { database, clock: () => NOW, keepDays: 2 };
  await Promise.all([createUsageDays(now).tend(), createUsageDays(now).tend()]);
  expect(await days()).toEqual(["20260308", "20260310", "20260311", "20260312", "20260313"]);
});

test("a row of a day that nobody made, or somebody dropped, is written all the same", async () => {
  const told: unknown[] = [];
  const usage = createUsage({ database, clock: () => NOW, keepDays: 30, onError: (error) => void told.push(error) });
  const projectId = randomUUID();
  usage.record(row({ projectId, at: NOW - 20 * DAY_MS }));
  const page = { limit: 10 };
  expect((await usage.list(projectId, {}, page)).rows).toHaveLength(1);
  await sql(url, "drop table usage_20260218");
  usage.record(row({ projectId, at: NOW - 20 * DAY_MS }));
  usage.record(row({ projectId, at: NOW }));
  expect((await usage.list(projectId, {}, page)).rows).toHaveLength(2);
  await usage.close();
  expect(told).toEqual([]);
});

test("a day that is dropped keeps no reader out, and waits for those that have begun", async () => {
  const late = createUsageDays({ database, clock: () => NOW, keepDays: 1 });
  await createUsageDays({ database, clock: () => NOW - 4 * DAY_MS, keepDays: 1 }).tend();
  let tending = Promise.resolve();
  await database.db.transaction().execute(async (trx) => {
    await query`select count(*) from usage`.execute(trx);
    tending = late.tend();
    await waitFor(async () => {
      const [waiting] = await sql<{ count: string }>(
        url,
        "select count(*) from pg_stat_activity where query like '%concurrently%' and wait_event_type = 'Lock' and datname = current_database()",
      );
      return waiting?.count === "1";
    });
    await sql(url, "set lock_timeout = '1s'; select count(*) from usage");
    expect(await days()).toContain("20260306");
  });
  await tending;
  expect(await days()).not.toContain("20260306");
});

test("a drop that was interrupted between its steps is finished", async () => {
  await createUsageDays({ database, clock: () => NOW - 4 * DAY_MS, keepDays: 1 }).tend();
  await sql(url, "alter table usage detach partition usage_20260306");
  await createUsageDays({ database, clock: () => NOW, keepDays: 1 }).tend();
  expect(await days()).toEqual(["20260309", "20260310", "20260311", "20260312", "20260313"]);
});

test("a project reads its own rows only, and no day by itself", async () => {
  const usage = createUsage({ database, clock: () => NOW, keepDays: 30, onError: () => {} });
  const [mine, theirs] = [randomUUID(), randomUUID()];
  for (const projectId of [mine, theirs]) usage.record(row({ projectId, at: NOW }));
  await usage.close();
  const seen = await database.inProject(mine, (trx) =>
    query<{ id: string }>`select project_id as id from usage`.execute(trx),
  );
  expect(seen.rows).toEqual([{ id: mine }]);
  for (const statement of [
    "select * from usage_20260310",
    "select * from usage_batches",
    "select make_usage_day(now()::date)",
  ]) {
    await expect(database.inProject(mine, (trx) => query.raw(statement).execute(trx))).rejects.toThrow(
      /permission denied/,
    );
  }
  // Not even where somebody grants it to the tenants by mistake.
  await sql(url, "grant select on usage_20260310 to easel_tenant");
  const direct = await database.inProject(mine, (trx) => query`select * from usage_20260310`.execute(trx));
  expect(direct.rows).toEqual([]);
});
