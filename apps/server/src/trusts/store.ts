import type { Insertable, Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { TrustTable } from "../database/schema.ts";
import { type EventReason, recordEvents } from "../events/events.ts";
import type { TrustOwner } from "./trust.ts";

export type TrustRow = Selectable<TrustTable>;

/** The project's own, one per integration. Index trusts_project. */
export async function listTrusts(database: DatabaseAccess, projectId: string): Promise<TrustRow[]> {
  return database.inProject(
    projectId,
    (trx) =>
      trx
        .selectFrom("trusts")
        .selectAll()
        .where("project_id", "=", projectId)
        .where("organisation_id", "is", null)
        .execute(),
    { isRepeatable: true },
  );
}

/** By primary key. */
export async function findTrust(
  database: DatabaseAccess,
  projectId: string,
  trustId: string,
): Promise<TrustRow | undefined> {
  const find = (trx: Trx) =>
    trx
      .selectFrom("trusts")
      .selectAll()
      .where("id", "=", trustId)
      .where("project_id", "=", projectId)
      .executeTakeFirst();
  return database.inProject(projectId, find, { isRepeatable: true });
}

/** Organisations', by their names. Unique indexes on organisations (project_id, name), trusts_of_organisation. */
export async function listOrganisationTrusts(
  database: DatabaseAccess,
  { projectId, integrationId }: Pick<TrustOwner, "projectId" | "integrationId">,
  organisations: readonly string[],
): Promise<(TrustRow & { organisation: string })[]> {
  if (organisations.length === 0) return [];
  const list = (trx: Trx) =>
    trx
      .selectFrom("trusts")
      .innerJoin("organisations", "organisations.id", "trusts.organisation_id")
      .selectAll("trusts")
      .select("organisations.name as organisation")
      .where("organisations.project_id", "=", projectId)
      .where("organisations.name", "in", organisations)
      .where("trusts.integration_id", "=", integrationId)
      .execute();
  return database.inProject(projectId, list, { isRepeatable: true });
}

/** Unique on (project_id, name). */
export async function ensureOrganisation(trx: Trx, projectId: string, name: string): Promise<string> {
  const { id } = await trx
    .insertInto("organisations")
    .values({ project_id: projectId, name })
    .onConflict((conflict) => conflict.columns(["project_id", "name"]).doUpdateSet({ name }))
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** With what was set up for it. Unique on (project_id, name). */
export async function deleteOrganisation(trx: Trx, projectId: string, name: string): Promise<void> {
  await trx.deleteFrom("organisations").where("project_id", "=", projectId).where("name", "=", name).execute();
}

export type TrustValues = Omit<
  Insertable<TrustTable>,
  "project_id" | "integration_id" | "organisation_id" | "broken_code" | "broken_reason" | "broken_at"
> & { readonly id: string };

/** One per owner (unique). New keys make a broken trust whole, and leave no spare secret behind. */
export async function upsertTrust(
  trx: Trx,
  owner: TrustOwner,
  organisationId: string | null,
  given: TrustValues,
): Promise<void> {
  const { projectId, integrationId } = owner;
  const values = { ...NOTHING, ...given, broken_code: null, broken_reason: null, broken_at: null };
  const broken = await trx
    .selectFrom("trusts")
    .select("id")
    .where("integration_id", "=", integrationId)
    .where("organisation_id", "is not distinct from", organisationId)
    .where("project_id", "=", projectId)
    .where("broken_at", "is not", null)
    .forUpdate()
    .executeTakeFirst();
  const now = sql<Date>`now()`;
  await trx
    .insertInto("trusts")
    .values({ project_id: projectId, integration_id: integrationId, organisation_id: organisationId, ...values })
    .onConflict((conflict) =>
      (organisationId === null
        ? conflict.column("integration_id").where("organisation_id", "is", null)
        : conflict.columns(["organisation_id", "integration_id"]).where("organisation_id", "is not", null)
      ).doUpdateSet({ ...values, secret_set_at: now, updated_at: now }),
    )
    .execute();
  await announceTrust(trx, owner);
  if (broken === undefined) return;
  await recordEvents(trx, [{ kind: "trust_recovered", projectId, trustId: broken.id, reason: NEW_KEYS }]);
}

/** What keys of another kind had there must not stay. */
const NOTHING = {
  client_id: null,
  secret_id: null,
  secret_value: null,
  issuer: null,
  key_id: null,
  tenant_id: null,
  user_claim: null,
  spare_secret_id: null,
  spare_value: null,
  spare_added_at: null,
};

/** The project's own, by integration (unique). */
export async function deleteOwnTrust(trx: Trx, owner: TrustOwner): Promise<void> {
  await trx
    .deleteFrom("trusts")
    .where("integration_id", "=", owner.integrationId)
    .where("organisation_id", "is", null)
    .where("project_id", "=", owner.projectId)
    .execute();
  await announceTrust(trx, owner);
}

export interface SpareSecret {
  readonly secretId: string;
  readonly addedAt: Date;
  readonly sealedValue: Buffer;
}

/** By primary key. A second secret, in place of another second one. False where the trust is gone or is no app's. */
export async function setSpare(
  database: DatabaseAccess,
  owner: TrustOwner,
  trustId: string,
  spare: SpareSecret | null,
): Promise<boolean> {
  return changeApp(database, owner, trustId, {
    spare_secret_id: spare?.secretId ?? null,
    spare_value: spare?.sealedValue ?? null,
    spare_added_at: spare?.addedAt ?? null,
  });
}

/**
 * By primary key: the second secret signs from now on, and the first is the second. Nothing happens where `signing` does
 * not sign any more: of many that find out the same, the first does it.
 */
export async function swapSecrets(
  database: DatabaseAccess,
  owner: TrustOwner,
  trustId: string,
  signing: string,
): Promise<boolean> {
  return database.inProject(owner.projectId, async (trx) => {
    const swapped = await trx
      .updateTable("trusts")
      .set((row) => ({
        secret_id: row.ref("spare_secret_id"),
        secret_value: row.ref("spare_value"),
        spare_secret_id: row.ref("secret_id"),
        spare_value: row.ref("secret_value"),
        spare_added_at: sql<Date>`secret_set_at`,
        secret_set_at: sql<Date>`spare_added_at`,
        updated_at: sql<Date>`now()`,
      }))
      .where("id", "=", trustId)
      .where("project_id", "=", owner.projectId)
      .where("secret_id", "=", signing)
      .where("spare_value", "is not", null)
      .returning("id")
      .executeTakeFirst();
    if (swapped !== undefined) await announceTrust(trx, owner);
    return swapped !== undefined;
  });
}

async function changeApp(
  database: DatabaseAccess,
  owner: TrustOwner,
  trustId: string,
  changes: Updateable<TrustTable>,
): Promise<boolean> {
  return database.inProject(owner.projectId, async (trx) => {
    const changed = await trx
      .updateTable("trusts")
      .set(changes)
      .set({ updated_at: sql<Date>`now()` })
      .where("id", "=", trustId)
      .where("project_id", "=", owner.projectId)
      .where("kind", "=", "connectedApp")
      .returning("id")
      .executeTakeFirst();
    if (changed !== undefined) await announceTrust(trx, owner);
    return changed !== undefined;
  });
}

/** The project's own trust is read with the project, an organisation's by itself. */
export async function announceTrust(trx: Trx, { projectId, integrationId, organisation }: TrustOwner): Promise<void> {
  await announce(
    trx,
    organisation === null ? `project:${projectId}` : `organisation:${projectId}:${integrationId}:${organisation}`,
  );
}

/**
 * Of many calls that learn the same at the same time, the first writes it, in ms. Well below the minute after which it is
 * tried again.
 */
const SAID_ALREADY_MS = 30_000;

/** By primary key; null where the trust works again. Tells an event where it was whole before, or broken. */
export async function setTrustBroken(
  database: DatabaseAccess,
  owner: TrustOwner,
  trustId: string,
  broken: { reason: EventReason; at: Date } | null,
): Promise<void> {
  const { projectId } = owner;
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
    await announceTrust(trx, owner);
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
