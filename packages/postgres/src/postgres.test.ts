import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clusterPath } from "./cluster.ts";
import { findPostgres, type PostgresError, startPostgres } from "./postgres.ts";
import { eventually, query, startHolder, temporaryDataDirectory } from "./test-server.ts";

const log = () => {};

describe("startPostgres", { timeout: 60_000 }, () => {
  test("makes a UTF-8 database that belongs to the superuser easel, sorted without the system's locale", async () => {
    const postgres = await startPostgres({ dataDirectory: await temporaryDataDirectory(), log });
    const rows = await query(
      postgres.url(),
      `select current_user, rolsuper, pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
              current_setting('data_checksums') as checksums, upper('é') as upper
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    );
    expect(rows).toEqual([
      {
        ...{ current_user: "easel", rolsuper: true, encoding: "UTF8", provider: "b", locale: "C.UTF-8" },
        ...{ checksums: "on", upper: "É" },
      },
    ]);
    await postgres.stop();
  });

  test("keeps rows over a stop and a start, and leaves no socket directory behind", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const first = await startPostgres({ dataDirectory, log });
    await query(first.url(), "create table kept as select 42 as answer");
    const socketDirectory = new URL(first.url()).searchParams.get("host") ?? "";
    expect((await stat(socketDirectory)).mode & 0o777).toBe(0o700);
    await first.stop();
    await first.stop();
    expect(first.pid()).toBeNull();
    await expect(stat(socketDirectory)).rejects.toThrow("ENOENT");

    const second = await startPostgres({ dataDirectory, log });
    expect(await query(second.url(), "select answer from kept")).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  test.runIf(process.platform === "linux")("runs in a session of its own, out of reach of Ctrl-C", async () => {
    const postgres = await startPostgres({ dataDirectory: await temporaryDataDirectory(), log });
    const fields = (await readFile(`/proc/${postgres.pid()}/stat`, "utf8")).split(" "); // proc_pid_stat(5): pgrp, session
    expect(fields.slice(4, 6)).toEqual([String(postgres.pid()), String(postgres.pid())]);
    await postgres.stop();
  });

  test("opens no TCP port and refuses every other role", async () => {
    const postgres = await startPostgres({ dataDirectory: await temporaryDataDirectory(), log });
    expect(await query(postgres.url(), "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
    await query(postgres.url(), "create role other superuser login");
    await expect(query(postgres.url().replace("easel@", "other@"), "select 1")).rejects.toThrow("pg_hba.conf rejects");
    await postgres.stop();
  });

  test("refuses a directory whose server another process runs, and leaves that server alone", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const holder = await startHolder(dataDirectory);
    const refusal: PostgresError = await startPostgres({ dataDirectory, log }).then(
      () => expect.unreachable("it started"),
      (error) => error,
    );
    expect(refusal.code).toBe("postgres_in_use");
    expect(refusal.message).toContain(String(holder.child.pid));
    expect(await query(holder.said.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await holder.stop();
  });

  test("waits, when asked to, for the owner to end", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const holder = await startHolder(dataDirectory);
    const waiting = startPostgres({ dataDirectory, log, waitForOwnerMs: 30_000 });
    await holder.stop();
    await (await waiting).stop();
  });

  test("of several processes that start at once in a new directory, one wins and the others are refused", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const holders = await Promise.all([1, 2, 3].map(() => startHolder(dataDirectory)));
    const codes = holders.map((holder) => holder.said.code ?? "started");
    expect(codes.toSorted()).toEqual(["postgres_in_use", "postgres_in_use", "started"]);
    await Promise.all(holders.map((holder) => holder.stop()));
  });

  test("refuses data of another major version in words", async () => {
    const dataDirectory = await temporaryDataDirectory();
    await (await startPostgres({ dataDirectory, log })).stop();
    await writeFile(join(clusterPath(dataDirectory), "PG_VERSION"), "17\n");
    await expect(startPostgres({ dataDirectory, log })).rejects.toMatchObject({
      code: "postgres_version_mismatch",
      message: expect.stringMatching(/written by PostgreSQL 17; .*PostgreSQL 18/),
    });
  });

  test("reports the server's last words when it cannot start, and starts once the cause is gone", async () => {
    const dataDirectory = await temporaryDataDirectory();
    await (await startPostgres({ dataDirectory, log })).stop();
    const overrides = join(clusterPath(dataDirectory), "postgresql.auto.conf");
    const before = await readFile(overrides, "utf8");
    await writeFile(overrides, "shared_buffers = 'plenty'\n");
    await expect(startPostgres({ dataDirectory, log })).rejects.toMatchObject({
      code: "postgres_start_failed",
      logLines: expect.arrayContaining([expect.stringContaining('invalid value for parameter "shared_buffers"')]),
    });
    await writeFile(overrides, before);
    await (await startPostgres({ dataDirectory, log })).stop();
  });

  test("keeps the values of failing statements out of its log", async () => {
    const dataDirectory = await temporaryDataDirectory();
    const postgres = await startPostgres({ dataDirectory, log });
    await query(postgres.url(), "create table secrets (value text primary key); insert into secrets values ('s3cret')");
    await expect(query(postgres.url(), "insert into secrets values ('s3cret')")).rejects.toThrow("duplicate key");
    await expect(query(postgres.url(), "select 's3cret'::int")).rejects.toThrow("invalid input syntax");
    await postgres.stop();
    expect(await readFile(join(dataDirectory, "postgres.log"), "utf8")).not.toContain("s3cret");
  });
});

describe("findPostgres", { timeout: 60_000 }, () => {
  test("finds the server of another process while it runs", async () => {
    const dataDirectory = await temporaryDataDirectory();
    expect(await findPostgres(dataDirectory)).toBeNull();
    const holder = await startHolder(dataDirectory);
    const found = await findPostgres(dataDirectory);
    expect(found?.url()).toBe(holder.said.url);
    expect(await query(found?.url("postgres") ?? "", "select current_database() as name")).toEqual([
      { name: "postgres" },
    ]);
    await holder.stop();
    await eventually(async () => (await findPostgres(dataDirectory)) === null);
  });
});
