import { sql } from "kysely";
import type { DatabaseAccess } from "../database/database.ts";
import type { SessionMemory } from "./memory.ts";
import type { Session } from "./session.ts";

/** A process tells the others that it uses a session, at most so often: the use of a session costs no query. */
const TOLD_EVERY_MS = 5 * 60_000;
/** Told by one statement at most. */
const TOLD_AT_ONCE = 5000;
/** What a process has not used for so long leaves its memory, and is read again if it is used after all. */
const MEMORY_MS = 10 * 60_000;
/** Dropped from the database by one statement at most. */
const DROPPED_AT_ONCE = 5000;

/**
 * Tells which sessions are in use, and lets go of those that are not: from memory soon, from the database when Tableau
 * will have ended them, so that nobody meets their 401. Nobody is signed out: that is for who disconnects.
 */
export async function tendIdle(database: DatabaseAccess, memory: SessionMemory, now: number): Promise<void> {
  const used: Session[] = [];
  for (const session of memory.all()) {
    if (now - Math.max(session.provenAt, session.keptAt) > MEMORY_MS && session.streams === 0) memory.forget(session);
    else if (session.provenAt > session.toldUsedAt && now - session.toldUsedAt > TOLD_EVERY_MS) used.push(session);
  }
  for (let from = 0; from < used.length; from += TOLD_AT_ONCE) {
    const some = used.slice(from, from + TOLD_AT_ONCE);
    await tellUsed(database, some, now);
    for (const session of some) session.toldUsedAt = now;
  }
  while (await dropIdle(database)) {
    // The next piece.
  }
}

/** By primary key. */
async function tellUsed(database: DatabaseAccess, sessions: readonly Session[], now: number): Promise<void> {
  const rows = sessions.map(({ identity, generation, provenAt }) => ({ identity, generation, ago: now - provenAt }));
  await database.retrying((db) =>
    sql`update sessions s
      set used_at = greatest(used_at, clock_timestamp() - make_interval(secs => u.ago / 1000))
      from json_to_recordset(${JSON.stringify(rows)}::json) as u (identity text, generation bigint, ago float8)
      where s.identity = u.identity and s.generation = u.generation and s.sealed is not null`.execute(db),
  );
}

/** Index sessions_live. Processes that come at once take others. True where there is more. */
async function dropIdle(database: DatabaseAccess): Promise<boolean> {
  const { numAffectedRows } = await database.retrying((db) =>
    sql`update sessions set sealed = null, updated_at = now() where identity in (
      select identity from sessions
      where sealed is not null and used_at < clock_timestamp() - make_interval(secs => ${MEMORY_MS / 1000})
        and least(expires_at, used_at + idle_ms * interval '1 millisecond') < clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
      order by used_at limit ${DROPPED_AT_ONCE} for update skip locked)`.execute(db),
  );
  return numAffectedRows === BigInt(DROPPED_AT_ONCE);
}
