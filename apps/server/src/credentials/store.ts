import type { Insertable, Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { CredentialTable } from "../database/schema.ts";
import { type CredentialEvent, type EventReason, recordEvents } from "../events/events.ts";

/** Secrets are read where a sign-in needs them and nowhere else, and what upkeep keeps of it by upkeep alone. */
export type CredentialRow = Omit<
  Selectable<CredentialTable>,
  "secrets" | "last_used_at" | "kept_alive_at" | "secret_expires_at" | "secret_read_at" | "expiry_warned"
>;

export const columns = [
  "id",
  "project_id",
  "integration_id",
  "user_id",
  "external_id",
  "method",
  "server_url",
  "site",
  "api_version",
  "site_id",
  "tableau_user_id",
  "username",
  "organisation",
  "identity",
  "status",
  "reason_code",
  "reason",
  "reason_action",
  "refused_at",
  "config",
  "configuration_id",
  "created_at",
  "updated_at",
] as const;

/** Index credentials_user. */
export async function listCredentials(trx: Trx, projectId: string, userId: string): Promise<CredentialRow[]> {
  return trx
    .selectFrom("credentials")
    .select(columns)
    .where("user_id", "=", userId)
    .where("project_id", "=", projectId)
    .orderBy("created_at")
    .execute();
}

/** By primary key. */
export async function readSecrets(
  database: DatabaseAccess,
  projectId: string,
  credentialId: string,
): Promise<Buffer | null> {
  const read = (trx: Trx) =>
    trx
      .selectFrom("credentials")
      .select("secrets")
      .where("id", "=", credentialId)
      .where("project_id", "=", projectId)
      .executeTakeFirst();
  const row = await database.inProject(projectId, read, { isRepeatable: true });
  return row?.secrets ?? null;
}

/** Held to the end of the transaction: of two connects of one user, the second sees what the first made. */
export async function lockUser(trx: Trx, userId: string): Promise<void> {
  await trx.selectFrom("users").select("id").where("id", "=", userId).forUpdate().execute();
}

export async function upsertCredential(trx: Trx, values: Insertable<CredentialTable> & { id: string }): Promise<void> {
  const { id, project_id, user_id, integration_id, configuration_id, config, created_at, ...changes } = values;
  // Its sign-in has just been used; what was known of the one before says nothing of it.
  const fresh = {
    last_used_at: sql<Date>`now()`,
    kept_alive_at: null,
    secret_expires_at: null,
    secret_read_at: null,
    expiry_warned: null,
  };
  await trx
    .insertInto("credentials")
    .values({ ...values, ...fresh })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...changes, ...fresh, updated_at: sql<Date>`now()` }))
    .execute();
}

export interface Owner {
  readonly projectId: string;
  readonly subject: string;
}

/**
 * By primary key, in the owner's project, where the credential still has the same sign-in: what an old secret met says
 * nothing about the one that has replaced it meanwhile.
 */
export async function updateCredential(
  database: DatabaseAccess,
  owner: Owner,
  credential: { readonly id: string; readonly method: string; readonly identity: string | null },
  changes: Updateable<CredentialTable>,
): Promise<void> {
  await database.inProject(owner.projectId, async (trx) => {
    await trx
      .updateTable("credentials")
      .set({ ...changes, updated_at: sql<Date>`now()` })
      .where("id", "=", credential.id)
      .where("project_id", "=", owner.projectId)
      .where("method", "=", credential.method)
      .where("identity", "is not distinct from", credential.identity)
      .execute();
    await announceWallet(trx, owner);
  });
}

/**
 * By primary key: Tableau refused it twice. Tells an event, once: of many that learn it the first writes it, and who has
 * connected it anew meanwhile keeps it.
 */
export async function invalidateCredential(
  database: DatabaseAccess,
  owner: Owner & { readonly id: string },
  credential: { readonly id: string; readonly identity: string | null },
  reason: EventReason,
): Promise<void> {
  const { projectId, id: userId } = owner;
  await database.inProject(projectId, async (trx) => {
    const row = await trx
      .updateTable("credentials")
      .set({
        status: "INVALID",
        reason_code: reason.code,
        reason: reason.message,
        reason_action: reason.action,
        updated_at: sql<Date>`now()`,
      })
      .where("id", "=", credential.id)
      .where("project_id", "=", projectId)
      .where("identity", "is not distinct from", credential.identity)
      .where("status", "=", "VALID")
      .where("refused_at", "is not", null)
      .returning("id")
      .executeTakeFirst();
    if (row === undefined) return;
    await announceWallet(trx, owner);
    await recordEvents(trx, [{ kind: "credential_invalid", projectId, userId, credentialId: row.id, reason }]);
  });
}

/** Tells that a credential works again, because it was connected anew. */
export async function recordRecovery(
  trx: Trx,
  of: Pick<CredentialEvent, "projectId" | "userId" | "credentialId">,
): Promise<void> {
  const reason = { code: "credential_recovered", message: "The user connected it again.", action: "" };
  await recordEvents(trx, [{ kind: "credential_recovered", ...of, reason }]);
}

/** By primary key. */
export async function deleteCredential(database: DatabaseAccess, owner: Owner, credentialId: string): Promise<void> {
  await database.inProject(owner.projectId, async (trx) => {
    await trx
      .deleteFrom("credentials")
      .where("id", "=", credentialId)
      .where("project_id", "=", owner.projectId)
      .execute();
    await announceWallet(trx, owner);
  });
}

export async function announceWallet(trx: Trx, owner: Owner): Promise<void> {
  await announce(trx, `user:${owner.projectId}:${owner.subject}`);
}

/**
 * Where else this very secret is connected. Index credentials_identity; over all projects, since Tableau does not know
 * ours: whoever knows the secret learns nothing new.
 */
export async function sitesOfIdentity(
  database: DatabaseAccess,
  identity: string,
): Promise<{ id: string; site: string; site_id: string }[]> {
  return database.retrying((db) =>
    db
      .selectFrom("credentials")
      .select(["id", "site", "site_id"])
      .where("identity", "=", identity)
      .limit(100)
      .execute(),
  );
}

/**
 * Whose credentials these sign-ins are, over all projects. Index credentials_identity. One secret is connected by a few
 * people; whoever connects it a thousand times is told a thousand times, and no more.
 */
export async function credentialsOfIdentities(
  trx: Trx,
  identities: readonly string[],
): Promise<{ projectId: string; userId: string; credentialId: string }[]> {
  return trx
    .selectFrom("credentials")
    .select(["project_id as projectId", "user_id as userId", "id as credentialId"])
    .where("identity", "in", identities)
    .limit(1000)
    .execute();
}

/** How many other credentials of an integration sign in as the same Tableau user with its trust. Index credentials_project. */
export async function countNamesakes(
  database: DatabaseAccess,
  projectId: string,
  credential: { id: string; integrationId: string; method: string; username: string | null },
): Promise<number> {
  const count = (trx: Trx) =>
    trx
      .selectFrom("credentials")
      .select(sql<number>`count(*)::int`.as("count"))
      .where("project_id", "=", projectId)
      .where("integration_id", "=", credential.integrationId)
      .where("id", "!=", credential.id)
      .where("method", "=", credential.method)
      .where("username", "is not distinct from", credential.username)
      .executeTakeFirstOrThrow();
  return (await database.inProject(projectId, count, { isRepeatable: true })).count;
}
