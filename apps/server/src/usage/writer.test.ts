import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DatabaseAccess, openDatabase } from "../database/database.ts";
import { cuttable } from "../testing/cut-database.ts";
import { sql } from "../testing/sql.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { startTestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { newKey } from "../vault/keys.ts";
import { createUsageDays } from "./days.ts";
import { row } from "./row.fixture.ts";
import { insertUsage } from "./store.ts";
import { createUsage, type Usage } from "./usage.ts";

let url: string;
let database: DatabaseAccess;
beforeAll(async () => {
  url = await createTestDatabase();
  database = openDatabase(url, () => {});
});
afterAll(() => database.close());

function start(over: DatabaseAccess = database): { usage: Usage; told: { lost: number; message: string }[] } {
  const told: { lost: number; message: string }[] = [];
  const onError = (error: unknown, lost: number): void => void told.push({ lost, message: String(error) });
  return { usage: createUsage({ database: over, clock: Date.now, keepDays: 30, onError }), told };
}

async function written(projectId: string): Promise<string[]> {
  const rows = await sql<{ request_id: string }>(
    url,
    "select request_id from usage where project_id = $1 order by request_id",
    [projectId],
  );
  return rows.map(({ request_id }) => request_id);
}

test("rows are kept while the database is away, and written once it is back", async () => {
  const cut = await cuttable(await createTestDatabase());
  const running = await startTestEasel({ database: { url: cut.url, keys: newKey() } });
  await running.project.connect("ana");
  await (await running.project.call("ana", "/sdk/proxy/tableau/projects")).text();
  await cut.cut();
  await waitFor(async () => (await fetch(`${running.origin}/health/ready`)).status === 503);
  expect(running.easel.usage.counts()).toMatchObject({ lost: 0 });
  await cut.mend();
  const { calls } = (await (await running.project.manage("/usage")).json()) as { calls: unknown[] };
  expect(calls).toHaveLength(1);
  await running.close();
  await cut.close();
});

test("what is recorded is written when the server stops", async () => {
  const { usage, told } = start();
  const projectId = randomUUID();
  const requestIds = Array.from({ length: 2500 }, (_, index) => String(10_000 + index));
  for (const requestId of requestIds) usage.record(row({ projectId, requestId }));
  await usage.close();
  expect(await written(projectId)).toEqual(requestIds);
  expect(usage.counts()).toEqual({ held: 0, written: 2500, lost: 0 });
  expect(told).toEqual([]);
});

test("more calls than are held leave no row, and their number is told once", { timeout: 30_000 }, async () => {
  const { usage, told } = start();
  for (let count = 0; count < 50_007; count += 1) usage.record(row());
  expect(usage.counts()).toMatchObject({ held: 50_000, lost: 7 });
  await usage.close();
  expect(usage.counts()).toEqual({ held: 0, written: 50_000, lost: 7 });
  expect(told.map(({ lost }) => lost)).toEqual([7]);
});

test("a row that cannot be stored is named and left out, and the others of its batch are written", async () => {
  const { usage, told } = start();
  const projectId = randomUUID();
  for (let index = 0; index < 20; index += 1) usage.record(row({ projectId, requestId: `good ${index}` }));
  usage.record(row({ projectId, requestId: "half a character", route: "\ud800" }));
  usage.record(row({ projectId, requestId: "too slow", ms: 2 ** 40 }));
  usage.record(row({ projectId, requestId: "nul", method: "\0" }));
  await usage.close();
  expect(await written(projectId)).toHaveLength(20);
  expect(usage.counts()).toEqual({ held: 0, written: 20, lost: 3 });
  expect(told.map(({ message }) => message).sort()).toEqual([
    expect.stringContaining("half a character"),
    expect.stringContaining("nul"),
    expect.stringContaining("too slow"),
  ]);
});

test("a batch that is sent again, because nobody knows whether it was committed, is written once", async () => {
  const projectId = randomUUID();
  const batch = randomUUID();
  const rows = [row({ projectId, requestId: "1" }), row({ projectId, requestId: "2" })];
  await createUsageDays({ database, clock: Date.now, keepDays: 1 }).tend();
  await Promise.all([insertUsage(database, batch, rows), insertUsage(database, batch, rows)]);
  await insertUsage(database, batch, rows);
  expect(await written(projectId)).toEqual(["1", "2"]);
});

test("a server that stops while the database is away says how many rows that cost", { timeout: 30_000 }, async () => {
  const cut = await cuttable(await createTestDatabase());
  const away = openDatabase(cut.url, () => {});
  const { usage, told } = start(away);
  await usage.tend();
  await cut.cut();
  usage.record(row());
  usage.record(row());
  await usage.close();
  expect(usage.counts()).toEqual({ held: 2, written: 0, lost: 2 });
  expect(told.reduce((sum, { lost }) => sum + lost, 0)).toBe(2);
  await away.close();
  await cut.close();
});
