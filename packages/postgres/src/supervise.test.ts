import { setTimeout as delay } from "node:timers/promises";
import { Client, Pool } from "pg";
import { describe, expect, test } from "vitest";
import { startPostgres } from "./postgres.ts";
import { restartDelay } from "./supervise.ts";
import { eventually, query, serverProcesses, temporaryDataDirectory } from "./test-server.ts";

test("restarts at once after the first failure, then ever later, and never later than 10 s", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000].map(restartDelay)).toEqual([
    0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000,
  ]);
});

describe("a server that dies under load", { timeout: 60_000 }, () => {
  test("comes back at the same address with every acknowledged row", async () => {
    const events: string[] = [];
    const dataDirectory = await temporaryDataDirectory();
    const postgres = await startPostgres({ dataDirectory, log: ({ message }) => events.push(message) });
    const url = postgres.url();
    await query(url, "create table load (id int primary key)");
    const pool = new Pool({ connectionString: url, max: 8 });
    pool.on("error", () => {});

    const acknowledged: number[] = [];
    let next = 0;
    let loading = true;
    const writers = Array.from({ length: 8 }, async () => {
      while (loading) {
        next += 1;
        const id = next;
        try {
          await pool.query("insert into load values ($1)", [id]);
          acknowledged.push(id);
        } catch {
          await delay(5);
        }
      }
    });
    for (let kill = 0; kill < 3; kill += 1) {
      const reached = acknowledged.length + 200;
      await eventually(() => acknowledged.length >= reached);
      const pid = postgres.pid() ?? expect.unreachable("no server");
      process.kill(pid, "SIGKILL");
      await eventually(() => postgres.pid() !== null && postgres.pid() !== pid);
    }
    const reached = acknowledged.length + 200;
    await eventually(() => acknowledged.length >= reached);
    loading = false;
    await Promise.all(writers);

    const stored = new Set((await pool.query<{ id: number }>("select id from load")).rows.map((row) => row.id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(postgres.url()).toBe(url);
    expect(events.filter((message) => message.startsWith("PostgreSQL runs again"))).toHaveLength(3);
    await pool.end();
    await postgres.stop();
  });

  test("comes back after a plain kill too, although a client stays", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const postgres = await startPostgres({ dataDirectory, log: () => {} });
    const client = new Client({ connectionString: postgres.url() });
    client.on("error", () => {});
    await client.connect();
    const pid = postgres.pid() ?? expect.unreachable("no server");
    process.kill(pid, "SIGTERM");
    await eventually(() => postgres.pid() !== null && postgres.pid() !== pid);
    await query(postgres.url(), "select 1");
    await client.end().catch(() => {});
    await postgres.stop();
  });

  test("is not brought back by a stop that comes while it restarts", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const postgres = await startPostgres({ dataDirectory, log: () => {} });
    const pid = postgres.pid() ?? expect.unreachable("no server");
    process.kill(pid, "SIGKILL");
    await eventually(() => postgres.pid() === null);
    await postgres.stop();
    expect(await serverProcesses(dataDirectory)).toEqual([]);
    await (await startPostgres({ dataDirectory, log: () => {} })).stop();
  });
});
