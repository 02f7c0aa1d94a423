import { sql } from "kysely";
import type { DatabaseAccess, Handle } from "../database/database.ts";

/** The usage record is kept in a table for each day of UTC: they come ahead of their rows, and leave whole. */
export interface UsageDays {
  /** Makes the days of these times, where they are not there. */
  ensure(times: Iterable<number>): Promise<void>;
  /** A day that was there is not there any more. */
  forget(): void;
  /** Makes the days to come and drops those that are over their time; where another process is at it, does nothing. */
  tend(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Days made ahead of their first row. */
const AHEAD = 3;
/** Days known to be there; more only where a clock jumps. */
const KNOWN = 100;
/** Who tends, as a key of PostgreSQL's advisory locks. Any number that nothing else of Easel's uses. */
const TENDING = 7_361_907;

export function createUsageDays(parts: {
  database: DatabaseAccess;
  clock: () => number;
  /** How many whole days are kept. */
  keepDays: number;
}): UsageDays {
  const { database, clock, keepDays } = parts;
  const known = new Set<number>();

  const make = async (day: number): Promise<void> => {
    await database.retrying((db) => sql`select make_usage_day(${dateOf(day)}::date)`.execute(db));
    if (known.size >= KNOWN) known.clear();
    known.add(day);
  };

  const tendAlone = async (db: Handle): Promise<void> => {
    const today = Math.floor(clock() / DAY_MS);
    for (let day = today; day <= today + AHEAD; day += 1) await make(day);
    for (const day of await daysBefore(db, dateOf(today - keepDays))) await drop(db, day);
  };

  return {
    ensure: async (times) => {
      const days = new Set<number>();
      for (const at of times) if (Number.isFinite(at)) days.add(Math.floor(at / DAY_MS));
      for (const day of days) if (!known.has(day)) await make(day);
    },
    forget: () => known.clear(),
    tend: () =>
      // The lock belongs to the connection: it goes with a process that dies.
      database.db.connection().execute(async (db) => {
        const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${TENDING}) as mine`.execute(db);
        if (rows[0]?.mine !== true) return;
        try {
          await tendAlone(db);
        } finally {
          await sql`select pg_advisory_unlock(${TENDING})`.execute(db);
        }
      }),
  };
}

interface Day {
  readonly name: string;
  /** `pending`: detaching it was interrupted. `detached`: only dropping it was. */
  readonly state: "attached" | "pending" | "detached";
}

/** From PostgreSQL's catalogue, the oldest first. */
async function daysBefore(db: Handle, date: string): Promise<readonly Day[]> {
  const { rows } = await sql<Day>`
    select relname as name,
      case when inhrelid is null then 'detached' when inhdetachpending then 'pending' else 'attached' end as state
    from pg_class left join pg_inherits on inhrelid = pg_class.oid
    where relkind = 'r' and relname ~ '^usage_\\d{8}$' and relnamespace = (
        select relnamespace from pg_class whole where whole.oid = 'usage'::regclass)
      and relname < ${`usage_${date.replaceAll("-", "")}`}
    order by relname`.execute(db);
  return rows;
}

/** Without keeping readers out: what has begun to read goes on, and is waited for. */
async function drop(db: Handle, { name, state }: Day): Promise<void> {
  const table = sql.id(name);
  if (state === "attached") await sql`alter table usage detach partition ${table} concurrently`.execute(db);
  if (state === "pending") await sql`alter table usage detach partition ${table} finalize`.execute(db);
  await sql`drop table ${table}`.execute(db);
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
