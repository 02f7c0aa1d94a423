import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";

export interface SiteRename {
  readonly serverUrl: string;
  readonly siteId: string;
  /** Content URLs. */
  readonly from: string;
  readonly to: string;
}

/** True for one process an hour. By primary key. */
export async function takeSite(
  database: DatabaseAccess,
  site: { serverUrl: string; siteId: string },
): Promise<boolean> {
  const { rows } = await database.retrying((db) =>
    sql`insert into sites (server_url, site_id, asked_at) values (${site.serverUrl}, ${site.siteId}, now())
      on conflict (server_url, site_id) do update set asked_at = now()
      where sites.asked_at < now() - interval '1 hour' returning 1`.execute(db),
  );
  return rows.length > 0;
}

/**
 * Writes a site's new content URL wherever the old one stands: the credentials on it, the trust that signs in there, and
 * the integration that is fixed to it. Index credentials_site, then each project by itself.
 */
export async function renameSite(database: DatabaseAccess, rename: SiteRename): Promise<void> {
  const projects = await database.retrying((db) =>
    db
      .selectFrom("credentials")
      .select("project_id")
      .distinct()
      .where("server_url", "=", rename.serverUrl)
      .where("site_id", "=", rename.siteId)
      .execute(),
  );
  for (const { project_id } of projects) {
    await database.inProject(project_id, (trx) => renameIn(trx, project_id, rename), { isRepeatable: true });
  }
}

async function renameIn(trx: Trx, projectId: string, { serverUrl, siteId, from, to }: SiteRename): Promise<void> {
  const moved = await trx
    .updateTable("credentials")
    .set({ site: to, updated_at: sql<Date>`now()` })
    .where("project_id", "=", projectId)
    .where("server_url", "=", serverUrl)
    .where("site_id", "=", siteId)
    .where("site", "=", from)
    .returning(["user_id", "integration_id", "identity"])
    .execute();
  // A trust belongs to the site that its own sign-ins were of, by its id. What signs in has no secret of a person's.
  const trusted = moved.filter((row) => row.identity === null).map((row) => row.integration_id);
  for (const integrationId of new Set(trusted)) {
    await trx
      .updateTable("trusts")
      .set({ site: to, updated_at: sql<Date>`now()` })
      .where("project_id", "=", projectId)
      .where("integration_id", "=", integrationId)
      .where("server_url", "=", serverUrl)
      .where("site", "=", from)
      .execute();
  }
  for (const integrationId of new Set(moved.map((row) => row.integration_id))) {
    await trx
      .updateTable("integrations")
      .set({ site: to, updated_at: sql<Date>`now()` })
      .where("project_id", "=", projectId)
      .where("id", "=", integrationId)
      .where("server_url", "=", serverUrl)
      .where("site", "=", from)
      .execute();
  }
  if (moved.length > 0) await announceAll(trx, projectId, [...new Set(moved.map((row) => row.user_id))]);
}

async function announceAll(trx: Trx, projectId: string, userIds: readonly string[]): Promise<void> {
  const users = await trx
    .selectFrom("users")
    .select("subject")
    .where("project_id", "=", projectId)
    .where("id", "in", userIds)
    .execute();
  for (const { subject } of users) await announce(trx, `user:${projectId}:${subject}`);
  await announce(trx, `project:${projectId}`);
}
