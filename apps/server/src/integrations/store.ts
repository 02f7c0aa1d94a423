import type { Insertable, Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { IntegrationTable } from "../database/schema.ts";

export type IntegrationRow = Selectable<IntegrationTable>;

/** Unique index on (project_id, connector). */
export async function listIntegrations(database: DatabaseAccess, projectId: string): Promise<IntegrationRow[]> {
  const list = (trx: Trx) =>
    trx.selectFrom("integrations").selectAll().where("project_id", "=", projectId).orderBy("created_at").execute();
  return database.inProject(projectId, list, { isRepeatable: true });
}

export async function insertIntegration(trx: Trx, values: Insertable<IntegrationTable>): Promise<void> {
  await trx.insertInto("integrations").values(values).execute();
}

/** By primary key. */
export async function updateIntegration(
  trx: Trx,
  projectId: string,
  integrationId: string,
  changes: Updateable<IntegrationTable>,
): Promise<void> {
  await trx
    .updateTable("integrations")
    .set({ ...changes, updated_at: sql<Date>`now()` })
    .where("id", "=", integrationId)
    .where("project_id", "=", projectId)
    .execute();
  await announce(trx, `project:${projectId}`);
}
