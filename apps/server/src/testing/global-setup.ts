import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@easel/postgres";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A database of the run's PostgreSQL; never written to. */
    postgresUrl: string;
    /** Removed with everything in it when the run ends. */
    temporaryDirectory: string;
  }
}

/** The migrated database that every test file copies. */
export const TEMPLATE = "easel_template";

/** One real PostgreSQL for the run, in a directory of its own: nothing is shared with an instance that runs here. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "easel-test-"));
  const postgres = await startPostgres({ dataDirectory: join(directory, "postgres"), log: () => {} });
  await createTemplate(postgres.url());
  project.provide("postgresUrl", postgres.url());
  project.provide("temporaryDirectory", directory);
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

async function createTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const template = openDatabase(databaseUrl(url, TEMPLATE), () => {});
  await migrate(template.db);
  await template.close();
}

export function databaseUrl(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.toString();
}
