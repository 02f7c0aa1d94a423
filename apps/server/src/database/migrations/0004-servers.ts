import { type Kysely, sql } from "kysely";

/**
 * What is known of the Tableau servers and sites that credentials are for. Both tables belong to no project: that a server
 * speaks API 3.27 is so for everyone who is connected there, and no tenant reads them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table servers (
     server_url text primary key,
     edition text not null check (edition in ('cloud', 'server')),
     product_version text not null,
     -- The newest that both the server and Easel speak.
     api_version text not null,
     asked_at timestamptz not null default now(),
     due_at timestamptz not null)`,
  `create index servers_due on servers (due_at)`,

  // When a site was last asked for its content URL, by any process.
  `create table sites (
     server_url text not null,
     site_id text not null,
     asked_at timestamptz not null,
     primary key (server_url, site_id))`,

  // Null: what the server and Easel both speak.
  `alter table integrations add column api_version text check (api_version ~ '^[0-9]{1,2}\\.[0-9]{1,3}$')`,

  // Who is on a server, who is on a site, and a project's credentials page by page: all of them, and the few that are
  // invalid. Nobody has so many yet that building these is felt.
  `create index credentials_site on credentials (server_url, site_id)`,
  `create index credentials_page on credentials (project_id, created_at, id)`,
  `create index credentials_invalid on credentials (project_id, created_at, id) where status = 'INVALID'`,

  // Those that are connected already are asked at once.
  `insert into servers (server_url, edition, product_version, api_version, due_at)
     select server_url, case when server_url like 'https://%.online.tableau.com' then 'cloud' else 'server' end,
       'unknown', max(api_version), now() from credentials group by server_url`,
];
