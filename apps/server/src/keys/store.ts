import type { Selectable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { ApiKeyTable, Role, SigningKeyTable } from "../database/schema.ts";

export type SigningKeyRow = Selectable<SigningKeyTable>;

/** Index signing_keys_project; at most a handful. */
export async function listSigningKeys(database: DatabaseAccess, projectId: string): Promise<SigningKeyRow[]> {
  const list = (trx: Trx) =>
    trx.selectFrom("signing_keys").selectAll().where("project_id", "=", projectId).orderBy("created_at").execute();
  return database.inProject(projectId, list, { isRepeatable: true });
}

/** False where the public key is in use already, here or in another project (unique index on fingerprint). */
export async function insertSigningKey(
  database: DatabaseAccess,
  key: { id: string; projectId: string; algorithm: "RS256" | "ES256"; publicKey: string; fingerprint: string },
): Promise<boolean> {
  return database.inProject(key.projectId, async (trx) => {
    const inserted = await trx
      .insertInto("signing_keys")
      .values({
        id: key.id,
        project_id: key.projectId,
        algorithm: key.algorithm,
        public_key: key.publicKey,
        fingerprint: key.fingerprint,
      })
      .onConflict((conflict) => conflict.column("fingerprint").doNothing())
      .returning("id")
      .executeTakeFirst();
    if (inserted !== undefined) await announce(trx, `project:${key.projectId}`);
    return inserted !== undefined;
  });
}

/** By primary key. False where the project has no such key. */
export async function disableSigningKey(database: DatabaseAccess, projectId: string, keyId: string): Promise<boolean> {
  return database.inProject(projectId, async (trx) => {
    const row = await trx
      .updateTable("signing_keys")
      .set({ disabled_at: sql<Date>`coalesce(disabled_at, now())` })
      .where("id", "=", keyId)
      .where("project_id", "=", projectId)
      .returning("id")
      .executeTakeFirst();
    if (row !== undefined) await announce(trx, `project:${projectId}`);
    return row !== undefined;
  });
}

export async function insertApiKey(
  trx: Trx,
  key: { id: string; projectId: string; name: string; role: Role; hash: Buffer },
): Promise<void> {
  await trx
    .insertInto("api_keys")
    .values({ id: key.id, project_id: key.projectId, name: key.name, role: key.role, hash: key.hash })
    .execute();
}

/** Unique index on hash. Before the project is known, so outside of `inProject`. */
export async function findApiKey(database: DatabaseAccess, hash: Buffer): Promise<Selectable<ApiKeyTable> | undefined> {
  return database.retrying((db) =>
    db.selectFrom("api_keys").selectAll().where("hash", "=", hash).where("revoked_at", "is", null).executeTakeFirst(),
  );
}

/** Index api_keys_project. */
export async function listApiKeys(
  database: DatabaseAccess,
  projectId: string,
): Promise<Omit<Selectable<ApiKeyTable>, "hash">[]> {
  return database.inProject(projectId, (trx) =>
    trx
      .selectFrom("api_keys")
      .select(["id", "project_id", "name", "role", "created_at", "revoked_at"])
      .where("project_id", "=", projectId)
      .orderBy("created_at")
      .execute(),
  );
}

/** By primary key. */
export async function revokeApiKey(database: DatabaseAccess, projectId: string, keyId: string): Promise<boolean> {
  return database.inProject(projectId, async (trx) => {
    const row = await trx
      .updateTable("api_keys")
      .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
      .where("id", "=", keyId)
      .where("project_id", "=", projectId)
      .returning("id")
      .executeTakeFirst();
    return row !== undefined;
  });
}

export interface RejectedToken {
  readonly header: Record<string, unknown> | null;
  readonly claims: Record<string, unknown> | null;
  readonly code: string;
  readonly reason: string;
}

/** One row a project (primary key): the newest. */
export async function upsertRejectedToken(
  database: DatabaseAccess,
  projectId: string,
  token: RejectedToken & { rejectedAt: Date },
): Promise<void> {
  const values = {
    header: token.header === null ? null : JSON.stringify(token.header),
    claims: token.claims === null ? null : JSON.stringify(token.claims),
    code: token.code,
    reason: token.reason,
    rejected_at: token.rejectedAt,
  };
  await database.inProject(projectId, (trx) =>
    trx
      .insertInto("rejected_tokens")
      .values({ project_id: projectId, ...values })
      .onConflict((conflict) => conflict.column("project_id").doUpdateSet(values))
      .execute(),
  );
}

/** By primary key. */
export async function findRejectedToken(
  database: DatabaseAccess,
  projectId: string,
): Promise<(RejectedToken & { rejectedAt: Date }) | undefined> {
  const row = await database.inProject(projectId, (trx) =>
    trx.selectFrom("rejected_tokens").selectAll().where("project_id", "=", projectId).executeTakeFirst(),
  );
  return (
    row && { header: row.header, claims: row.claims, code: row.code, reason: row.reason, rejectedAt: row.rejected_at }
  );
}
