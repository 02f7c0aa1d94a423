import type { Selectable } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { UserTable } from "../database/schema.ts";

export type UserRow = Selectable<UserTable>;

/** Unique index on (project_id, subject). A user is made the first time a valid token names it. */
export async function findOrInsertUser(trx: Trx, projectId: string, subject: string): Promise<UserRow> {
  const found = await trx
    .selectFrom("users")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("subject", "=", subject)
    .executeTakeFirst();
  if (found !== undefined) return found;
  await trx
    .insertInto("users")
    .values({ project_id: projectId, subject })
    .onConflict((conflict) => conflict.columns(["project_id", "subject"]).doNothing())
    .execute();
  return trx
    .selectFrom("users")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("subject", "=", subject)
    .executeTakeFirstOrThrow();
}

/** By primary key. */
export async function updateUserMeta(
  database: DatabaseAccess,
  user: { projectId: string; id: string; subject: string },
  meta: Record<string, unknown>,
): Promise<void> {
  await database.inProject(user.projectId, async (trx) => {
    await trx
      .updateTable("users")
      .set({ meta: JSON.stringify(meta) })
      .where("id", "=", user.id)
      .where("project_id", "=", user.projectId)
      .execute();
    await announce(trx, `user:${user.projectId}:${user.subject}`);
  });
}
