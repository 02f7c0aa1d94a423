import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";
import { databaseUrl, TEMPLATE } from "./global-setup.ts";

/** A migrated, empty database of the caller's own. It goes with the run's PostgreSQL. */
export async function createTestDatabase(): Promise<string> {
  const url = inject("postgresUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Copies of one template wait for each other: PostgreSQL wants no other session in it.
    await client.query("select pg_advisory_lock(1)");
    await client.query(`create database ${name} template ${TEMPLATE}`);
  } finally {
    await client.end();
  }
  return databaseUrl(url, name);
}
