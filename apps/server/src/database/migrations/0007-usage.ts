import { type Kysely, sql } from "kysely";

/**
 * The usage record, whole: what more a row says, an index for each way in which rows are looked for, days by UTC wherever
 * the database stands, and batches that are written once however often they are sent.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table usage
     add column retries smallint not null default 0,
     add column upstream_ms integer,
     add column door text not null default 'sdk',
     add column organisation text`,

  // "only": days that are there already would be locked while their indexes are built. They do without, and leave by age;
  // every day that is made from now on has them (make_usage_day).
  `create index usage_user on only usage (user_id, at desc)`,
  `create index usage_credential on only usage (credential_id, at desc)`,
  `create index usage_route on only usage (project_id, route, at desc)`,
  // Of what most calls are not: small, and quick to look through for the one among them.
  `create index usage_status on only usage (project_id, at desc, status) where status <> 200`,
  `create index usage_method on only usage (project_id, at desc, method) where method <> 'GET'`,
  `create index usage_slow on only usage (project_id, at desc, ms) where ms >= 500`,
  `create index usage_renewed on only usage (project_id, at desc) where renewed`,

  // The name of a batch, written with its rows: sent again after a lost commit it adds nothing.
  `create table usage_batches (id uuid primary key, at timestamptz not null default now())`,
  `create index usage_batches_at on usage_batches (at)`,

  // Attached, not made as a partition: that would lock out whoever reads. Nobody but the owner may read a day by itself,
  // since the tenants' policy stands on the whole.
  `create function make_usage_day(day date) returns void language plpgsql set timezone to 'UTC' set lock_timeout to '2s' as $$
   declare
     name text := 'usage_' || to_char(day, 'YYYYMMDD');
   begin
     perform pg_advisory_xact_lock(hashtext('easel usage days'));
     if to_regclass(name) is not null then return; end if;
     execute format('create table %I (like usage including defaults including indexes)', name);
     execute format('alter table %I enable row level security', name);
     execute format('revoke all on %I from public, easel_tenant', name);
     execute format('alter table usage attach partition %I for values from (%L) to (%L)', name, day, day + 1);
   end $$`,
  `revoke execute on function make_usage_day from public`,

  // Until now a day began at midnight of the database's time zone. Empty ones go and are made anew; one that holds rows
  // stays where it is a day of UTC, else its rows move.
  `do $$
   declare
     part regclass;
     bound text;
     holds_rows boolean;
     day date;
     moving regclass[] := '{}';
   begin
     set local timezone to 'UTC';
     for part, bound in
       select c.oid, pg_get_expr(c.relpartbound, c.oid)
       from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'usage'::regclass
     loop
       execute format('select exists (select from %s)', part) into holds_rows;
       if not holds_rows then
         execute format('drop table %s', part);
       elsif bound !~ '^FOR VALUES FROM \\(''\\d+-\\d+-\\d+ 00:00:00\\+00''\\)' then
         execute format('alter table usage detach partition %s', part);
         execute format('alter table %s rename to %I', part, 'moving_' || part::oid);
         moving := moving || part;
       else
         execute format('alter table %s enable row level security', part);
       end if;
     end loop;
     foreach part in array moving loop
       for day in execute format('select distinct at::date from %s', part) loop
         perform make_usage_day(day);
       end loop;
       execute format('insert into usage select * from %s', part);
       execute format('drop table %s', part);
     end loop;
   end $$`,
];
