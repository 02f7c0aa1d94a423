import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../database/database.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

const setMeta = (user: string, meta: unknown): Promise<Response> =>
  easel.project.call(user, "/sdk/me", { method: "PATCH", json: { meta } });
const metaOf = async (user: string): Promise<unknown> =>
  ((await (await easel.project.call(user, "/sdk/me")).json()) as { meta: unknown }).meta;

test("a user is whoever a valid token names: any text, and no two texts are one user", async () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a `sub` must not hold.
    .filter((sub) => sub.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(sub));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(text, { minLength: 2, maxLength: 2 }), async ([one = "", other = ""]) => {
      await setMeta(one, { is: one });
      await setMeta(other, { is: other });
      expect([await metaOf(one), await metaOf(other)]).toEqual([{ is: one }, { is: other }]);
    }),
    { numRuns: 25, examples: [[["a", "A"]], [["é", "e\u0301"]], [["x", "x "]], [["a:b", "a"]]] },
  );
});

test("a user's first calls, all at once, make one user", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => easel.project.call("newcomer", "/sdk/me")));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  const database = openDatabase(easel.database.url, () => {});
  const rows = await database.db.selectFrom("users").select("id").where("subject", "=", "newcomer").execute();
  expect(rows).toHaveLength(1);
  await database.close();
});

test("metadata is replaced as a whole; name and email become Name and Email; more than 64 KB is refused", async () => {
  expect((await setMeta("meta", { name: "Ana", EMAIL: "ana@acme.example", plan: { seats: 3 } })).status).toBe(200);
  expect(await metaOf("meta")).toEqual({ Name: "Ana", Email: "ana@acme.example", plan: { seats: 3 } });
  const refused = await setMeta("meta", { note: "x".repeat(65_536) });
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({ code: "request_too_large", message: expect.stringContaining("64 KB") });
  expect(await metaOf("meta")).toHaveProperty("plan");
  expect((await setMeta("meta", {})).status).toBe(200);
  expect(await metaOf("meta")).toEqual({});
});

test("a disabled user is refused in words, and keeps the SDK signed in", async () => {
  await setMeta("gone", { a: 1 });
  const database = openDatabase(easel.database.url, () => {});
  await database.db.updateTable("users").set({ disabled_at: new Date() }).where("subject", "=", "gone").execute();
  await database.db
    .insertInto("changes")
    .values({ topic: `user:${easel.project.id}:gone` })
    .execute();
  await database.close();
  await expect.poll(async () => (await easel.project.call("gone", "/sdk/me")).status).toBe(403);
  const refused = await easel.project.call("gone", "/sdk/me");
  expect(await refused.json()).toMatchObject({ code: "user_disabled", meta: { isIntegrationError: true } });
});
