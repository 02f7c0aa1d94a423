import { sql } from "kysely";
import type { DatabaseAccess } from "./database.ts";

/** Removes what only mattered for a while, so that no table grows for ever. */
export interface Sweeping {
  close(): void;
}

const SWEEP_EVERY_MS = 600_000;
/** Listeners read changes within seconds, and forget everything when they come back from a longer absence. */
const CHANGES_KEPT = "1 hour";
/** Beyond the longest session, and far beyond the minutes for which a contest is remembered. */
const SESSIONS_KEPT = "1 day";

/** Sweeps every ten minutes; which process does it, and whether several do, makes no difference. */
export function startSweeping(database: DatabaseAccess, onError: (error: unknown) => void): Sweeping {
  const timer = setInterval(() => void sweep(database).catch(onError), SWEEP_EVERY_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

/** Once. Both by a whole scan: what is swept is most of what is there. */
export async function sweep(database: DatabaseAccess): Promise<void> {
  await database.retrying((db) =>
    db
      .deleteFrom("changes")
      .where("created_at", "<", sql<Date>`now() - interval ${sql.lit(CHANGES_KEPT)}`)
      .execute(),
  );
  await database.retrying((db) =>
    db
      .deleteFrom("sessions")
      .where("updated_at", "<", sql<Date>`now() - interval ${sql.lit(SESSIONS_KEPT)}`)
      .where(sql<boolean>`coalesce(expires_at, '-infinity') < now() and coalesce(lease_until, '-infinity') < now()`)
      .execute(),
  );
}
