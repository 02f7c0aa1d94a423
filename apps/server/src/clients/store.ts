import type { Insertable, Selectable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { ClientKeyTable, ClientSessionTable } from "../database/schema.ts";

export type ClientKeyRow = Omit<Selectable<ClientKeyTable>, "hash">;

/** What was used, by its hash, and when: written in batches. */
export type Uses = ReadonlyMap<string, number>;

export async function insertClientKey(database: DatabaseAccess, key: Insertable<ClientKeyTable>): Promise<void> {
  await database.inProject(key.project_id, (trx) => trx.insertInto("client_keys").values(key).execute());
}

/** The newest first. Index client_keys_credential. */
export async function listClientKeys(
  database: DatabaseAccess,
  projectId: string,
  credentialId: string,
  limit: number,
): Promise<ClientKeyRow[]> {
  const list = (trx: Trx) =>
    trx
      .selectFrom("client_keys")
      .select([
        "id",
        "project_id",
        "credential_id",
        "name",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
      ] as const)
      .where("credential_id", "=", credentialId)
      .where("project_id", "=", projectId)
      .orderBy("created_at", "desc")
      .limit(limit)
      .execute();
  return database.inProject(projectId, list, { isRepeatable: true });
}

/** How many of a credential's keys are neither revoked nor over. Index client_keys_credential. */
export async function countClientKeys(
  database: DatabaseAccess,
  { projectId, credentialId }: { projectId: string; credentialId: string },
  now: Date,
): Promise<number> {
  const count = (trx: Trx) =>
    trx
      .selectFrom("client_keys")
      .select(sql<number>`count(*)::int`.as("count"))
      .where("credential_id", "=", credentialId)
      .where("project_id", "=", projectId)
      .where("revoked_at", "is", null)
      .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
      .executeTakeFirstOrThrow();
  return (await database.inProject(projectId, count, { isRepeatable: true })).count;
}

/**
 * By primary key. False where the credential has no such key. Its sessions go with it (index client_sessions_key), and
 * every process hears of it.
 */
export async function revokeClientKey(
  database: DatabaseAccess,
  key: { projectId: string; credentialId: string; id: string },
): Promise<boolean> {
  return database.inProject(key.projectId, async (trx) => {
    const row = await trx
      .updateTable("client_keys")
      .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
      .where("id", "=", key.id)
      .where("credential_id", "=", key.credentialId)
      .where("project_id", "=", key.projectId)
      .returning("hash")
      .executeTakeFirst();
    if (row === undefined) return false;
    await trx
      .deleteFrom("client_sessions")
      .where("client_key_id", "=", key.id)
      .where("project_id", "=", key.projectId)
      .execute();
    await announce(trx, `client-key:${row.hash.toString("hex")}`);
    return true;
  });
}

export interface LiveKeyRow {
  readonly id: string;
  readonly project_id: string;
  readonly credential_id: string;
  readonly subject: string;
  readonly expires_at: Date | null;
}

/** Unique index on hash, and primary keys. Before the project is known, so outside of `inProject`. */
export async function findClientKey(database: DatabaseAccess, hash: Buffer): Promise<LiveKeyRow | undefined> {
  return database.retrying((db) =>
    db
      .selectFrom("client_keys")
      .innerJoin("credentials", "credentials.id", "client_keys.credential_id")
      .innerJoin("users", "users.id", "credentials.user_id")
      .select([
        "client_keys.id",
        "client_keys.project_id",
        "client_keys.credential_id",
        "client_keys.expires_at",
        "users.subject",
      ])
      .where("client_keys.hash", "=", hash)
      .where("client_keys.revoked_at", "is", null)
      .executeTakeFirst(),
  );
}

/**
 * A new session of a credential, which keeps the `most` that were used last. Index client_sessions_credential: what is
 * beyond it is one row at a time, once it is reached.
 */
export async function insertClientSession(
  database: DatabaseAccess,
  session: Insertable<ClientSessionTable>,
  most: number,
): Promise<void> {
  await database.inProject(session.project_id, async (trx) => {
    await trx.insertInto("client_sessions").values(session).execute();
    const { rows } = await sql<{ hash: Buffer }>`
      delete from client_sessions where hash in (
        select hash from client_sessions where credential_id = ${session.credential_id}
        order by last_used_at desc offset ${most})
      returning hash`.execute(trx);
    for (const { hash } of rows) await announceEnd(trx, hash);
  });
}

export interface LiveSessionRow {
  readonly project_id: string;
  readonly credential_id: string;
  readonly subject: string;
  readonly claims: Record<string, unknown>;
  readonly signing_key_id: string | null;
  readonly key_hash: Buffer | null;
  readonly expires_at: Date | null;
  readonly last_used_at: Date;
}

/** By primary key. Before the project is known, so outside of `inProject`. */
export async function findClientSession(database: DatabaseAccess, hash: Buffer): Promise<LiveSessionRow | undefined> {
  return database.retrying((db) =>
    db
      .selectFrom("client_sessions")
      .innerJoin("credentials", "credentials.id", "client_sessions.credential_id")
      .innerJoin("users", "users.id", "credentials.user_id")
      .leftJoin("client_keys", "client_keys.id", "client_sessions.client_key_id")
      .select([
        "client_sessions.project_id",
        "client_sessions.credential_id",
        "client_sessions.claims",
        "client_sessions.signing_key_id",
        "client_sessions.expires_at",
        "client_sessions.last_used_at",
        "client_keys.hash as key_hash",
        "users.subject",
      ])
      .where("client_sessions.hash", "=", hash)
      .executeTakeFirst(),
  );
}

/** By primary key. */
export async function deleteClientSession(database: DatabaseAccess, projectId: string, hash: Buffer): Promise<void> {
  await database.inProject(
    projectId,
    async (trx) => {
      await trx.deleteFrom("client_sessions").where("hash", "=", hash).where("project_id", "=", projectId).execute();
      await announceEnd(trx, hash);
    },
    { isRepeatable: true },
  );
}

async function announceEnd(trx: Trx, hash: Buffer): Promise<void> {
  await announce(trx, `client-session:${hash.toString("hex")}`);
}

/** By primary key or unique index. In the order of the hash, so that two processes do not wait for each other in a circle. */
export async function recordUses(
  database: DatabaseAccess,
  table: "client_keys" | "client_sessions",
  uses: Uses,
): Promise<void> {
  const rows = JSON.stringify(Array.from(uses, ([hash, at]) => ({ hash, at: new Date(at) })));
  await database.retrying((db) =>
    sql`
      with used as (
        select decode(u.hash, 'hex') as hash, u.at
        from jsonb_to_recordset(${rows}::jsonb) as u (hash text, at timestamptz)),
      locked as (
        select t.hash from ${sql.table(table)} t join used on used.hash = t.hash order by t.hash for update of t)
      update ${sql.table(table)} t set last_used_at = greatest(t.last_used_at, used.at)
      from used join locked on locked.hash = used.hash where t.hash = used.hash`.execute(db),
  );
}

/** Index client_keys_over. True where there may be more. */
export async function deleteOldKeys(
  database: DatabaseAccess,
  { overSince, most }: { overSince: Date; most: number },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await database.retrying((db) =>
    sql`
      delete from client_keys where id in (
        select id from client_keys where (revoked_at is not null or expires_at is not null)
          and least(revoked_at, expires_at) <= ${overSince} limit ${most})`.execute(db),
  );
  return numAffectedRows >= BigInt(most);
}

/** Indexes client_sessions_used and client_sessions_expiry. True where there may be more. */
export async function deleteEndedSessions(
  database: DatabaseAccess,
  { now, idleSince, most }: { now: Date; idleSince: Date; most: number },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await database.retrying((db) =>
    sql`
      delete from client_sessions where hash in (
        (select hash from client_sessions where expires_at <= ${now} limit ${most})
        union all (select hash from client_sessions where last_used_at <= ${idleSince} limit ${most}))`.execute(db),
  );
  return numAffectedRows >= BigInt(most);
}
