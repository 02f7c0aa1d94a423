import type { Selectable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { TrustTable } from "../database/schema.ts";

export type TrustRow = Selectable<TrustTable>;

/** Index trusts_project; one per integration. */
export async function listTrusts(database: DatabaseAccess, projectId: string): Promise<TrustRow[]> {
  return database.inProject(
    projectId,
    (trx) => trx.selectFrom("trusts").selectAll().where("project_id", "=", projectId).execute(),
    { isRepeatable: true },
  );
}

export interface TrustInput {
  readonly id: string;
  readonly projectId: string;
  readonly integrationId: string;
  readonly clientId: string;
  readonly secretId: string;
  readonly sealedValue: Buffer;
  readonly serverUrl: string;
  readonly site: string;
}

/** One per integration (unique); new keys make a broken trust whole. */
export async function upsertTrust(database: DatabaseAccess, trust: TrustInput): Promise<void> {
  const values = {
    id: trust.id,
    client_id: trust.clientId,
    secret_id: trust.secretId,
    secret_value: trust.sealedValue,
    server_url: trust.serverUrl,
    site: trust.site,
    broken_code: null,
    broken_reason: null,
    broken_at: null,
  };
  await database.inProject(trust.projectId, async (trx) => {
    await trx
      .insertInto("trusts")
      .values({ project_id: trust.projectId, integration_id: trust.integrationId, ...values })
      .onConflict((conflict) =>
        conflict
          .column("integration_id")
          .doUpdateSet({ ...values, secret_set_at: sql<Date>`now()`, updated_at: sql<Date>`now()` }),
      )
      .execute();
    await announce(trx, `project:${trust.projectId}`);
  });
}

/** By integration (unique). */
export async function deleteTrust(database: DatabaseAccess, projectId: string, integrationId: string): Promise<void> {
  await database.inProject(projectId, async (trx) => {
    await trx
      .deleteFrom("trusts")
      .where("integration_id", "=", integrationId)
      .where("project_id", "=", projectId)
      .execute();
    await announce(trx, `project:${projectId}`);
  });
}

/**
 * Of many calls that learn the same at the same time, the first writes it, in ms. Well below the minute after which it is
 * tried again.
 */
const SAID_ALREADY_MS = 30_000;

/** By primary key; null where the trust works again. */
export async function setTrustBroken(
  database: DatabaseAccess,
  projectId: string,
  trustId: string,
  broken: { code: string; reason: string; at: Date } | null,
): Promise<void> {
  const isNews =
    broken === null
      ? sql<boolean>`broken_at is not null`
      : sql<boolean>`broken_code is distinct from ${broken.code} or broken_at < ${new Date(broken.at.getTime() - SAID_ALREADY_MS)}`;
  await database.inProject(projectId, async (trx) => {
    const row = await trx
      .updateTable("trusts")
      .set({
        broken_code: broken?.code ?? null,
        broken_reason: broken?.reason ?? null,
        broken_at: broken?.at ?? null,
      })
      .where("id", "=", trustId)
      .where("project_id", "=", projectId)
      .where(isNews)
      .returning("id")
      .executeTakeFirst();
    if (row !== undefined) await announce(trx, `project:${projectId}`);
  });
}
