import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { type DatabaseAccess, openDatabase } from "./database.ts";
import { prune } from "./pruning.ts";

let database: DatabaseAccess;
beforeAll(async () => {
  database = openDatabase(await createTestDatabase(), () => {});
});
afterAll(() => database.close());

test("old changes and sessions that ended long ago go, the rest stays", async () => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  await database.db
    .insertInto("changes")
    .values([
      { topic: "old", created_at: ago(2) },
      { topic: "new", created_at: ago(0.5) },
    ])
    .execute();
  await database.db
    .insertInto("sessions")
    .values([
      { identity: "ended", updated_at: ago(200), expires_at: ago(198) },
      { identity: "never signed in", updated_at: ago(200) },
      { identity: "long", updated_at: ago(200), expires_at: ago(-1) },
      { identity: "signing in", updated_at: ago(200), lease_until: ago(-0.1) },
      { identity: "recent", updated_at: ago(1), expires_at: ago(0.5) },
    ])
    .execute();
  const strike = { kind: "age", strike_ms: "3600000", strike_by: "x" } as const;
  await database.db
    .insertInto("session_lifetimes")
    .values([
      { ...strike, server_url: "https://old.example", strike_at: ago(31 * 24) },
      { ...strike, server_url: "https://new.example", strike_at: ago(24) },
    ])
    .execute();
  await prune(database);
  const changes = await database.db.selectFrom("changes").select("topic").execute();
  expect(changes.map(({ topic }) => topic)).toEqual(["new"]);
  const sessions = await database.db.selectFrom("sessions").select("identity").orderBy("identity").execute();
  expect(sessions.map(({ identity }) => identity)).toEqual(["long", "recent", "signing in"]);
  const lifetimes = await database.db.selectFrom("session_lifetimes").select("server_url").execute();
  expect(lifetimes.map(({ server_url }) => server_url)).toEqual(["https://new.example"]);
});
