import { randomBytes } from "node:crypto";
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import { Client, Pool } from "pg";
import { afterEach, describe, expect, inject, test } from "vitest";
import { databaseUrl } from "../testing/global-setup.ts";
import { migrate } from "./migrate.ts";
import type { Database } from "./schema.ts";

describe("a database whose owner is no superuser", () => {
  const opened: Kysely<Database>[] = [];
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.destroy();
  });

  /**
   * As a hosted PostgreSQL gives them out. Roles are the whole cluster's and easel_tenant is there already: what `grant`
   * says of it stands for what the owner's own `create role` would do.
   */
  const open = async (grant: (owner: string) => string | null): Promise<Kysely<Database>> => {
    const url = inject("postgresUrl");
    const owner = `owner_${randomBytes(6).toString("hex")}`;
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`create role ${owner} login createrole`);
    await admin.query(`create database ${owner} owner ${owner}`);
    const granted = grant(owner);
    if (granted !== null) await admin.query(granted);
    await admin.end();
    const db = new Kysely<Database>({
      dialect: new PostgresDialect({
        pool: new Pool({ connectionString: databaseUrl(url, owner) }),
        onCreateConnection: async (connection) => {
          await connection.executeQuery(CompiledQuery.raw(`set session authorization ${owner}`));
        },
      }),
    });
    opened.push(db);
    return db;
  };

  const tenantRole = async (db: Kysely<Database>) =>
    db.transaction().execute(async (trx) => {
      await sql`set local role easel_tenant`.execute(trx);
      return (await sql<{ role: string }>`select current_user as role`.execute(trx)).rows[0]?.role;
    });

  test("is migrated and used where the owner made the role, which by itself does not let it be taken", async () => {
    // PostgreSQL 16 on: who creates a role has it WITH ADMIN TRUE, SET FALSE, INHERIT FALSE ("createrole_self_grant").
    const db = await open((owner) => `grant easel_tenant to ${owner} with admin true, set false, inherit false`);
    await migrate(db);
    expect(await tenantRole(db)).toBe("easel_tenant");
  });

  test("is migrated and used where an administrator granted the role", async () => {
    const db = await open((owner) => `grant easel_tenant to ${owner}`);
    await migrate(db);
    expect(await tenantRole(db)).toBe("easel_tenant");
  });

  test("is refused, with the statement that mends it, where the role is out of reach", async () => {
    const db = await open(() => null);
    await expect(migrate(db)).rejects.toThrow(/grant easel_tenant to owner_/);
  });
});
