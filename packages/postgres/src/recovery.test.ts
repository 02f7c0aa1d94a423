import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { clusterPath } from "./cluster.ts";
import { startPostgres } from "./postgres.ts";
import { readServerRecord } from "./server-record.ts";
import {
  asRoot,
  end,
  eventually,
  ownerOf,
  query,
  serverProcesses,
  startHolder,
  temporaryDataDirectory,
} from "./test-server.ts";

const log = () => {};

async function killedTogether(dataDirectory: string) {
  const holder = await startHolder(dataDirectory);
  await query(holder.said.url, "create table kept as select 1 as id");
  await end(holder.child, "SIGKILL");
  process.kill(holder.said.pid, "SIGKILL");
}

async function expectRowsAfterStart(dataDirectory: string) {
  const postgres = await startPostgres({ dataDirectory, log });
  expect(await query(postgres.url(), "select id from kept")).toEqual([{ id: 1 }]);
  await postgres.stop();
}

describe("the next start recovers", { timeout: 60_000 }, () => {
  test("a server that outlived its killed supervisor: it is stopped, and its rows are there", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const holder = await startHolder(dataDirectory);
    await query(holder.said.url, "create table kept as select 1 as id");
    await end(holder.child, "SIGKILL");
    expect(await serverProcesses(dataDirectory)).toContain(holder.said.pid);

    const postgres = await startPostgres({ dataDirectory, log });
    expect(postgres.url()).toBe(holder.said.url);
    expect(postgres.pid()).not.toBe(holder.said.pid);
    expect(await query(postgres.url(), "select id from kept")).toEqual([{ id: 1 }]);
    await postgres.stop();
    expect(await serverProcesses(dataDirectory)).toEqual([]);
  });

  test("supervisor and server killed together", async () => {
    const dataDirectory = await temporaryDataDirectory();
    await killedTogether(dataDirectory);
    await expectRowsAfterStart(dataDirectory);
  });

  test("a backend that is busy when supervisor and postmaster are killed, and does not notice", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const holder = await startHolder(dataDirectory);
    await query(holder.said.url, "create table kept as select 1 as id");
    // No latch is waited on in this loop, so the backend does not learn that its postmaster has died.
    const busy = query(holder.said.url, "do $$ begin loop perform 1; end loop; end $$").catch(() => {});
    await eventually(async () => {
      const active = await query(
        holder.said.url,
        "select 1 from pg_stat_activity where query like 'do $$%' and state = 'active'",
      );
      return active.length > 0;
    });
    await end(holder.child, "SIGKILL");
    process.kill(holder.said.pid, "SIGKILL");
    await expectRowsAfterStart(dataDirectory);
    await busy;
  });

  test("a supervisor killed in the middle of its first start", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const child = spawn(process.execPath, [join(import.meta.dirname, "holder.fixture.ts"), dataDirectory], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await once(child.stderr, "data"); // "Creating a PostgreSQL …"
    await end(child, "SIGKILL");
    const postgres = await startPostgres({ dataDirectory, log });
    expect(await query(postgres.url(), "select 1 as one")).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  test("lock files that name a pid which is by now another program's: that program is left alone", async () => {
    const dataDirectory = await temporaryDataDirectory();
    await killedTogether(dataDirectory);
    await eventually(async () => (await serverProcesses(dataDirectory)).length === 0);
    const cluster = clusterPath(dataDirectory);
    const owner = await ownerOf(cluster);
    // PostgreSQL takes only a process of its own user for a rival.
    const bystander = spawn("/bin/sleep", ["600"], { stdio: "ignore", ...(asRoot ? owner : null) });
    onTestFinished(() => void bystander.kill("SIGKILL"));
    await once(bystander, "spawn");
    const socketDirectory = (await readServerRecord(dataDirectory))?.socketDirectory ?? "";
    const lockLines = `${bystander.pid}\n${cluster}\n1\n5432\n${socketDirectory}\n\n`;
    await writeFile(join(cluster, "postmaster.pid"), lockLines);
    await writeFile(join(socketDirectory, ".s.PGSQL.5432.lock"), lockLines);

    await expectRowsAfterStart(dataDirectory);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });

  test("a socket directory that a cleaner of /tmp removed", async () => {
    const dataDirectory = await temporaryDataDirectory();
    await killedTogether(dataDirectory);
    const socketDirectory = (await readServerRecord(dataDirectory))?.socketDirectory ?? "";
    await rm(socketDirectory, { recursive: true });
    await expectRowsAfterStart(dataDirectory);
  });

  test("a socket directory that others can write to is avoided", async () => {
    const dataDirectory = await temporaryDataDirectory();
    await killedTogether(dataDirectory);
    const taken = (await readServerRecord(dataDirectory))?.socketDirectory ?? "";
    await rm(taken, { recursive: true });
    await mkdir(taken);
    onTestFinished(() => rm(taken, { recursive: true, force: true }));
    const postgres = await startPostgres({ dataDirectory, log });
    expect(new URL(postgres.url()).searchParams.get("host")).not.toBe(taken);
    expect(await query(postgres.url(), "select id from kept")).toEqual([{ id: 1 }]);
    await postgres.stop();
    expect((await lstat(taken)).isDirectory()).toBe(true);
  });
});
