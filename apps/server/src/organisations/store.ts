import type { DatabaseAccess, Trx } from "../database/database.ts";

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

/** A page of names in their order. Unique index on (project_id, name). */
export async function listOrganisationNames(
  database: DatabaseAccess,
  projectId: string,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const list = (trx: Trx) =>
    trx
      .selectFrom("organisations")
      .select("name")
      .where("project_id", "=", projectId)
      .where("name", ">", after)
      .orderBy("name")
      .limit(limit)
      .execute();
  return (await database.inProject(projectId, list, { isRepeatable: true })).map(({ name }) => name);
}
