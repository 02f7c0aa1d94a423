import { sql } from "kysely";
import type { DatabaseAccess } from "./database.ts";

const EVERY_MS = 3_600_000;

/** Prunes once an hour, in each process; a second one finds nothing left. */
export function startPruning(database: DatabaseAccess, onError: (error: unknown) => void): { close(): void } {
  const timer = setInterval(() => void prune(database).catch(onError), EVERY_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/**
 * Removes what nothing will ask for again: changes that every process has heard long ago (index changes_created), and
 * the rows of sessions that ended and were not begun anew (index sessions_updated), and the names of batches of usage
 * rows that nobody still tries to write (index usage_batches_at), and counts whose time is over (indexes budget_counts_end
 * and sign_in_tries_end).
 */
export async function prune(database: DatabaseAccess): Promise<void> {
  await database.retrying((db) => sql`delete from changes where created_at < now() - interval '1 hour'`.execute(db));
  await database.retrying((db) =>
    sql`delete from sessions where updated_at < now() - interval '7 days'
      and (expires_at is null or expires_at < now()) and (lease_until is null or lease_until < now())`.execute(db),
  );
  // What was learnt of a server longer ago holds no more (sessions/lifetimes.ts). A row or two a server.
  await database.retrying((db) =>
    sql`delete from session_lifetimes where strike_at < now() - interval '30 days'`.execute(db),
  );
  await database.retrying((db) => sql`delete from usage_batches where at < now() - interval '1 day'`.execute(db));
  await database.retrying((db) =>
    sql`delete from budget_counts where window_end < now() - interval '1 day'`.execute(db),
  );
  await database.retrying((db) => sql`delete from sign_in_tries where ends_at < now()`.execute(db));
}
