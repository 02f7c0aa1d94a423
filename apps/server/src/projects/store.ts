import { type Selectable, sql, type Updateable } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { ProjectTable } from "../database/schema.ts";
import type { LimitChanges } from "../limits/settings.ts";

export type ProjectRow = Omit<Selectable<ProjectTable>, "data_key">;

const columns = [
  "id",
  "name",
  "environment",
  "allowed_origins",
  "require_audience",
  "accent_color",
  "logo_url",
  "is_demo",
  "limits",
  "created_at",
] as const;

/** By primary key. */
export async function findProject(database: DatabaseAccess, projectId: string): Promise<ProjectRow | undefined> {
  return database.retrying((db) =>
    db.selectFrom("projects").select(columns).where("id", "=", projectId).executeTakeFirst(),
  );
}

/** A handful of rows; by creation, oldest first. */
export async function listProjects(database: DatabaseAccess): Promise<ProjectRow[]> {
  return database.retrying((db) =>
    db.selectFrom("projects").select(columns).orderBy("created_at").limit(100).execute(),
  );
}

export async function insertProject(
  trx: Trx,
  project: { id: string; name: string; dataKey: Buffer; isDemo: boolean },
): Promise<void> {
  const { id, name, dataKey, isDemo } = project;
  await trx.insertInto("projects").values({ id, name, data_key: dataKey, is_demo: isDemo }).execute();
  await announce(trx, `project:${project.id}`);
}

/** By primary key. Without changes nothing is written: SQL has no empty `set`. */
export async function updateProject(
  database: DatabaseAccess,
  projectId: string,
  { limits, ...changes }: Omit<Updateable<ProjectTable>, "limits"> & { limits?: LimitChanges | undefined },
): Promise<void> {
  if (limits === undefined && Object.values(changes).every((value) => value === undefined)) return;
  await database.inProject(projectId, async (trx) => {
    const set = { ...changes, limits: limits === undefined ? undefined : withLimits(limits) };
    await trx.updateTable("projects").set(set).where("id", "=", projectId).execute();
    await announce(trx, `project:${projectId}`);
  });
}

/** Added to what is there by the database, so that of two changes at once neither is lost. */
function withLimits(limits: LimitChanges) {
  const changed = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  const parts = changed.map(
    ([name, limit]) =>
      sql`jsonb_build_object(${name}::text, coalesce(limits -> ${name}, '{}') || ${JSON.stringify(limit)}::jsonb)`,
  );
  return sql<string>`limits || ${sql.join([sql`'{}'::jsonb`, ...parts], sql` || `)}`;
}

/** By primary key. Fails where there is no such project: callers have seen it. */
export async function findDataKey(database: DatabaseAccess, projectId: string): Promise<Buffer> {
  const { data_key } = await database.retrying((db) =>
    db.selectFrom("projects").select("data_key").where("id", "=", projectId).executeTakeFirstOrThrow(),
  );
  return data_key;
}

/** A page of wrapped data keys, by primary key. */
export async function listDataKeys(
  database: DatabaseAccess,
  page: { after: string; limit: number },
): Promise<{ id: string; data_key: Buffer }[]> {
  return database.retrying((db) =>
    db
      .selectFrom("projects")
      .select(["id", "data_key"])
      .where("id", ">", page.after)
      .orderBy("id")
      .limit(page.limit)
      .execute(),
  );
}

/** By primary key, where it is still the one that was read. */
export async function replaceDataKey(
  database: DatabaseAccess,
  projectId: string,
  read: Buffer,
  rewrapped: Buffer,
): Promise<void> {
  await database.retrying((db) =>
    db
      .updateTable("projects")
      .set({ data_key: rewrapped })
      .where("id", "=", projectId)
      .where("data_key", "=", read)
      .execute(),
  );
}
