import { type Kysely, sql } from "kysely";
import { tenantWall } from "./tenant-wall.ts";

/** What a project limits its calls to, what of Tableau's budgets was used, and how often sign-ins were tried. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...statements, ...tenantWall("budget_counts")]) await sql.raw(statement).execute(db);
}

const statements = [
  // What differs from the defaults only, so that these can change.
  `alter table projects add column limits jsonb not null default '{}'`,

  // A row for each window of a budget: of a whole site (tableau_user_id is empty), or of one of its users.
  `create table budget_counts (
     project_id uuid not null references projects on delete cascade,
     server_url text not null,
     site text not null,
     budget text not null,
     tableau_user_id text not null default '',
     window_start timestamptz not null,
     window_end timestamptz not null,
     used bigint not null,
     primary key (project_id, window_end, server_url, site, budget, tableau_user_id, window_start))`,
  `create index budget_counts_end on budget_counts (window_end)`,

  // Of no project: whoever guesses may use several. "key" is a hash of whose tries are counted, so that no name is kept.
  `create table sign_in_tries (
     key bytea primary key,
     count integer not null,
     ends_at timestamptz not null)`,
  `create index sign_in_tries_end on sign_in_tries (ends_at)`,
];
