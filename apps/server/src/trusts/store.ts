import type { Selectable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { TrustTable } from "../database/schema.ts";
import { type EventReason, recordEvents } from "../events/events.ts";

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
    const broken = await trx
      .selectFrom("trusts")
      .select("id")
      .where("integration_id", "=", trust.integrationId)
      .where("project_id", "=", trust.projectId)
      .where("broken_at", "is not", null)
      .forUpdate()
      .executeTakeFirst();
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
    if (broken === undefined) return;
    const { projectId } = trust;
    await recordEvents(trx, [{ kind: "trust_recovered", projectId, trustId: broken.id, reason: NEW_KEYS }]);
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

/** By primary key; null where the trust works again. Tells an event where it was whole before, or broken. */
export async function setTrustBroken(
  database: DatabaseAccess,
  projectId: string,
  trustId: string,
  broken: { reason: EventReason; at: Date } | null,
): Promise<void> {
  const isNews =
    broken === null
      ? sql<boolean>`broken_at is not null`
      : sql<boolean>`broken_code is distinct from ${broken.reason.code} or broken_at < ${new Date(broken.at.getTime() - SAID_ALREADY_MS)}`;
  await database.inProject(projectId, async (trx) => {
    const row = await trx
      .selectFrom("trusts")
      .select("broken_at")
      .where("id", "=", trustId)
      .where("project_id", "=", projectId)
      .where(isNews)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return;
    await trx
      .updateTable("trusts")
      .set({
        broken_code: broken?.reason.code ?? null,
        broken_reason: broken?.reason.message ?? null,
        broken_at: broken?.at ?? null,
      })
      .where("id", "=", trustId)
      .execute();
    await announce(trx, `project:${projectId}`);
    if (broken === null)
      await recordEvents(trx, [{ kind: "trust_recovered", projectId, trustId, reason: WORKS_AGAIN }]);
    else if (row.broken_at === null)
      await recordEvents(trx, [{ kind: "trust_broken", projectId, trustId, reason: broken.reason }]);
  });
}

const WORKS_AGAIN: EventReason = { code: "trust_recovered", message: "Tableau takes these keys again.", action: "" };
const NEW_KEYS: EventReason = {
  code: "trust_recovered",
  message: "The keys were replaced by new ones.",
  action: "",
};
