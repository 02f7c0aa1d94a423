import { sql } from "kysely";
import type { DatabaseAccess } from "../database/database.ts";

export type LifetimeKind = "age" | "idle";

/** What was learnt of a server's sessions, and how long ago, in milliseconds. By primary key. */
export async function readLifetimes(
  database: DatabaseAccess,
  serverUrl: string,
): Promise<{ kind: LifetimeKind; learntMs: number; agoMs: number }[]> {
  const rows = await database.retrying((db) =>
    db
      .selectFrom("session_lifetimes")
      .select([
        "kind",
        sql<number>`learnt_ms::float8`.as("learnt_ms"),
        sql<number>`extract(epoch from clock_timestamp() - learnt_at)::float8 * 1000`.as("ago_ms"),
      ])
      .where("server_url", "=", serverUrl)
      .where("learnt_ms", "is not", null)
      .execute(),
  );
  return rows.map(({ kind, learnt_ms: learntMs, ago_ms: agoMs }) => ({ kind, learntMs, agoMs }));
}

export interface Strike {
  readonly serverUrl: string;
  readonly kind: LifetimeKind;
  readonly ms: number;
  /** Whose session it was. */
  readonly identity: string;
  /** Only another one's session can confirm it: this one's may have been ended by a foreign sign-in. */
  readonly needsAnother: boolean;
}

/**
 * Notes that a session died. Two deaths teach: the longer of both lives. A server that was restarted ends all of its
 * sessions at once, so what comes within `apartMs` of the last one counts for the same.
 */
export async function noteStrike(
  database: DatabaseAccess,
  { serverUrl, kind, ms, identity, needsAnother }: Strike,
  { apartMs, keptMs }: { apartMs: number; keptMs: number },
): Promise<void> {
  const ago = (span: number) => sql`clock_timestamp() - make_interval(secs => ${span / 1000})`;
  const confirms = sql`(l.strike_at > ${ago(keptMs)} and (not ${needsAnother} or l.strike_by <> excluded.strike_by))`;
  await database.retrying((db) =>
    sql`insert into session_lifetimes as l (server_url, kind, strike_ms, strike_by, strike_at)
      values (${serverUrl}, ${kind}, ${Math.round(ms)}, ${identity}, clock_timestamp())
      on conflict (server_url, kind) do update set
        learnt_ms = case when ${confirms} then greatest(l.strike_ms, excluded.strike_ms) else l.learnt_ms end,
        learnt_at = case when ${confirms} then clock_timestamp() else l.learnt_at end,
        strike_ms = excluded.strike_ms, strike_by = excluded.strike_by, strike_at = excluded.strike_at
      where l.strike_at < ${ago(apartMs)}`.execute(db),
  );
}
