import { expect, test, vi } from "vitest";
import { cuttable } from "../testing/cut-database.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { startTestEasel } from "../testing/test-easel.ts";
import { newKey } from "../vault/keys.ts";

test("ready while the database answers, live also while it is away, and ready again by itself", async () => {
  const database = await cuttable(await createTestDatabase());
  const easel = await startTestEasel({ database: { url: database.url, keys: newKey() } });
  const ask = (path: string): Promise<Response> => fetch(`${easel.origin}/health/${path}`);

  const ready = await ask("ready");
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ status: "ready", checks: { database: true, changes: true, open: true } });

  await database.cut();
  await vi.waitFor(async () => expect((await ask("ready")).status).toBe(503), { timeout: 5000 });
  expect(await (await ask("ready")).json()).toMatchObject({ status: "not ready", checks: { database: false } });
  expect((await ask("live")).status).toBe(200);

  await database.mend();
  await vi.waitFor(async () => expect((await ask("ready")).status).toBe(200), { timeout: 5000 });
  expect((await easel.project.call("ana", "/sdk/me")).status).toBe(200);
  await easel.close();
  await database.close();
});

test("a call while the database is away is answered with its own code, in words, once patience has ended", {
  timeout: 30_000,
}, async () => {
  const database = await cuttable(await createTestDatabase());
  const easel = await startTestEasel({ database: { url: database.url, keys: newKey() } });
  await database.cut();
  const response = await easel.project.call("ana", "/sdk/me", { headers: { origin: "http://localhost:4620" } });
  expect(response.status).toBe(503);
  expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:4620");
  expect(await response.json()).toMatchObject({ code: "database_unavailable", meta: { isIntegrationError: true } });
  await database.mend();
  await easel.close();
  await database.close();
});
