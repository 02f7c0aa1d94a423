import { type Kysely, sql } from "kysely";
import { tenantWall } from "./tenant-wall.ts";

/** Organisations with trusts of their own, trusts without a secret, a second secret, and the keys of Easel as an issuer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const walls = ["organisations", "issuer_keys"].flatMap((table) => tenantWall(table));
  for (const statement of [...statements, ...walls]) await sql.raw(statement).execute(db);
}

const statements = [
  // A customer of the SaaS, by what its users' tokens say. Made when its trust is set up, and not before.
  `create table organisations (
     id uuid primary key default gen_random_uuid(),
     project_id uuid not null references projects on delete cascade,
     name text not null,
     created_at timestamptz not null default now(),
     unique (project_id, name))`,

  // A trust is the project's, or an organisation's; of each one per integration. The spare secret waits for a rotation.
  `alter table trusts
     drop constraint trusts_integration_id_key,
     add column organisation_id uuid references organisations on delete cascade,
     add column kind text not null default 'connectedApp' check (kind in ('connectedApp', 'issuer', 'uat')),
     add column issuer text,
     add column key_id text,
     add column tenant_id text,
     add column user_claim text,
     add column spare_secret_id text,
     add column spare_value bytea,
     add column spare_added_at timestamptz,
     add column set_by text,
     alter column client_id drop not null,
     alter column secret_id drop not null,
     alter column secret_value drop not null,
     add check (case kind
       when 'connectedApp' then client_id is not null and secret_id is not null and secret_value is not null
       when 'issuer' then issuer is not null
       else issuer is not null and key_id is not null and tenant_id is not null and user_claim is not null
         and secret_value is not null end),
     add check ((spare_secret_id is null) = (spare_value is null))`,
  `create unique index trusts_of_integration on trusts (integration_id) where organisation_id is null`,
  `create unique index trusts_of_organisation on trusts (organisation_id, integration_id) where organisation_id is not null`,

  `alter table integrations
     add column organisation_claim text not null default 'org',
     add column connects_by_itself boolean not null default false`,
  // Whose trust a credential signs in by, for machines that use it without a user token.
  `alter table credentials add column organisation text`,

  // What Easel signs with as an external authorization server. Published from the start, also before and after it signs.
  `create table issuer_keys (
     id uuid primary key,
     project_id uuid not null references projects on delete cascade,
     public_jwk jsonb not null,
     private_key bytea not null,
     signs_from timestamptz not null,
     signs_until timestamptz not null,
     published_until timestamptz not null)`,
  `create index issuer_keys_project on issuer_keys (project_id, signs_from)`,
  `create index issuer_keys_end on issuer_keys (signs_until)`,
];
