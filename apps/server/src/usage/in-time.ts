import { sql } from "kysely";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import { easelError } from "../http/errors.ts";

/** How long one question about usage may keep the database busy, in milliseconds. */
const LONGEST_MS = 10_000;

/** A question about a project's usage. Throws `usage_too_much` where it takes the database too long. */
export async function inTime<T>(
  database: DatabaseAccess,
  projectId: string,
  ask: (trx: Trx) => Promise<T>,
): Promise<T> {
  try {
    return await database.inProject(
      projectId,
      async (trx) => {
        await sql`select set_config('statement_timeout', ${String(LONGEST_MS)}, true)`.execute(trx);
        return ask(trx);
      },
      { isRepeatable: true },
    );
  } catch (error) {
    if (isCancelled(error)) throw easelError("usage_too_much");
    throw error;
  }
}

/** PostgreSQL's query_canceled. */
function isCancelled(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "57014";
}
