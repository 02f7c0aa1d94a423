import { type SqlBool, sql } from "kysely";
import { announce, announceEach } from "../database/changes.ts";
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

async function renameIn(trx: Trx, projectId: string, rename: SiteRename): Promise<void> {
  const { serverUrl, siteId, from, to } = rename;
  await renameTrusts(trx, projectId, rename);
  const moved = await trx
    .updateTable("credentials")
    .set({ site: to, updated_at: sql<Date>`now()` })
    .where("project_id", "=", projectId)
    .where("server_url", "=", serverUrl)
    .where("site_id", "=", siteId)
    .where("site", "=", from)
    // Where a trust signs in, its keys must be there already: development keys are not in the database, and stay.
    .where(
      sql<SqlBool>`(identity is not null or exists (
        select from trusts t left join organisations o on o.id = t.organisation_id
        where t.project_id = ${projectId} and t.integration_id = credentials.integration_id
          and t.server_url = ${serverUrl} and t.site = ${to}
          and (o.id is null or o.name = credentials.organisation)))`,
    )
    .returning(["user_id", "integration_id"])
    .execute();
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

/**
 * A trust belongs to the site that its own sign-ins were of, by its id: those of credentials without a secret of their own.
 * Whoever of an organisation was not connected yet finds its trust renamed all the same.
 */
async function renameTrusts(trx: Trx, projectId: string, { serverUrl, siteId, from, to }: SiteRename): Promise<void> {
  const renamed = await trx
    .updateTable("trusts")
    .set({ site: to, updated_at: sql<Date>`now()` })
    .where("project_id", "=", projectId)
    .where("server_url", "=", serverUrl)
    .where("site", "=", from)
    .where(
      sql<SqlBool>`exists (select from credentials c where c.project_id = ${projectId}
        and c.integration_id = trusts.integration_id and c.identity is null
        and c.server_url = ${serverUrl} and c.site_id = ${siteId} and c.site = ${from})`,
    )
    .returning(["integration_id", "organisation_id"])
    .execute();
  for (const { integration_id, organisation_id } of renamed) {
    if (organisation_id === null) continue;
    const organisation = await trx
      .selectFrom("organisations")
      .select("name")
      .where("project_id", "=", projectId)
      .where("id", "=", organisation_id)
      .executeTakeFirstOrThrow();
    await announce(trx, `organisation:${projectId}:${integration_id}:${organisation.name}`);
  }
}

async function announceAll(trx: Trx, projectId: string, userIds: readonly string[]): Promise<void> {
  const users = await trx
    .selectFrom("users")
    .select("subject")
    .where("project_id", "=", projectId)
    // As one parameter: a site may have more people than a statement has room for.
    .where(sql<SqlBool>`id = any(${userIds}::uuid[])`)
    .execute();
  await announceEach(trx, [...users.map(({ subject }) => `user:${projectId}:${subject}`), `project:${projectId}`]);
}
