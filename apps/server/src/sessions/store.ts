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
const LEASE = "5 seconds";

const isContested = sql<boolean>`(contested_at is not null and contested_at > clock_timestamp() - interval ${sql.lit(QUIET)})`;

export async function readSession(database: DatabaseAccess, identity: string): Promise<SessionRow | undefined> {
  const row = await database.retrying((db) =>
    db
      .selectFrom("sessions")
      .select([
        "generation",
        "sealed",
        "failure",
        sql<number | null>`extract(epoch from expires_at - clock_timestamp())::float8 * 1000`.as("remaining_ms"),
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
          and (sealed is null or expires_at <= clock_timestamp())
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

/**
 * Stores the new session, usable for `usableMs`, and gives the lease back. Null where the lease was lost meanwhile; else
 * the new generation.
 */
export async function storeSession(
  database: DatabaseAccess,
  session: { identity: string; owner: string; sealed: Buffer; usableMs: number },
): Promise<number | null> {
  return database.transaction(async (trx) => {
    const row = await trx
      .updateTable("sessions")
      .set({
        generation: sql<string>`nextval('session_generations')`,
        sealed: session.sealed,
        signed_in_at: sql<Date>`clock_timestamp()`,
        expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${session.usableMs / 1000})`,
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

/**
 * Drops exactly the session of this generation, and counts it where it was young and its method exclusive. False where
 * it had been dropped or replaced before.
 */
export async function dropSession(
  database: DatabaseAccess,
  identity: string,
  generation: number,
  isExclusive: boolean,
): Promise<boolean> {
  const drop = async (trx: Trx): Promise<boolean> => {
    const kills = sql<Date[]>`(select coalesce(array_agg(k), '{}') from unnest(young_kills || clock_timestamp()) k
      where k > clock_timestamp() - interval ${sql.lit(YOUNG)})`;
    const isYoungKill = sql<boolean>`(${isExclusive} and signed_in_at > clock_timestamp() - interval ${sql.lit(YOUNG)})`;
    const row = await trx
      .updateTable("sessions")
      .set({
        sealed: null,
        young_kills: sql<Date[]>`case when ${isYoungKill} then ${kills} else young_kills end`,
        contested_at: sql<Date>`case when ${isYoungKill} and (${isContested} or cardinality(${kills}) >= ${sql.lit(CONTESTED_AT)})
          then clock_timestamp() else contested_at end`,
        updated_at: sql<Date>`now()`,
      })
      .where("identity", "=", identity)
      .where("generation", "=", String(generation))
      .where("sealed", "is not", null)
      .returning("identity")
      .executeTakeFirst();
    if (row !== undefined) await announce(trx, `session:${identity}`);
    return row !== undefined;
  };
  return database.transaction(drop, { isRepeatable: true });
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
