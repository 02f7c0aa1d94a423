import { sql } from "kysely";
import type { DatabaseAccess } from "../database/database.ts";

/** One proxied call. Times in milliseconds; sizes in bytes: of the caller's body, and of the whole answer. */
export interface UsageRow {
  readonly at: number;
  readonly projectId: string;
  readonly userId: string;
  readonly credentialId: string;
  readonly method: string;
  /** The route's template, never its address. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly attempts: number;
  /** The call found its session dead and signed in again. */
  readonly renewed: boolean;
  readonly requestId: string;
}

export interface UsageFilter {
  readonly userId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly status?: number | undefined;
  readonly before?: Date | undefined;
  readonly limit: number;
}

const DAY_MS = 86_400_000;

/** A partition for today and for each of the next three days: rows of one day go together, and are dropped together. */
export async function createPartitions(database: DatabaseAccess, now: number): Promise<void> {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  for (let day = today - DAY_MS; day <= today + 3 * DAY_MS; day += DAY_MS) {
    const from = new Date(day).toISOString().slice(0, 10);
    const to = new Date(day + DAY_MS).toISOString().slice(0, 10);
    const name = sql.id(`usage_${from.replaceAll("-", "")}`);
    await database.retrying((db) =>
      sql`create table if not exists ${name} partition of usage for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
        db,
      ),
    );
  }
}

export async function insertUsage(database: DatabaseAccess, rows: readonly UsageRow[]): Promise<void> {
  await database.transaction((trx) =>
    trx
      .insertInto("usage")
      .values(
        rows.map((row) => ({
          at: new Date(row.at),
          project_id: row.projectId,
          user_id: row.userId,
          credential_id: row.credentialId,
          method: row.method,
          route: row.route,
          status: row.status,
          ms: row.ms,
          bytes_in: String(row.bytesIn),
          bytes_out: String(row.bytesOut),
          attempts: row.attempts,
          renewed: row.renewed,
          request_id: row.requestId,
        })),
      )
      .execute(),
  );
}

/** Index usage_project, newest first. */
export async function listUsage(database: DatabaseAccess, projectId: string, filter: UsageFilter): Promise<UsageRow[]> {
  const rows = await database.inProject(projectId, (trx) => {
    let query = trx.selectFrom("usage").selectAll().where("project_id", "=", projectId);
    if (filter.userId !== undefined) query = query.where("user_id", "=", filter.userId);
    if (filter.credentialId !== undefined) query = query.where("credential_id", "=", filter.credentialId);
    if (filter.status !== undefined) query = query.where("status", "=", filter.status);
    if (filter.before !== undefined) query = query.where("at", "<", filter.before);
    return query.orderBy("at", "desc").limit(filter.limit).execute();
  });
  return rows.map((row) => ({
    at: row.at.getTime(),
    projectId: row.project_id,
    userId: row.user_id,
    credentialId: row.credential_id,
    method: row.method,
    route: row.route,
    status: row.status,
    ms: row.ms,
    bytesIn: Number(row.bytes_in),
    bytesOut: Number(row.bytes_out),
    attempts: row.attempts,
    renewed: row.renewed,
    requestId: row.request_id,
  }));
}
