import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";

/** Every query here is by primary key. All times are the database's, so that processes need not agree on one. */

export interface SessionRow {
  readonly generation: number;
  readonly sealed: Buffer | null;
  /** How long a call may still begin with the session, in milliseconds; null without a session. */
  readonly remainingMs: number | null;
  readonly failure: { code: string; params: Record<string, string>; concerns: string } | null;
  /** How long ago the last sign-in failed, in milliseconds. */
  readonly failedAgoMs: number | null;
  /** In how many milliseconds it is to be renewed, which may be in the past; null without a session. */
  readonly renewInMs: number | null;
  /** Somebody signs in: where there is a session, to renew it. */
  readonly isLeased: boolean;
}

/** A session that Tableau ended this soon after its sign-in was taken over by somebody else's, if its method is exclusive. */
const YOUNG = "30 seconds";
/** So many of them within `YOUNG` mean that the token is used somewhere else. */
const CONTESTED_AT = 3;
/** With no further one for so long, the token counts as ours again. */
const QUIET = "2 minutes";
/** While contested: one sign-in per this many seconds, and so many at once after a pause. */
const SIGN_IN_EVERY_S = 2;
const SIGN_IN_BURST = 10;
/** With the look of those who wait, and a sign-in, whoever holds it is given up for dead within 5 s. */
export const LEASE = "3 seconds";

export const isContested = sql<boolean>`(contested_at is not null and contested_at > clock_timestamp() - interval ${sql.lit(QUIET)})`;

export async function readSession(database: DatabaseAccess, identity: string): Promise<SessionRow | undefined> {
  const row = await database.retrying((db) =>
    db
      .selectFrom("sessions")
      .select([
        "generation",
        "sealed",
        "failure",
        // Not used by any process for longer than its server bears is gone, too.
        sql<number | null>`extract(epoch from
          least(expires_at, used_at + idle_ms * interval '1 millisecond') - clock_timestamp())::float8 * 1000`.as(
          "remaining_ms",
        ),
        sql<number | null>`extract(epoch from renew_at - clock_timestamp())::float8 * 1000`.as("renew_in_ms"),
        sql<boolean>`coalesce(lease_until > clock_timestamp(), false)`.as("is_leased"),
        sql<number | null>`extract(epoch from clock_timestamp() - failed_at)::float8 * 1000`.as("failed_ago_ms"),
      ])
      .where("identity", "=", identity)
      .executeTakeFirst(),
  );
  return (
    row && {
      generation: Number(row.generation),
      sealed: row.sealed,
      remainingMs: row.sealed === null ? null : row.remaining_ms,
      failure: row.failure as SessionRow["failure"],
      failedAgoMs: row.failed_ago_ms,
      renewInMs: row.sealed === null ? null : row.renew_in_ms,
      isLeased: row.is_leased,
    }
  );
}

export type LeaseResult =
  | { readonly kind: "taken" }
  /** Somebody else signs in, or has signed in meanwhile. */
  | { readonly kind: "held" }
  /** The token is contested and has used up its sign-ins for now. */
  | { readonly kind: "contested" };

/** Takes the right to sign in, where nobody holds it and nothing has changed since `generation` was read. */
export async function takeLease(
  database: DatabaseAccess,
  identity: string,
  generation: number,
  owner: string,
): Promise<LeaseResult> {
  const allowance = sql<number>`least(${sql.lit(SIGN_IN_BURST)}::real,
    s.allowance + extract(epoch from clock_timestamp() - s.allowance_at)::real / ${sql.lit(SIGN_IN_EVERY_S)})`;
  const { rows } = await database.retrying(async (db) => {
    await sql`insert into sessions (identity) values (${identity}) on conflict (identity) do nothing`.execute(db);
    return sql<{ taken: boolean; allowed: boolean }>`
      with candidate as (
        select identity, ${isContested} as contested, ${allowance} as allowance
        from sessions s
        where identity = ${identity} and generation = ${generation}
          and (sealed is null or least(expires_at, used_at + idle_ms * interval '1 millisecond') <= clock_timestamp())
          and (lease_until is null or lease_until <= clock_timestamp() or lease_owner = ${owner})
        for update
      ), leased as (
        update sessions s set lease_owner = ${owner}, lease_until = clock_timestamp() + interval ${sql.lit(LEASE)},
          failure = null, failed_at = null,
          allowance = case when c.contested then c.allowance - 1 else ${sql.lit(SIGN_IN_BURST)} end,
          allowance_at = clock_timestamp()
        from candidate c where s.identity = c.identity and (not c.contested or c.allowance >= 1) returning 1
      )
      select exists (select from leased) as taken,
        coalesce((select not contested or allowance >= 1 from candidate), true) as allowed`.execute(db);
  });
  const row = rows[0];
  if (row?.taken === true) return { kind: "taken" };
  return { kind: row?.allowed === false ? "contested" : "held" };
}

