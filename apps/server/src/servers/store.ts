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
 * Takes servers that are due, so that no other process asks them too. Those that nobody is connected to are forgotten first:
 * whoever connects to one at the same time has it written again. Indexes servers_due and credentials_site.
 */
export async function takeDueServers(database: DatabaseAccess, limit: number): Promise<readonly string[]> {
  await forgetUnused(database, limit);
  const { rows } = await database.retrying((db) =>
    sql<{ server_url: string }>`
      update servers set due_at = ${AGAIN}
      where server_url in (
        select server_url from servers where due_at <= now() order by due_at limit ${limit} for update skip locked)
      returning server_url`.execute(db),
  );
  return rows.map((row) => row.server_url);
}

/** In one statement: a server that was learnt of anew meanwhile is due no more. */
async function forgetUnused(database: DatabaseAccess, limit: number): Promise<void> {
  await database.retrying((db) =>
    sql`
      with unused as (
        delete from servers where server_url in (
          select server_url from servers
          where due_at <= now() and not exists (select from credentials c where c.server_url = servers.server_url)
          order by due_at limit ${limit} for update skip locked)
        returning server_url)
      delete from sites where server_url in (select server_url from unused)`.execute(db),
  );
}

function read(row: Selectable<ServerTable>): ServerFacts {
  const { server_url: serverUrl, edition, product_version: productVersion, api_version: apiVersion } = row;
  return { serverUrl, edition, productVersion, apiVersion };
}
