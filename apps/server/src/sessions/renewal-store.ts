import { sql } from "kysely";
import { announce } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { isContested, LEASE } from "./store.ts";

/** Every query here is by primary key. */

/**
 * Takes the right to renew a session that is still good: others go on with it meanwhile. False where somebody else has
 * it, where the session is not due any more, or where its token is contested: then a sign-in would only be one more.
 */
export async function takeRenewal(
  database: DatabaseAccess,
  {
    identity,
    generation,
    owner,
    againInMs,
  }: { identity: string; generation: number; owner: string; againInMs: number },
): Promise<boolean> {
  return database.transaction(async (trx) => {
    const taken = await trx
      .updateTable("sessions")
      .set({
        lease_owner: owner,
        lease_until: sql<Date>`clock_timestamp() + interval ${sql.lit(LEASE)}`,
        // Whatever becomes of it, and of this process: nobody tries at once again.
        renew_at: sql<Date>`clock_timestamp() + make_interval(secs => ${againInMs / 1000})`,
        failure: null,
        failed_at: null,
      })
      .where("identity", "=", identity)
      .where("generation", "=", String(generation))
      .where("sealed", "is not", null)
      .where(sql<boolean>`renew_at <= clock_timestamp()`)
      .where(sql<boolean>`(lease_until is null or lease_until <= clock_timestamp())`)
      .where(sql<boolean>`(streaming_until is null or streaming_until <= clock_timestamp())`)
      .where(sql<boolean>`not ${isContested}`)
      .returning("identity")
      .executeTakeFirst();
    if (taken !== undefined) await announce(trx, `session:${identity}`);
    return taken !== undefined;
  });
}

/** Has a process said that it sends something with this session which must not be cut? */
export async function isStreaming(database: DatabaseAccess, identity: string): Promise<boolean> {
  const row = await database.retrying((db) =>
    db
      .selectFrom("sessions")
      .select(sql<boolean>`coalesce(streaming_until > clock_timestamp(), false)`.as("is_streaming"))
      .where("identity", "=", identity)
      .executeTakeFirst(),
  );
  return row?.is_streaming === true;
}

/** Says so, for `ms`. */
export async function sayStreaming(
  database: DatabaseAccess,
  { identity, generation, ms }: { identity: string; generation: number; ms: number },
): Promise<void> {
  await database.retrying((db) =>
    db
      .updateTable("sessions")
      .set({ streaming_until: sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})` })
      .where("identity", "=", identity)
      .where("generation", "=", String(generation))
      .execute(),
  );
}

/** Gives the right back, if it is still held, without a renewal; the next try is in `ms`, null for none before the end. */
export async function postponeRenewal(
  database: DatabaseAccess,
  { identity, generation, owner, ms }: { identity: string; generation: number; owner: string; ms: number | null },
): Promise<void> {
  await database.transaction(
    async (trx) => {
      await trx
        .updateTable("sessions")
        .set({
          renew_at:
            ms === null ? sql<Date>`expires_at` : sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`,
        })
        .where("identity", "=", identity)
        .where("generation", "=", String(generation))
        .execute();
      await trx
        .updateTable("sessions")
        .set({ lease_owner: null, lease_until: null })
        .where("identity", "=", identity)
        .where("lease_owner", "=", owner)
        .execute();
      await announce(trx, `session:${identity}`);
    },
    { isRepeatable: true },
  );
}
