import type { ServerFacts } from "@easel/connector";
import { type Selectable, sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { ServerTable } from "../database/schema.ts";

/** How long what a server said of itself is believed; spread, so that servers that were asked together drift apart. */
const NEXT = sql<Date>`now() + interval '24 hours' * (0.9 + 0.2 * random())`;
/** After no answer, or a process that died while it asked. */
const AGAIN = sql<Date>`now() + interval '1 hour'`;

/** By primary key. */
export async function readServer(database: DatabaseAccess, serverUrl: string): Promise<ServerFacts | undefined> {
  const row = await database.retrying((db) =>
    db.selectFrom("servers").selectAll().where("server_url", "=", serverUrl).executeTakeFirst(),
  );
  return row && read(row);
}

/** Enough to tell one from several. */
export async function readTwoServers(database: DatabaseAccess): Promise<readonly string[]> {
  const rows = await database.retrying((db) => db.selectFrom("servers").select("server_url").limit(2).execute());
  return rows.map((row) => row.server_url);
}

/** Announced where it is news. By primary key. */
export async function storeServer(database: DatabaseAccess, facts: ServerFacts): Promise<void> {
  const { serverUrl: server_url, edition, productVersion: product_version, apiVersion: api_version } = facts;
  await database.transaction(
    async (trx) => {
      const known = await trx
        .selectFrom("servers")
        .select(["product_version", "api_version"])
        .where("server_url", "=", server_url)
        .executeTakeFirst();
      const values = { edition, product_version, api_version, asked_at: sql<Date>`now()`, due_at: NEXT };
      await trx
        .insertInto("servers")
        .values({ server_url, ...values })
        .onConflict((conflict) => conflict.column("server_url").doUpdateSet(values))
        .execute();
      const isNews = known?.api_version !== api_version || known.product_version !== product_version;
      if (isNews) await announce(trx, `server:${server_url}`);
    },
    { isRepeatable: true },
  );
}

/**
 * Takes servers that are due, so that no other process asks them too. Those that nobody is connected to are forgotten.
 * Indexes servers_due and credentials_site.
 */
export async function takeDueServers(database: DatabaseAccess, limit: number): Promise<readonly string[]> {
  const { rows } = await database.retrying((db) =>
    sql<{ server_url: string; is_used: boolean }>`
      update servers set due_at = ${AGAIN}
      where server_url in (
        select server_url from servers where due_at <= now() order by due_at limit ${limit} for update skip locked)
      returning server_url, exists (select from credentials c where c.server_url = servers.server_url) as is_used`.execute(
      db,
    ),
  );
  const unused = rows.filter((row) => !row.is_used).map((row) => row.server_url);
  if (unused.length > 0) await forget(database, unused);
  return rows.filter((row) => row.is_used).map((row) => row.server_url);
}

async function forget(database: DatabaseAccess, serverUrls: readonly string[]): Promise<void> {
  await database.retrying((db) => db.deleteFrom("servers").where("server_url", "in", serverUrls).execute());
  await database.retrying((db) => db.deleteFrom("sites").where("server_url", "in", serverUrls).execute());
}

function read(row: Selectable<ServerTable>): ServerFacts {
  const { server_url: serverUrl, edition, product_version: productVersion, api_version: apiVersion } = row;
  return { serverUrl, edition, productVersion, apiVersion };
}
