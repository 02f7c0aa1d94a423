import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startPostgres } from "@easel/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { payloads } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { newKey } from "../vault/keys.ts";

/** Undone in the opposite order, also when not all of them came to be. */
const undo: Array<() => Promise<void>> = [];
let postgres: EmbeddedPostgres;
let easel: TestEasel;
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "easel-restart-"));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  postgres = await startPostgres({ dataDirectory: join(directory, "postgres"), log: () => {} });
  undo.push(() => postgres.stop());
  easel = await startTestEasel({ database: { url: postgres.url(), keys: newKey() } });
  undo.push(() => easel.close());
  await easel.project.connect("ana");
});
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

const CALLERS = 8;
const WRITERS = 4;

test.each([
  ["killed", "SIGKILL"],
  ["stopped", "SIGINT"],
] as const)("a database that is %s and comes back takes no call and no written word with it", async (_name, signal) => {
  const { project, sandbox } = easel;
  const { password } = payloads(sandbox);
  const token = await project.token("ana");
  let isOver = false;
  const statuses: number[] = [];
  const written: string[] = [];
  const unwritten: number[] = [];
  const call = async (): Promise<void> => {
    while (!isOver) {
      const response = await project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1", { token });
      await response.arrayBuffer();
      statuses.push(response.status);
    }
  };
  const write = async (_unused: unknown, writer: number): Promise<void> => {
    for (let count = 0; !isOver; count += 1) {
      const user = `${signal}-${writer}-${count}`;
      const response = await project.call(user, "/sdk/credentials", {
        method: "POST",
        json: { integrationId: project.integrationId, payload: password },
      });
      await response.arrayBuffer();
      if (response.status === 201) written.push(user);
      else unwritten.push(response.status);
    }
  };
  const work = Promise.all([...Array.from({ length: CALLERS }, call), ...Array.from({ length: WRITERS }, write)]);
  await waitFor(() => written.length > 10 && statuses.length > 10);
  const before = postgres.pid();
  if (before !== null) process.kill(before, signal);
  await waitFor(() => postgres.pid() !== null && postgres.pid() !== before);
  const [callsThen, writesThen] = [statuses.length, written.length];
  await waitFor(() => statuses.length > callsThen + 50 && written.length > writesThen + 20);
  isOver = true;
  await work;

  expect(new Set(statuses)).toEqual(new Set([200]));
  // Whether a commit on its way came through cannot be known: that alone may be refused, in words.
  expect(unwritten.every((status) => status === 503)).toBe(true);
  const rows = await sql<{ subject: string }>(
    easel.database.url,
    "select subject from users join credentials on credentials.user_id = users.id",
  );
  const kept = new Set(rows.map(({ subject }) => subject));
  expect(written.filter((user) => !kept.has(user))).toEqual([]);
});

test("what one process changes is heard again by the others after a restart", async () => {
  const other = await startTestEasel({ sandbox: easel.sandbox, database: easel.database });
  try {
    const { project } = easel;
    const token = await project.token("ana");
    const at = project.at(other.origin);
    const call = async () => (await at.call("ana", "/sdk/proxy/tableau/projects?pageSize=1", { token })).status;
    expect(await call()).toBe(200);
    const before = postgres.pid();
    if (before !== null) process.kill(before, "SIGKILL");
    await waitFor(() => postgres.pid() !== null && postgres.pid() !== before);
    await waitFor(async () => (await fetch(`${other.origin}/health/ready`)).ok);
    await project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json: { isActive: false } });
    const since = performance.now();
    await waitFor(async () => (await call()) === 409);
    expect(performance.now() - since).toBeLessThan(1000);
  } finally {
    await other.close();
  }
});