/** False where the lease was lost: this process was too slow, and another may be signing in. */
export async function renewLease(database: DatabaseAccess, identity: string, owner: string): Promise<boolean> {
  const result = await database.retrying((db) =>
    db
      .updateTable("sessions")
      .set({ lease_until: sql<Date>`clock_timestamp() + interval ${sql.lit(LEASE)}` })
      .where("identity", "=", identity)
      .where("lease_owner", "=", owner)
      .executeTakeFirst(),
  );
  return result.numUpdatedRows > 0n;
}

export interface NewSession {
  readonly identity: string;
  readonly owner: string;
  readonly sealed: Buffer;
  readonly serverUrl: string;
  /** How long calls may begin with it, when it is to be renewed, and how long it may stay unused; in milliseconds. */
  readonly usableMs: number;
  readonly renewInMs: number;
  readonly idleMs: number;
}

/** Stores the new session and gives the lease back. Null where the lease was lost meanwhile; else the new generation. */
export async function storeSession(database: DatabaseAccess, session: NewSession): Promise<number | null> {
  const inMs = (ms: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`;
  return database.transaction(async (trx) => {
    const row = await trx
      .updateTable("sessions")
      .set({
        generation: sql<string>`nextval('session_generations')`,
        sealed: session.sealed,
        signed_in_at: sql<Date>`clock_timestamp()`,
        expires_at: inMs(session.usableMs),
        renew_at: inMs(session.renewInMs),
        idle_ms: String(Math.round(session.idleMs)),
        used_at: sql<Date>`clock_timestamp()`,
        streaming_until: null,
        server_url: session.serverUrl,
        lease_owner: null,
        lease_until: null,
        failure: null,
        failed_at: null,
        updated_at: sql<Date>`now()`,
      })
      .where("identity", "=", session.identity)
      .where("lease_owner", "=", session.owner)
      .returning("generation")
      .executeTakeFirst();
    if (row === undefined) return null;
    await announce(trx, `session:${session.identity}`);
    return Number(row.generation);
  });
}

/** Says why the sign-in failed to those who wait for it, and gives the lease back. */
export async function storeFailure(
  database: DatabaseAccess,
  identity: string,
  owner: string,
  failure: NonNullable<SessionRow["failure"]> | null,
): Promise<void> {
  const store = async (trx: Trx): Promise<void> => {
    await trx
      .updateTable("sessions")
      .set({
        failure: failure === null ? null : JSON.stringify(failure),
        failed_at: failure === null ? null : sql<Date>`clock_timestamp()`,
        lease_owner: null,
        lease_until: null,
        updated_at: sql<Date>`now()`,
      })
      .where("identity", "=", identity)
      .where("lease_owner", "=", owner)
      .execute();
    await announce(trx, `session:${identity}`);
  };
  await database.transaction(store, { isRepeatable: true });
}

/** A session that Tableau had ended before its time. */
export interface Death {
  readonly serverUrl: string;
  /** Since its sign-in, and since any process last said that it used it. */
  readonly ageMs: number;
  readonly idleMs: number;
  readonly isContested: boolean;
}

/**
 * Drops exactly the session of this generation, and counts it where it was young and its method exclusive. Null where it
 * had been dropped or replaced before. `onContest` runs in the same transaction, where a contest begins with it.
 */
export async function dropSession(
  database: DatabaseAccess,
  session: { identity: string; generation: number; isExclusive: boolean },
  onContest: (trx: Trx, identities: readonly string[]) => Promise<void>,
): Promise<Death | null> {
  const { identity, generation, isExclusive } = session;
  const kills = sql`(select coalesce(array_agg(k), '{}') from unnest(young_kills || clock_timestamp()) k
    where k > clock_timestamp() - interval ${sql.lit(YOUNG)})`;
  const isYoungKill = sql`(${isExclusive} and s.signed_in_at > clock_timestamp() - interval ${sql.lit(YOUNG)})`;
  const isContest = sql`(${isYoungKill} and (${isContested} or cardinality(${kills}) >= ${sql.lit(CONTESTED_AT)}))`;
  const drop = async (trx: Trx): Promise<Death | null> => {
    const { rows } = await sql<Dropped>`
      with old as (
        select identity as id, contest_since is null as was_quiet,
          extract(epoch from clock_timestamp() - signed_in_at)::float8 * 1000 as age_ms,
          extract(epoch from clock_timestamp() - coalesce(used_at, signed_in_at))::float8 * 1000 as idle_ms
        from sessions where identity = ${identity} and generation = ${generation} and sealed is not null for update
      )
      update sessions s set sealed = null,
        young_kills = case when ${isYoungKill} then ${kills} else young_kills end,
        contested_at = case when ${isContest} then clock_timestamp() else contested_at end,
        contest_since = case when ${isContest} then coalesce(contest_since, clock_timestamp()) else contest_since end,
        updated_at = now()
      from old where identity = old.id
      returning s.server_url, old.age_ms, old.idle_ms as unused_ms, contest_since is not null as is_contested,
        old.was_quiet and contest_since is not null as contest_began`.execute(trx);
    const row = rows[0];
    if (row === undefined) return null;
    await announce(trx, `session:${identity}`);
    if (row.contest_began) await onContest(trx, [identity]);
    return {
      serverUrl: row.server_url,
      ageMs: row.age_ms,
      idleMs: row.unused_ms,
      isContested: row.is_contested,
    };
  };
  return database.transaction(drop, { isRepeatable: true });
}

interface Dropped {
  readonly server_url: string;
  readonly age_ms: number;
  readonly unused_ms: number;
  readonly is_contested: boolean;
  readonly contest_began: boolean;
}

/**
 * Ends contests that have been quiet for long enough; `onSettled` runs in the same transaction. Index sessions_contests.
 * Several processes may come at once: each takes others.
 */
export async function settleContests(
  database: DatabaseAccess,
  atOnce: number,
  onSettled: (trx: Trx, identities: readonly string[]) => Promise<void>,
): Promise<void> {
  await database.transaction(async (trx) => {
    const { rows } = await sql<{ identity: string }>`
      update sessions set contest_since = null where identity in (
        select identity from sessions
        where contest_since is not null and contested_at <= clock_timestamp() - interval ${sql.lit(QUIET)}
        order by contested_at limit ${atOnce} for update skip locked)
      returning identity`.execute(trx);
    if (rows.length > 0)
      await onSettled(
        trx,
        rows.map(({ identity }) => identity),
      );
  });
}

/** Which of these identities are contested now. By primary key. */
export async function contestedAmong(database: DatabaseAccess, identities: readonly string[]): Promise<Set<string>> {
  if (identities.length === 0) return new Set();
  const rows = await database.retrying((db) =>
    db.selectFrom("sessions").select("identity").where("identity", "in", identities).where(isContested).execute(),
  );
  return new Set(rows.map((row) => row.identity));
}

/** Forgets the session for good, e.g. when its credential was disconnected; gives back what was sealed. */
export async function removeSession(database: DatabaseAccess, identity: string): Promise<Buffer | null> {
  return database.transaction(async (trx) => {
    const row = await trx
      .deleteFrom("sessions")
      .where("identity", "=", identity)
      .returning("sealed")
      .executeTakeFirst();
    await announce(trx, `session:${identity}`);
    return row?.sealed ?? null;
  });
}
