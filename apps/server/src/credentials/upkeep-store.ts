import { sql } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import { recordEvents } from "../events/events.ts";

/** Over all projects, as whoever looks after the instance: each claims what it takes, so that one process does it. */

export interface Claimed {
  readonly id: string;
  readonly projectId: string;
  readonly subject: string;
}

/** By primary key. At most once an hour a credential, however many processes say it. */
export async function setLastUsed(database: DatabaseAccess, ids: readonly string[]): Promise<void> {
  await database.retrying((db) =>
    sql`update credentials set last_used_at = now()
      where id = any(${[...ids]}::uuid[]) and (last_used_at is null or last_used_at < now() - interval '1 hour')`.execute(
      db,
    ),
  );
}

/**
 * Credentials of a method that nobody has signed in with for so long that the provider will end them soon: `unusedDays`,
 * and up to a day more by chance of the id, so that what was connected together is not due together. A secret that
 * another credential used counts as used. Indexes credentials_unused, credentials_kept_alive, credentials_identity.
 */
export async function claimUnused(
  database: DatabaseAccess,
  method: string,
  { unusedDays, perServer }: { unusedDays: number; perServer: number },
): Promise<Claimed[]> {
  return database.transaction(async (trx) => {
    // One after the other: what is claimed for a server is bounded over all processes.
    await sql`select pg_advisory_xact_lock(hashtextextended('easel keep alive', 0))`.execute(trx);
    const { rows } = await sql<Claimed>`
      with recent as (
        select server_url, count(*) as count from credentials
        where kept_alive_at > now() - interval '10 minutes' group by server_url
      ), due as (
        select c.id, row_number() over (partition by c.server_url order by coalesce(c.last_used_at, c.created_at))
          + coalesce((select count from recent r where r.server_url = c.server_url), 0) as turn
        from credentials c
          join integrations i on i.id = c.integration_id and i.is_active and i.keep_tokens_alive
          join users u on u.id = c.user_id and u.disabled_at is null
        where c.identity is not null and c.method = ${method} and c.status = 'VALID'
          and coalesce(c.last_used_at, c.created_at) < now() - make_interval(days => ${unusedDays}::int)
          and coalesce(c.last_used_at, c.created_at) < now() - make_interval(days => ${unusedDays}::int,
            secs => (hashtext(c.id::text) & 2147483647) % 86400)
          and (c.kept_alive_at is null or c.kept_alive_at < now() - interval '6 hours')
          and not exists (select from credentials o where o.identity = c.identity
            and o.last_used_at > now() - make_interval(days => ${unusedDays}::int))
      )
      update credentials c set kept_alive_at = now() from users u
      where u.id = c.user_id and c.id in (select id from due where turn <= ${perServer})
      returning c.id, c.project_id as "projectId", u.subject`.execute(trx);
    return rows;
  });
}

/**
 * Credentials of these methods whose secret's end was not asked for within a day. Those that are not in use are passed
 * over: asking would be using them. Index credentials_secret_read; whatever is passed over has its day, too, or it would
 * stand in front for ever.
 */
export async function claimUnread(
  database: DatabaseAccess,
  methods: readonly string[],
  atOnce: number,
): Promise<Claimed[]> {
  const { rows } = await database.retrying((db) =>
    sql<Claimed & { in_use: boolean }>`
      update credentials c set secret_read_at = now() from users u
      where u.id = c.user_id and c.id in (
        select id from credentials
        where identity is not null and (secret_read_at is null or secret_read_at < now() - interval '1 day')
        order by secret_read_at nulls first limit ${atOnce} for update skip locked)
      returning c.id, c.project_id as "projectId", u.subject,
        coalesce(c.last_used_at > now() - interval '1 day', false) and c.status = 'VALID' and u.disabled_at is null
          and c.method = any(${[...methods]}::text[]) as in_use`.execute(db),
  );
  return rows.filter((row) => row.in_use).map(({ id, projectId, subject }) => ({ id, projectId, subject }));
}

/**
 * By primary key, where the credential still has the same sign-in. A new end is warned of anew, and one that Tableau only
 * says a little differently is not.
 */
export async function setSecretExpiry(
  database: DatabaseAccess,
  { projectId, id, identity }: { projectId: string; id: string; identity: string | null },
  expiresAt: Date,
): Promise<void> {
  const set = (trx: Trx) =>
    trx
      .updateTable("credentials")
      .set({
        secret_expires_at: expiresAt,
        expiry_warned: sql<number | null>`case when abs(extract(epoch from secret_expires_at - ${expiresAt})) < 86400
          then expiry_warned end`,
      })
      .where("id", "=", id)
      .where("project_id", "=", projectId)
      .where("identity", "is not distinct from", identity)
      .where("secret_expires_at", "is distinct from", expiresAt)
      .execute();
  await database.inProject(projectId, set, { isRepeatable: true });
}

/**
 * Tells of secrets that end within 30, 7 or 1 days, each once, in the transaction that remembers it. What is connected
 * late is told the nearest warning only. Index credentials_expiry. True where there may be more.
 */
export async function warnOfExpiry(database: DatabaseAccess, atOnce: number): Promise<boolean> {
  return database.transaction(async (trx) => {
    const { rows } = await sql<Warned>`
      with due as (
        select id, case when secret_expires_at <= now() + interval '1 day' then 1
          when secret_expires_at <= now() + interval '7 days' then 7 else 30 end as days
        from credentials
        where secret_expires_at > now() and secret_expires_at <= now() + interval '30 days' and status = 'VALID'
      )
      update credentials c set expiry_warned = due.days from due
      where c.id = due.id and c.id in (
        select l.id from credentials l join due on due.id = l.id
        where l.expiry_warned is null or l.expiry_warned > due.days
        order by l.secret_expires_at limit ${atOnce} for update of l skip locked)
      returning c.id, c.project_id, c.user_id, c.secret_expires_at, due.days`.execute(trx);
    await recordEvents(trx, rows.map(eventOf));
    return rows.length === atOnce;
  });
}

interface Warned {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly secret_expires_at: Date;
  readonly days: number;
}

function eventOf({ id, project_id, user_id, secret_expires_at, days }: Warned) {
  const expiresAt = secret_expires_at.toISOString();
  return {
    kind: "credential_expires" as const,
    projectId: project_id,
    userId: user_id,
    credentialId: id,
    expiresAt,
    days,
    reason: {
      code: "credential_expires",
      message: `Tableau ends the user's token in ${days === 1 ? "less than a day" : `less than ${days} days`}, at ${expiresAt}.`,
      action: "Ask the user to create a new one in Tableau, and to connect again with it.",
    },
  };
}
