import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { DatabaseAccess } from "../database/database.ts";
import type { InstallTable } from "../database/schema.ts";

export type InstallRow = Selectable<InstallTable>;

export interface NewInstall {
  readonly key: string;
  readonly projectId: string;
  readonly userId: string;
  readonly integrationId: string;
  readonly codeHash: Buffer;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly origin: string | null;
}

/** Primary key (project_id, key): the same key again begins anew, for the same user; false where it is another user's. What is over goes at the same time (index installs_expiry). */
export async function insertInstall(database: DatabaseAccess, install: NewInstall): Promise<boolean> {
  const values = {
    user_id: install.userId,
    integration_id: install.integrationId,
    code_hash: install.codeHash,
    claims: JSON.stringify(install.claims),
    options: JSON.stringify(install.options),
    origin: install.origin,
    credential_id: null,
    expires_at: sql<Date>`now() + interval '10 minutes'`,
  };
  return database.inProject(install.projectId, async (trx) => {
    await trx.deleteFrom("installs").where("expires_at", "<", sql<Date>`now() - interval '10 minutes'`).execute();
    const begun = await trx
      .insertInto("installs")
      .values({ key: install.key, project_id: install.projectId, ...values })
      .onConflict((conflict) =>
        conflict.columns(["project_id", "key"]).doUpdateSet(values).where("installs.user_id", "=", install.userId),
      )
      .returning("key")
      .executeTakeFirst();
    return begun !== undefined;
  });
}

/** Unique index on code_hash. Before the project is known, so outside of `inProject`. */
export async function findInstallByCode(
  database: DatabaseAccess,
  codeHash: Buffer,
): Promise<(InstallRow & { subject: string }) | undefined> {
  return database.retrying((db) =>
    db
      .selectFrom("installs")
      .innerJoin("users", "users.id", "installs.user_id")
      .selectAll("installs")
      .select("users.subject")
      .where("code_hash", "=", codeHash)
      .where("expires_at", ">", sql<Date>`now()`)
      .executeTakeFirst(),
  );
}

/** The code is spent, and the SDK that polls by `key` finds the credential. */
export async function completeInstall(
  database: DatabaseAccess,
  install: InstallRow,
  credentialId: string,
): Promise<void> {
  await database.inProject(install.project_id, (trx) =>
    trx
      .updateTable("installs")
      .set({ credential_id: credentialId, code_hash: null })
      .where("project_id", "=", install.project_id)
      .where("key", "=", install.key)
      .execute(),
  );
}

/** By primary key, of this user. */
export async function findInstall(
  database: DatabaseAccess,
  install: { projectId: string; userId: string; key: string },
): Promise<InstallRow | undefined> {
  return database.inProject(install.projectId, (trx) =>
    trx
      .selectFrom("installs")
      .selectAll()
      .where("project_id", "=", install.projectId)
      .where("key", "=", install.key)
      .where("user_id", "=", install.userId)
      .executeTakeFirst(),
  );
}

/** By primary key, of this user. */
export async function deleteInstall(
  database: DatabaseAccess,
  install: { projectId: string; userId: string; key: string },
): Promise<void> {
  await database.inProject(install.projectId, (trx) =>
    trx
      .deleteFrom("installs")
      .where("project_id", "=", install.projectId)
      .where("key", "=", install.key)
      .where("user_id", "=", install.userId)
      .execute(),
  );
}
