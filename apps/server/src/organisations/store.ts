import type { DatabaseAccess, Trx } from "../database/database.ts";

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
