import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CuttableDatabase, cuttable } from "../testing/cut-database.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

const HOUR = 3_600_000;
/** Ten minutes past a full hour, whatever the time is. */
const START = Math.floor(Date.now() / HOUR) * HOUR + 10 * 60_000;

let ahead = 0;
const began = Date.now();
const clock = (): number => START + (Date.now() - began) + ahead;
/** Two servers on one database. */
let easels: [TestEasel, TestEasel];
let way: CuttableDatabase;
let projects: [TestProject, TestProject];

beforeAll(async () => {
  const first = await startTestEasel({ clock });
  way = await cuttable(first.database.url);
  const database = { ...first.database, url: way.url };
  easels = [first, await startTestEasel({ clock, sandbox: first.sandbox, database })];
});
beforeEach(async () => {
  const [first, second] = easels;
  const project = await first.newProject();
  projects = [project, project.at(second.origin)];
  await project.connect("ana");
  // The sandbox passes for Tableau Cloud, where these limits are; its address does not say so.
  await sql(first.database.url, "update servers set edition = 'cloud'");
  await sql(first.database.url, "insert into changes (topic) select 'server:' || server_url from servers");
});
afterEach(async () => {
  const [first] = easels;
  await way.mend().catch(() => {});
  await sql(first.database.url, "delete from budget_counts");
});
afterAll(async () => {
  const [first, second] = easels;
  await second.close();
  await first.close();
  await way.close();
});

interface Shown {
  readonly budget: string;
  readonly user: string | null;
  readonly used: number;
  readonly limit: number | null;
  readonly isNear: boolean;
  readonly windowStart: string;
  readonly windowEnd: string;
}

async function shown(project: TestProject): Promise<Map<string, Shown>> {
  const response = await project.manage("/budgets");
  expect(response.status).toBe(200);
  const { budgets } = (await response.json()) as { budgets: Shown[] };
  return new Map(budgets.map((budget) => [budget.budget, budget]));
}

const call = async (project: TestProject, path: string, method = "GET"): Promise<number> => {
  const response = await project.call("ana", `/sdk/proxy/tableau${path}`, { method });
  await response.arrayBuffer();
  return response.status;
};

async function flushAll(): Promise<void> {
  for (const { easel } of easels) await easel.budgets.flush();
}

describe("Tableau's budgets", () => {
  test("are counted over all processes, for each user's calls and each site's jobs", async () => {
    const [first, second] = projects;
    for (let count = 0; count < 3; count += 1) await call(first, "/projects?pageSize=1");
    for (let count = 0; count < 2; count += 1) await call(second, "/jobs?pageSize=1");
    await flushAll();
    const budgets = await waitFor(async () => {
      const found = await shown(first);
      return found.get("calls")?.limit !== null && found;
    });
    expect(budgets.get("calls")).toMatchObject({
      used: 5,
      limit: 40_000,
      isNear: false,
      user: expect.stringMatching(/^[0-9a-f-]{36}$/),
      windowStart: new Date(START - 10 * 60_000).toISOString(),
      windowEnd: new Date(START + 50 * 60_000).toISOString(),
    });
    expect(budgets.get("job-queries")).toMatchObject({ used: 2, limit: 20_000, user: null });
    expect(await shown(second)).toEqual(budgets);
  });

  test("count what was sent, and nothing that was refused before", async () => {
    const [first] = projects;
    await first.manage("", { method: "PATCH", json: { limits: { user: { perMinute: 2 } } } });
    for (let count = 0; count < 6; count += 1) await call(first, "/projects?pageSize=1");
    expect((await shown(first)).get("calls")?.used).toBe(2);
  });

  test("begin anew with their window", async () => {
    const [first] = projects;
    await call(first, "/projects?pageSize=1");
    expect((await shown(first)).get("calls")?.used).toBe(1);
    ahead += HOUR;
    await call(first, "/projects?pageSize=1");
    await call(first, "/projects?pageSize=1");
    expect((await shown(first)).get("calls")).toMatchObject({
      used: 2,
      windowEnd: new Date(START + HOUR + 50 * 60_000).toISOString(),
    });
    ahead -= HOUR;
  });

  test("that are nearly used up are told once, by whichever process added the last of it", async () => {
    const [first, second] = projects;
    for (let round = 0; round < 28; round += 1) {
      await Promise.all([first, second].map((project) => call(project, "/workbooks/none/refresh", "POST")));
      if (round % 4 === 0) await Promise.all([flushAll(), flushAll()]);
    }
    await flushAll();
    expect((await shown(first)).get("extract-refreshes")).toMatchObject({ used: 56, limit: 60, isNear: true });
    const { events } = (await (await first.manage("/events?kind=budget_near")).json()) as { events: unknown[] };
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      budget: "extract-refreshes",
      site: "acme",
      reason: { message: expect.stringMatching(/^Extract refreshes started on the site acme: \d\d of the 60 that/) },
    });
  });

  test("that are nearly used up slow down what Easel asks of itself, and nothing before", async () => {
    const [first, second] = projects;
    const [{ easel, sandbox }] = easels;
    await waitFor(async () => {
      await call(first, "/projects?pageSize=1");
      return (await shown(second)).get("calls")?.limit === 40_000;
    });
    const route = { method: "POST", template: "/sites/{siteId}/workbooks/{workbookId}/refresh" };
    const refresh = { ...route, scope: null, mintsCredentials: false, ownMediaType: false, target: "/" };
    const tallies = easel.budgets.tallies(first.id, { serverUrl: sandbox.url, site: "paced", tableauUserId: "x" });
    for (let count = 0; count < 47; count += 1) tallies.count(refresh);
    expect(tallies.paceMs(refresh)).toBe(0);
    tallies.count(refresh);
    expect(tallies.paceMs(refresh)).toBe(2000);
    expect(tallies.paceMs({ ...refresh, method: "GET", template: "/sites/{siteId}/projects" })).toBe(0);
  });

  test("are kept while the database is away", async () => {
    const [first, second] = projects;
    await call(second, "/projects?pageSize=1");
    await way.cut();
    await expect(easels[1].easel.budgets.flush()).rejects.toThrow();
    await way.mend();
    await easels[1].easel.budgets.flush();
    expect((await shown(first)).get("calls")?.used).toBe(1);
  });

  test("are another project's own", async () => {
    const [first] = projects;
    const [easel] = easels;
    await call(first, "/projects?pageSize=1");
    await flushAll();
    const other = await easel.newProject();
    expect(await shown(other)).toEqual(new Map());
  });
});
