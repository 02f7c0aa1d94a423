import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServerProcess, startServerProcess } from "../testing/server-process.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { newClientKey, openClient, type TestClient } from "./clients.fixture.ts";

let easel: TestEasel;
let other: ServerProcess;
let client: TestClient;
beforeAll(async () => {
  easel = await startTestEasel();
  other = await startServerProcess({ database: easel.database, egressAllow: [new URL(easel.sandbox.url).host] });
  client = await openClient(easel, easel.project);
}, 60_000);
afterAll(async () => {
  await other.stop();
  await easel.close();
});

/** What a revocation may take: a second, and some time to ask on a busy machine. */
const WITHIN_MS = 2000;

test.each([
  ["as it is", async () => {}],
  [
    "also while nobody hears of changes",
    async () => {
      const killed = await sql(
        easel.database.url,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'easel changes'",
      );
      expect(killed.length).toBeGreaterThanOrEqual(2);
    },
  ],
])("a client key that is revoked ends its sessions in another process, %s", async (_how, disturb) => {
  const { id, key } = await newClientKey(easel.project, client.credentialId);
  const { token } = await client.signIn(key);
  const there = client.prefix.replace(easel.origin, other.origin);
  const statuses = () =>
    Promise.all(
      [client.prefix, there].flatMap((server) =>
        [token, key].map(async (held) => {
          const response = await client.list(held, server);
          await response.arrayBuffer();
          return response.status;
        }),
      ),
    );
  await waitFor(async () => (await statuses()).every((status) => status === 200));
  await disturb();
  const path = `/credentials/${client.credentialId}/client-keys/${id}`;
  expect((await easel.project.manage(path, { method: "DELETE" })).status).toBe(204);
  const since = performance.now();
  await waitFor(async () => (await statuses()).every((status) => status === 401));
  expect(performance.now() - since).toBeLessThan(WITHIN_MS);
  // And it stays so, once changes are heard again.
  expect(new Set(await statuses())).toEqual(new Set([401]));
});
