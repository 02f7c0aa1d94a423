import { eventSchema } from "@easel/api/events";
import { type SqlBool, sql } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { EventFilter, EventInput, EventPage, StoredEvent } from "./kinds.ts";

/**
 * Writes events in the transaction of what they tell. Call it last: it holds a lock per project until the commit, so
 * that ids are given in the order in which they can be read. Without it an event with a smaller id could appear after
 * one with a larger, and whoever reads on from an id would never see it.
 */
export async function insertEvents(trx: Trx, events: readonly EventInput[]): Promise<void> {
  // In one order everywhere: two transactions that tell of the same projects must not wait for each other.
  const projects = [...new Set(events.map(({ projectId }) => projectId))].sort();
  for (const projectId of projects) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`easel events ${projectId}`}, 0))`.execute(trx);
  }
  if (events.length > 0) await trx.insertInto("events").values(events.map(columnsOf)).execute();
}

function columnsOf(event: EventInput) {
  const { kind, projectId } = event;
  return {
    kind,
    project_id: projectId,
    user_id: "userId" in event ? event.userId : null,
    credential_id: "credentialId" in event ? event.credentialId : null,
    trust_id: "trustId" in event ? event.trustId : null,
    details: JSON.stringify(detailsOf(event)),
  };
}

function detailsOf(event: EventInput): object {
  const { reason } = event;
  if ("expiresAt" in event) return { reason, expiresAt: event.expiresAt, days: event.days };
  if ("budget" in event) return { reason, budget: event.budget, serverUrl: event.serverUrl, site: event.site };
  return { reason };
}

/** A page, the newest first. Indexes events_project, events_kind, events_user, events_credential. */
export async function listEvents(
  database: DatabaseAccess,
  projectId: string,
  filter: EventFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<EventPage> {
  const found = await database.inProject(
    projectId,
    (trx) =>
      sql<Selected>`select events.*, (select subject from users where users.id = events.user_id) as sub
        from events where ${conditions(projectId, filter)}
          ${page.cursor === undefined ? sql`` : sql`and id < ${page.cursor}::bigint`}
        order by id desc limit ${page.limit + 1}`.execute(trx),
    { isRepeatable: true },
  );
  const rows = found.rows.slice(0, page.limit);
  const last = rows.at(-1);
  const hasMore = found.rows.length > page.limit && last !== undefined;
  return { events: rows.map(readEvent), next: hasMore ? last.id : null };
}

function conditions(projectId: string, { kind, userId, sub, credentialId }: EventFilter) {
  const found = [sql<SqlBool>`project_id = ${projectId}`];
  if (kind !== undefined) found.push(sql`kind = ${kind}`);
  if (userId !== undefined) found.push(sql`user_id = ${userId}`);
  if (sub !== undefined)
    found.push(sql`user_id = (select id from users where users.project_id = ${projectId} and users.subject = ${sub})`);
  if (credentialId !== undefined) found.push(sql`credential_id = ${credentialId}`);
  return sql.join(found, sql` and `);
}

interface Selected {
  readonly id: string;
  readonly project_id: string;
  readonly kind: string;
  readonly user_id: string | null;
  readonly credential_id: string | null;
  readonly trust_id: string | null;
  readonly details: object;
  readonly at: Date;
  readonly sub: string | null;
}

/** Read with the contract's own schema: what it does not know of, nobody could be told. */
function readEvent(row: Selected): StoredEvent {
  const event = eventSchema.parse({
    ...row.details,
    kind: row.kind,
    id: row.id,
    at: row.at.toISOString(),
    userId: row.user_id,
    sub: row.sub,
    credentialId: row.credential_id,
    trustId: row.trust_id,
  });
  return { sub: null, ...event, projectId: row.project_id, at: row.at };
}

/** Index events_at. A bounded piece at a time, so that no statement runs long. True where there is more. */
export async function deleteOldEvents(database: DatabaseAccess, keptDays: number, atOnce: number): Promise<boolean> {
  const { numAffectedRows } = await database.retrying((db) =>
    sql`delete from events where id in (
      select id from events where at < now() - make_interval(days => ${keptDays}) order by at limit ${atOnce})`.execute(
      db,
    ),
  );
  return numAffectedRows === BigInt(atOnce);
}
