import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { IssuerKeyTable } from "../database/schema.ts";

export type IssuerKeyRow = Selectable<IssuerKeyTable>;

/** What is published now, the oldest first. Index issuer_keys_project; a handful. */
export async function listIssuerKeys(trx: Trx, projectId: string, now: Date): Promise<IssuerKeyRow[]> {
  return trx
    .selectFrom("issuer_keys")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("published_until", ">", now)
    .orderBy("signs_from")
    .execute();
}

/** Held to the end of the transaction: of several processes that make a project's next key, the first does. */
export async function lockIssuer(trx: Trx, projectId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`easel issuer ${projectId}`}, 0))`.execute(trx);
}

export async function insertIssuerKey(
  trx: Trx,
  key: Omit<IssuerKeyRow, "public_jwk"> & { public_jwk: string },
): Promise<void> {
  await trx.insertInto("issuer_keys").values(key).execute();
}

/** Projects with a trust that needs keys, and none beyond `until`. Index issuer_keys_project, by project of such a trust. */
export async function projectsThatNeedKeys(database: DatabaseAccess, until: Date, limit: number): Promise<string[]> {
  const { rows } = await database.retrying((db) =>
    sql<{ project_id: string }>`
      select distinct project_id from trusts where kind = 'issuer' and not exists (
        select from issuer_keys where issuer_keys.project_id = trusts.project_id and signs_until > ${until})
      limit ${limit}`.execute(db),
  );
  return rows.map(({ project_id }) => project_id);
}

/** A handful a month. */
export async function deleteEndedIssuerKeys(database: DatabaseAccess, now: Date): Promise<void> {
  await database.retrying((db) => db.deleteFrom("issuer_keys").where("published_until", "<", now).execute());
}
