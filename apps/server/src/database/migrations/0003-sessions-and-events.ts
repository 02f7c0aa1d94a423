import { type Kysely, sql } from "kysely";
import { tenantWall } from "./tenant-wall.ts";

/** Sessions that are renewed ahead of their end and dropped when idle, tokens kept alive and watched, stored events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...statements, ...tenantWall("events")]) await sql.raw(statement).execute(db);
}

const statements = [
  // When a session in use is renewed, how long its server bears it unused, and when any process last used it.
  `alter table sessions
     add column server_url text not null default '',
     add column renew_at timestamptz,
     add column idle_ms bigint,
     add column used_at timestamptz,
     add column streaming_until timestamptz,
     add column contest_since timestamptz`,
  // What idle sessions and settled contests are looked for by: small, since most rows are in neither.
  `create index sessions_live on sessions (used_at) where sealed is not null`,
  `create index sessions_contests on sessions (contested_at) where contest_since is not null`,

  // How long a server's sessions were seen to live, where that is less than its edition says. Of no project: a server is
  // the same one for all of them. "strike" is the last death that taught nothing yet.
  `create table session_lifetimes (
     server_url text not null,
     kind text not null check (kind in ('age', 'idle')),
     strike_ms bigint not null,
     strike_by text not null,
     strike_at timestamptz not null,
     learnt_ms bigint,
     learnt_at timestamptz,
     primary key (server_url, kind))`,

  `alter table credentials
     add column last_used_at timestamptz,
     add column kept_alive_at timestamptz,
     add column secret_expires_at timestamptz,
     add column secret_read_at timestamptz,
     add column expiry_warned smallint`,
  // What upkeep looks for among credentials with secrets of their own.
  `create index credentials_unused on credentials ((coalesce(last_used_at, created_at))) where identity is not null`,
  `create index credentials_kept_alive on credentials (kept_alive_at) where kept_alive_at is not null`,
  `create index credentials_secret_read on credentials (secret_read_at nulls first) where identity is not null`,
  `create index credentials_expiry on credentials (secret_expires_at) where secret_expires_at is not null`,
  `alter table integrations add column keep_tokens_alive boolean not null default true`,

  // What happened to a project's users, credentials and trusts. Ids grow in the order of the commits within a project
  // (events/store.ts), so that whoever reads on from an id misses nothing.
  `create table events (
     id bigint generated always as identity primary key,
     project_id uuid not null references projects on delete cascade,
     kind text not null,
     user_id uuid,
     credential_id uuid,
     trust_id uuid,
     details jsonb not null default '{}',
     at timestamptz not null default clock_timestamp())`,
  `create index events_project on events (project_id, id)`,
  `create index events_kind on events (project_id, kind, id)`,
  `create index events_user on events (user_id, id) where user_id is not null`,
  `create index events_credential on events (credential_id, id) where credential_id is not null`,
  `create index events_at on events (at)`,
];
