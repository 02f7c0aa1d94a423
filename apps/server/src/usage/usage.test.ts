import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../database/database.ts";
import { cuttable } from "../testing/cut-database.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { newKey } from "../vault/keys.ts";
import { createUsage, type UsageRow } from "./usage.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

interface Call {
  readonly at: string;
  readonly userId: string;
  readonly route: string;
  readonly status: number;
  readonly requestId: string;
}

async function calls(project: TestProject, query = ""): Promise<Call[]> {
  const response = await project.manage(`/usage${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { calls: Call[] }).calls;
}

test("every proxied call leaves a row with its route, never its address, the newest first", async () => {
  const project = await easel.newProject();
  await project.connect("ana");
  const first = await project.call("ana", "/sdk/proxy/tableau/projects?filter=name:eq:secret-plan");
  await first.text();
  const second = await project.call("ana", `/sdk/proxy/tableau/workbooks/${randomUUID()}`);
  await second.text();
  const rows = await calls(project);
  expect(rows.map(({ route, status, requestId }) => [route, status, requestId])).toEqual([
    [expect.stringMatching(/^\/sites\/\{siteId\}\/workbooks\/\{[\w-]+\}$/), 404, second.headers.get("x-request-id")],
    ["/sites/{siteId}/projects", 200, first.headers.get("x-request-id")],
  ]);
  expect(JSON.stringify(rows)).not.toContain("secret-plan");
});

test("rows are found by user, status and time, page by page, and by nobody else's key", async () => {
  const project = await easel.newProject();
  await project.connect("ana");
  await project.connect("ben");
  for (const user of ["ana", "ana", "ben"]) {
    await (await project.call(user, "/sdk/proxy/tableau/projects")).text();
    // Rows are told apart by the millisecond.
    const answered = Date.now();
    await waitFor(() => Date.now() > answered);
  }
  const all = await calls(project);
  expect(all).toHaveLength(3);
  const [newest, ...older] = all;
  expect(await calls(project, `?userId=${newest?.userId}`)).toEqual([newest]);
  expect(await calls(project, "?limit=1")).toEqual([newest]);
  expect(await calls(project, `?before=${newest?.at}&limit=2`)).toEqual(older);
  expect(await calls(project, "?status=404")).toEqual([]);
  expect(await calls(await easel.newProject())).toEqual([]);
});

test("rows are kept while the database is away, and written once it is back", async () => {
  const database = await cuttable(await createTestDatabase());
  const running = await startTestEasel({ database: { url: database.url, keys: newKey() }, sandbox: easel.sandbox });
  await running.project.connect("ana");
  await (await running.project.call("ana", "/sdk/proxy/tableau/projects")).text();
  await database.cut();
  await waitFor(async () => (await fetch(`${running.origin}/health/ready`)).status === 503);
  await database.mend();
  expect(await calls(running.project)).toHaveLength(1);
  await running.close();
  await database.close();
});

test("more rows than are held push the oldest out, and their number is told", { timeout: 30_000 }, async () => {
  const database = openDatabase(await createTestDatabase(), () => {});
  const told: number[] = [];
  const usage = createUsage({ database, clock: Date.now, onError: (_error, lost) => void told.push(lost) });
  for (let count = 0; count < 50_007; count += 1) usage.record(row(count));
  await usage.close();
  expect(told).toEqual([7]);
  await database.close();
});

function row(status: number): UsageRow {
  return {
    at: Date.now(),
    projectId: randomUUID(),
    userId: randomUUID(),
    credentialId: randomUUID(),
    method: "GET",
    route: "/sites/{siteId}/projects",
    status: status % 600,
    ms: 1,
    bytesIn: 1,
    bytesOut: 1,
    attempts: 1,
    renewed: false,
    requestId: "id",
  };
}
