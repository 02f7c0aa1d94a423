import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { type DatabaseAccess, openDatabase, type Trx } from "./database.ts";

let database: DatabaseAccess;
beforeAll(async () => {
  database = openDatabase(await createTestDatabase(), () => {});
});
afterAll(() => database.close());

const setOwner = (trx: Trx, generation: number) =>
  trx
    .updateTable("sessions")
    .set({ generation: String(generation) })
    .where("identity", "=", "a")
    .execute();

test("a process that stands still in a transaction holds its locks for seconds only, and does its work again", async () => {
  await database.db.insertInto("sessions").values({ identity: "a" }).execute();
  let goOn = (): void => {};
  const standStill = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let runs = 0;
  const stalled = database.transaction(async (trx) => {
    runs += 1;
    await setOwner(trx, 1);
    if (runs === 1) await standStill;
    // Sent on a connection that is gone by now.
    await setOwner(trx, 1);
  });
  const started = performance.now();
  await database.transaction((trx) => setOwner(trx, 2));
  expect(performance.now() - started).toBeLessThan(8000);
  goOn();
  await stalled;
  expect(runs).toBe(2);
  const { generation } = await database.db.selectFrom("sessions").select("generation").executeTakeFirstOrThrow();
  expect(generation).toBe("1");
});

test("what a transaction of one project asks for shows no other project's rows", async () => {
  const [mine, theirs] = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
  for (const id of [mine, theirs]) {
    const values = { id, name: id, data_key: Buffer.alloc(1) };
    await database.db.insertInto("projects").values(values).execute();
    await database.db.insertInto("users").values({ project_id: id, subject: "ana" }).execute();
  }
  const seen = await database.inProject(mine ?? "", (trx) => trx.selectFrom("users").select("project_id").execute());
  expect(seen).toEqual([{ project_id: mine }]);
  const write = database.inProject(mine ?? "", (trx) =>
    trx
      .insertInto("users")
      .values({ project_id: theirs ?? "", subject: "ben" })
      .execute(),
  );
  await expect(write).rejects.toThrow("row-level security");
});
