import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";

/** Of Tableau Server, because these clients create sites, switch between them, and know its default site. */
let sandbox: Sandbox;
let files: string;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, host: "127.0.0.1", edition: "server" });
  files = await mkdtemp(join(tmpdir(), "easel-clients-"));
  await writeFile(join(files, "book.twb"), workbookFile);
  await writeFile(join(files, "source.tds"), datasourceFile);
});
afterAll(async () => {
  await sandbox.close();
  await rm(files, { recursive: true });
});

const workbookFile = `<?xml version='1.0' encoding='utf-8'?>
<workbook version='18.1'>
  <datasources><datasource caption='Orders' name='federated.1'><connection class='federated'/></datasource></datasources>
  <worksheets><worksheet name='By Region'><table/></worksheet></worksheets>
  <dashboards><dashboard name='Overview'><zones><zone id='1' name='By Region'/></zones></dashboard></dashboards>
</workbook>`;

const datasourceFile = `<?xml version='1.0' encoding='utf-8'?>
<datasource formatted-name='federated.2' version='18.1'>
  <connection class='federated'/>
  <column caption='Sales' datatype='real' name='[Sales]' role='measure' type='quantitative'/>
</datasource>`;

/** What a client's script printed last. */
async function drive(script: string, ...more: string[]): Promise<unknown> {
  const { name, password } = sandbox.keys.user;
  const file = join(import.meta.dirname, "clients", script);
  const printed = await promisify(execFile)(process.execPath, [file, sandbox.url, name, password, ...more], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(printed.stdout.trim().split("\n").at(-1) ?? "");
}

describe("clients that others wrote, from the npm registry", () => {
  test("tableau-rest does all that it can do", { timeout: 60_000 }, async () => {
    const named = z.object({ id: z.string(), name: z.string() });
    const said = z
      .object({
        sites: z.object({ sites: z.object({ site: z.array(named) }) }),
        project: named,
        projects: z.object({ projects: z.object({ project: z.array(named) }) }),
        workbook: z.object({ workbook: named }),
        datasource: z.object({ datasource: named }),
        workbooks: z.object({ workbooks: z.object({ workbook: z.array(named) }) }),
        datasources: z.object({ datasources: z.object({ datasource: z.array(named) }) }),
        views: z.object({ views: z.object({ view: z.array(named) }) }),
        named: z.object({ views: z.object({ view: z.array(named) }) }),
        downloaded: z.object({ workbook: z.string(), datasource: z.string() }),
        left: z.object({ workbooks: z.object({ workbook: z.array(named) }) }),
        created: z.object({ site: named }),
        onLabs: z.object({ workbooks: z.object({ workbook: z.array(named) }) }),
      })
      .parse(await drive("tableau-rest.cjs", files));
    expect(said.sites.sites.site.map(({ name }) => name)).toContain("Acme Analytics");
    expect(said.projects.projects.project).toContainEqual(expect.objectContaining({ id: said.project.id }));
    expect(said.workbooks.workbooks.workbook).toContainEqual(expect.objectContaining(said.workbook.workbook));
    expect(said.datasources.datasources.datasource).toContainEqual(
      expect.objectContaining({ id: said.datasource.datasource.id }),
    );
    expect(said.views.views.view.map(({ name }) => name).sort()).toEqual(["By Region", "Overview"]);
    expect(said.named.views.view).toHaveLength(1);
    expect(said.downloaded).toEqual({ workbook: workbookFile, datasource: datasourceFile });
    expect(said.left.workbooks.workbook.map(({ id }) => id)).not.toContain(said.workbook.workbook.id);
    expect(said.created.site.name).toBe("From tableau-rest");
    expect(said.onLabs.workbooks.workbook.length).toBeGreaterThan(0);
  });

  test("tableau-server-client does all that it can do", { timeout: 60_000 }, async () => {
    await scheduleRefresh();
    const job = { job: { type: "RefreshExtract" } };
    expect(await drive("tableau-server-client.cjs", "task")).toMatchObject({
      signIn: { statusCode: 200, body: { credentials: { site: { contentUrl: "" } } } },
      tasks: { statusCode: 200, body: { tasks: { task: expect.any(Array) } } },
      refresh: { statusCode: 200, body: job },
    });
    // Until the first refresh has ended, a second one of the same data source is a conflict.
    const again = await drive("tableau-server-client.cjs", "datasource");
    expect(again).toMatchObject({ refresh: { statusCode: 409, body: { error: { code: "409093" } } } });
    await fetch(`${sandbox.url}/__sandbox/faults`, {
      method: "POST",
      body: JSON.stringify({ advanceClockMs: 60_000 }),
    });
    const later = await drive("tableau-server-client.cjs", "datasource");
    expect(later).toMatchObject({ refresh: { statusCode: 202, body: job } });
  });
});

const idsSchema = z.record(z.string(), z.record(z.string(), z.array(z.object({ id: z.string() }))));

/** Puts the default site's data source on a schedule: that client can run and list refreshes, and not make them. */
async function scheduleRefresh(): Promise<void> {
  const { name, password } = sandbox.keys.user;
  const json = { accept: "application/json", "content-type": "application/json" };
  const call = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${sandbox.url}/api/3.27${path}`, { ...init, headers: { ...json, ...init.headers } });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const signIn = {
    method: "POST",
    body: JSON.stringify({ credentials: { name, password, site: { contentUrl: "" } } }),
  };
  const schema = z.object({ credentials: z.object({ token: z.string(), site: z.object({ id: z.string() }) }) });
  const { token, site } = schema.parse(await call("/auth/signin", signIn)).credentials;
  const headers = { "x-tableau-auth": token };
  const firstOf = async (path: string, plural: string, element: string) => {
    const { pagination: _page, ...lists } = z.record(z.string(), z.unknown()).parse(await call(path, { headers }));
    return idsSchema.parse(lists)[plural]?.[element]?.[0]?.id;
  };
  const schedule = await firstOf("/schedules?filter=type:eq:Extract", "schedules", "schedule");
  const datasource = await firstOf(`/sites/${site.id}/datasources`, "datasources", "datasource");
  const body = JSON.stringify({ task: { extractRefresh: { datasource: { id: datasource } } } });
  await call(`/sites/${site.id}/schedules/${schedule}/datasources`, { method: "PUT", headers, body });
}
