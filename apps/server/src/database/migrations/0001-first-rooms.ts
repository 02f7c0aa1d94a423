import { type Kysely, sql } from "kysely";
import { tenantWall } from "./tenant-wall.ts";

/**
 * The first tables. Every table that belongs to a project has row-level security for the role `easel_tenant`, under which
 * `inProject` runs: a query that forgets its project finds nothing. The owner of the tables is not bound by it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const walls = tenantTables.flatMap((table) => tenantWall(table));
  for (const statement of [...statements, ...walls, ...tenantWall("projects", "id")])
    await sql.raw(statement).execute(db);
}

const tenantTables = [
  "signing_keys",
  "api_keys",
  "rejected_tokens",
  "users",
  "integrations",
  "trusts",
  "credentials",
  "installs",
  "usage",
];

/** For a user without CREATEROLE. PL/pgSQL fills in `%`. */
function refuseRole(before: string): string {
  return `raise exception 'Run this once as an administrator of the database server: ${before}grant easel_tenant to %;', quote_ident(current_user)`;
}

const statements = [
  // Roles belong to the whole cluster, so another database of it may have made this one already.
  `do $$ begin
     if not exists (select from pg_roles where rolname = 'easel_tenant') then create role easel_tenant nologin; end if;
   exception
     when duplicate_object or unique_violation then null;
     when insufficient_privilege then ${refuseRole("create role easel_tenant nologin; ")};
   end $$`,
  // Granted even to who made it: from PostgreSQL 16 on, that alone does not let a role be taken ("createrole_self_grant").
  `do $$ begin
     execute format('grant easel_tenant to %I', current_user);
   exception when insufficient_privilege then
     if not pg_has_role(current_user, 'easel_tenant', 'member') then ${refuseRole("")}; end if;
   end $$`,

  `create table instance_secrets (name text primary key, sealed bytea not null)`,

  `create table projects (
     id uuid primary key default gen_random_uuid(),
     name text not null,
     environment text not null default 'development' check (environment in ('development', 'staging', 'production')),
     allowed_origins text[] not null default '{}',
     require_audience boolean not null default false,
     accent_color text,
     logo_url text,
     data_key bytea not null,
     is_demo boolean not null default false,
     created_at timestamptz not null default now())`,

  `create table signing_keys (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     algorithm text not null check (algorithm in ('RS256', 'ES256')),
     public_key text not null,
     fingerprint text not null unique,
     created_at timestamptz not null default now(),
     disabled_at timestamptz)`,
  `create index signing_keys_project on signing_keys (project_id)`,

  `create table api_keys (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     name text not null,
     role text not null check (role in ('admin', 'member', 'support')),
     hash bytea not null unique,
     created_at timestamptz not null default now(),
     revoked_at timestamptz)`,
  `create index api_keys_project on api_keys (project_id)`,

  `create table rejected_tokens (
     project_id uuid primary key references projects on delete cascade,
     header jsonb, claims jsonb, code text not null, reason text not null,
     rejected_at timestamptz not null default now())`,

  `create table users (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     subject text not null,
     meta jsonb not null default '{}',
     created_at timestamptz not null default now(),
     disabled_at timestamptz,
     unique (project_id, subject))`,

  `create table integrations (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     connector text not null,
     is_active boolean not null default true,
     permissions text[] not null,
     methods text[],
     server_url text,
     site text,
     username_claim text not null default 'tableau.username',
     may_mint_credentials boolean not null default false,
     description text not null default '',
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now(),
     unique (project_id, connector))`,

  // The keys with which Easel may sign in as people on one site: here the project's own, from the settings page.
  `create table trusts (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     integration_id uuid not null unique references integrations on delete cascade,
     client_id text not null,
     secret_id text not null,
     secret_value bytea not null,
     server_url text not null,
     site text not null,
     broken_code text, broken_reason text, broken_at timestamptz,
     secret_set_at timestamptz not null default now(),
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now())`,
  `create index trusts_project on trusts (project_id)`,

  `create table credentials (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     integration_id uuid not null references integrations on delete cascade,
     user_id uuid not null references users on delete cascade,
     external_id text,
     method text not null,
     server_url text not null,
     site text not null,
     api_version text not null,
     site_id text not null,
     tableau_user_id text not null,
     username text,
     secrets bytea,
     identity text,
     status text not null default 'VALID' check (status in ('VALID', 'INVALID')),
     reason_code text, reason text, reason_action text,
     refused_at timestamptz,
     config jsonb not null default '{}',
     configuration_id uuid not null default gen_random_uuid(),
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now(),
     unique (integration_id, user_id, external_id))`,
  `create index credentials_user on credentials (user_id)`,
  `create index credentials_project on credentials (project_id)`,
  `create index credentials_identity on credentials (identity)`,

  // A popup sign-in of the headless flow: the SDK polls by its own key, the hosted form holds a one-time code.
  `create table installs (
     key text not null,
     project_id uuid not null references projects on delete cascade,
     user_id uuid not null references users on delete cascade,
     integration_id uuid not null references integrations on delete cascade,
     code_hash bytea unique,
     claims jsonb not null,
     options jsonb not null default '{}',
     origin text,
     credential_id uuid,
     expires_at timestamptz not null,
     primary key (project_id, key))`,
  `create index installs_expiry on installs (expires_at)`,

  // Belongs to no project: one live session in the world per sign-in identity, whoever connected it.
  // Generations come from one sequence and never come twice, also where the row was removed and made anew.
  `create sequence session_generations`,
  `create table sessions (
     identity text primary key,
     generation bigint not null default 0,
     sealed bytea,
     signed_in_at timestamptz,
     expires_at timestamptz,
     lease_owner uuid,
     lease_until timestamptz,
     failure jsonb,
     failed_at timestamptz,
     young_kills timestamptz[] not null default '{}',
     contested_at timestamptz,
     allowance real not null default 10,
     allowance_at timestamptz not null default now(),
     updated_at timestamptz not null default now())`,
  `create index sessions_updated on sessions (updated_at)`,

  `create table changes (
     id bigint generated always as identity primary key,
     topic text not null,
     created_at timestamptz not null default now())`,
  `create index changes_created on changes (created_at)`,
  `create function announce_change() returns trigger language plpgsql as $$
     begin perform pg_notify('easel_changes', new.id || ' ' || new.topic); return null; end $$`,
  `create trigger changes_announce after insert on changes for each row execute function announce_change()`,

  // What is announced names other projects' users: a tenant reads the ids of what it writes, and no more.
  `grant insert, select (id) on changes to easel_tenant`,

  `create table usage (
     at timestamptz not null,
     project_id uuid not null,
     user_id uuid not null,
     credential_id uuid not null,
     method text not null,
     route text not null,
     status smallint not null,
     ms integer not null,
     bytes_in bigint not null,
     bytes_out bigint not null,
     attempts smallint not null,
     renewed boolean not null,
     request_id text not null) partition by range (at)`,
  `create index usage_project on usage (project_id, at desc)`,

  `create table first_run_links (
     hash bytea primary key,
     project_id uuid not null references projects on delete cascade,
     expires_at timestamptz not null,
     used_at timestamptz)`,
  // One row for ever: whether somebody has claimed this instance.
  `create table instance_claim (only_row boolean primary key default true check (only_row), claimed_at timestamptz not null default now())`,
];
