/**
 * The statements that wall off a table of a project's data for the role `easel_tenant`, under which `inProject` runs: a
 * query that forgets its project finds nothing.
 */
export function tenantWall(table: string, projectColumn = "project_id"): string[] {
  return [
    `alter table ${table} enable row level security`,
    `create policy tenant on ${table} to easel_tenant
       using (${projectColumn} = nullif(current_setting('easel.project_id', true), '')::uuid)
       with check (${projectColumn} = nullif(current_setting('easel.project_id', true), '')::uuid)`,
    `grant select, insert, update, delete on ${table} to easel_tenant`,
  ];
}
