import { type Kysely, sql } from "kysely";
import { tenantWall } from "./tenant-wall.ts";

/** What Tableau clients hold that come through Easel: keys of machines, and sessions that were signed in to with a key or a user token. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const walls = ["client_keys", "client_sessions"].flatMap((table) => tenantWall(table));
  for (const statement of [...statements, ...walls]) await sql.raw(statement).execute(db);
}

const statements = [
  // "hash" is a SHA-256: a key of 256 random bits needs no slow one.
  `create table client_keys (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     credential_id uuid not null references credentials on delete cascade,
     name text not null,
     hash bytea not null unique,
     created_at timestamptz not null default now(),
     expires_at timestamptz,
     revoked_at timestamptz,
     last_used_at timestamptz)`,
  `create index client_keys_credential on client_keys (credential_id, created_at)`,
  `create index client_keys_project on client_keys (project_id)`,
  // What keys that are over are looked for by, to remove them in the end.
  `create index client_keys_over on client_keys (least(revoked_at, expires_at))
     where revoked_at is not null or expires_at is not null`,

  // "signing_key_id" or "client_key_id" is what the session ends with; "claims" are those of the user token: json, since
  // they may hold texts that jsonb does not take.
  `create table client_sessions (
     hash bytea primary key,
     project_id uuid not null references projects on delete cascade,
     credential_id uuid not null references credentials on delete cascade,
     client_key_id uuid references client_keys on delete cascade,
     signing_key_id uuid,
     claims json not null default '{}',
     created_at timestamptz not null default now(),
     expires_at timestamptz,
     last_used_at timestamptz not null default now())`,
  `create index client_sessions_credential on client_sessions (credential_id, last_used_at)`,
  `create index client_sessions_key on client_sessions (client_key_id) where client_key_id is not null`,
  `create index client_sessions_project on client_sessions (project_id)`,
  `create index client_sessions_used on client_sessions (last_used_at)`,
  `create index client_sessions_expiry on client_sessions (expires_at) where expires_at is not null`,
];
