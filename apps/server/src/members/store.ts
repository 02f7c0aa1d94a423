import { sql } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";

export async function isClaimed(database: DatabaseAccess): Promise<boolean> {
  const row = await database.retrying((db) => db.selectFrom("instance_claim").select("claimed_at").executeTakeFirst());
  return row !== undefined;
}

/** A handful of rows: what is over goes at the same time. */
export async function insertFirstRunLink(database: DatabaseAccess, hash: Buffer, projectId: string): Promise<void> {
  await database.transaction(async (trx) => {
    await trx.deleteFrom("first_run_links").where("expires_at", "<", sql<Date>`now()`).execute();
    await trx
      .insertInto("first_run_links")
      .values({ hash, project_id: projectId, expires_at: sql<Date>`now() + interval '30 minutes'`, used_at: null })
      .execute();
  });
}

/** By primary key. The project, where the link is good and nobody has claimed the instance. */
export async function findFirstRunLink(database: DatabaseAccess, hash: Buffer): Promise<string | undefined> {
  const row = await database.retrying((db) =>
    db
      .selectFrom("first_run_links")
      .select("project_id")
      .where("hash", "=", hash)
      .where("used_at", "is", null)
      .where("expires_at", ">", sql<Date>`now()`)
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom("instance_claim").select("only_row"))))
      .executeTakeFirst(),
  );
  return row?.project_id;
}

/** Uses the link up and claims the instance, both or neither: of two people with a link, one gets its project. */
export async function claimInstance(trx: Trx, hash: Buffer): Promise<string | undefined> {
  const link = await trx
    .updateTable("first_run_links")
    .set({ used_at: sql<Date>`now()` })
    .where("hash", "=", hash)
    .where("used_at", "is", null)
    .where("expires_at", ">", sql<Date>`now()`)
    .returning("project_id")
    .executeTakeFirst();
  if (link === undefined) return undefined;
  const claim = await trx
    .insertInto("instance_claim")
    .values({ only_row: true })
    .onConflict((conflict) => conflict.column("only_row").doNothing())
    .returning("only_row")
    .executeTakeFirst();
  return claim === undefined ? undefined : link.project_id;
}
