import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const list = async (query = "") =>
  pageOf(await session.onSite(`/jobs?pageSize=1000&${query}`), "backgroundJobs", "backgroundJob");
const alone = async (id: unknown) => objectOf(await session.onSite(`/jobs/${id}`), "job");
const named = async (path: string, element: string, name: string) => {
  const { items } = await pageOf(
    await session.onSite(`/${path}?filter=name:eq:${encodeURIComponent(name)}`),
    path,
    element,
  );
  return String(items[0]?.id);
};
const refresh = async (path: string, id: string, body = "") =>
  objectOf(await session.onSite(`/${path}/${id}/refresh`, { method: "POST", body }), "job");
const advance = (ms: number) => sandbox.order({ advanceClockMs: ms });

describe("jobs", () => {
  test("are many and of many kinds, some still waiting or running, some failed", async () => {
    const { items } = await list();
    expect(items.length).toBeGreaterThanOrEqual(44);
    const having = (field: string) => new Set(items.map((job) => job[field]));
    expect(having("status")).toEqual(new Set(["Pending", "InProgress", "Success", "Failed", "Cancelled"]));
    for (const kind of ["refresh_extracts", "increment_extracts", "run_flow", "single_subscription_notify"]) {
      expect(having("jobType")).toContain(kind);
    }
    const codes: Record<string, string> = { Success: "0", Failed: "1", Cancelled: "2" };
    for (const job of items) {
      const { completedAt, finishCode } = await alone(job.id);
      expect([completedAt, finishCode]).toEqual([job.endedAt, codes[String(job.status)]]);
    }
  });

  test("are found by each of their fields", async () => {
    const { items } = await list();
    const count = async (filter: string) => (await list(`filter=${encodeURIComponent(filter)}`)).items.length;
    const such = (is: (job: Record<string, unknown>) => boolean) => items.filter(is).length;
    expect(await count("status:eq:Failed")).toBe(such((job) => job.status === "Failed"));
    expect(await count("jobType:in:[run_flow,refresh_extracts]")).toBe(
      such((job) => job.jobType === "run_flow" || job.jobType === "refresh_extracts"),
    );
    expect(await count("progress:lte:0")).toBe(such((job) => job.status === "Pending"));
    expect(await count("priority:lt:50")).toBe(such((job) => Number(job.priority) < 50));
    expect(await count("title:has:e,subtitle:has:refresh")).toBe(
      such((job) => String(job.title).includes("e") && String(job.subtitle).includes("refresh")),
    );
    expect(await count("args:has:datasource,notes:has:Finished")).toBeGreaterThan(0);
    expect(await count("completedAt:gt:2099-01-01T00:00:00Z")).toBe(0);
    expect(await errorOf(await session.onSite("/jobs?filter=finishCode:eq:0"))).toMatchObject({ code: "400065" });
  });

  test("are sorted by when they were made", async () => {
    const { items } = await list("sort=createdAt:asc");
    const times = items.map((job) => String(job.createdAt));
    expect(times).toEqual(times.toSorted());
  });
});

describe("a refresh", () => {
  test("tells what it refreshes, and what came of it when it has ended", async () => {
    const id = await named("workbooks", "workbook", "Board Pack");
    const job = await refresh("workbooks", id);
    const workbook = { id, name: "Board Pack" };
    expect(await alone(job.id)).toMatchObject({ type: "RefreshExtract", extractRefreshJob: { notes: "", workbook } });
    await advance(10_000);
    expect(await alone(job.id)).toMatchObject({
      finishCode: "0",
      extractRefreshJob: { notes: expect.stringContaining("Finished"), workbook },
    });
  });

  test("can be incremental, as the list says", async () => {
    const id = await named("datasources", "datasource", "Orders");
    const body = '<tsRequest><extractRefresh incremental="true"/></tsRequest>';
    const job = await refresh("datasources", id, body);
    const listed = (await list()).items.find((one) => one.id === job.id);
    expect([job.type, listed?.jobType]).toEqual(["RefreshExtract", "increment_extracts"]);
  });

  test("of one data source always fails, so that there is a failure to see", async () => {
    const job = await refresh("datasources", await named("datasources", "datasource", "Extract History"));
    await advance(10_000);
    expect(await alone(job.id)).toMatchObject({
      finishCode: "1",
      extractRefreshJob: { notes: expect.stringMatching(/\w/) },
    });
  });

  test("fails while that fault is on", async () => {
    const id = await named("workbooks", "workbook", "Flash Report");
    await sandbox.order({ failRefreshes: true });
    const job = await refresh("workbooks", id);
    await sandbox.order({ restore: true });
    await advance(10_000);
    expect(await alone(job.id)).toMatchObject({ finishCode: "1" });
    const after = await refresh("workbooks", id);
    await advance(10_000);
    expect(await alone(after.id)).toMatchObject({ finishCode: "0" });
  });

  test("needs the right to it", async () => {
    const id = await named("workbooks", "workbook", "Board Pack");
    const viewer = await sandbox.viewer();
    const refused = await viewer.onSite(`/workbooks/${id}/refresh`, { method: "POST" });
    expect(refused.status).toBe(403);
  });
});

test("a job is read by administrators and by who started it", async () => {
  const person = { name: "paula.prep@acme.example", siteRole: "Creator" };
  const made = z.object({ password: z.string() }).parse(await (await sandbox.make("people", person)).json());
  const creator = await sandbox.as({ name: person.name, password: made.password });
  const flow = await named("flows", "flow", "Quota Allocation");
  const body = `<tsRequest><flow><owner id="${creator.user.id}"/></flow></tsRequest>`;
  expect((await session.onSite(`/flows/${flow}`, { method: "PUT", body })).status).toBe(200);
  const job = await objectOf(await creator.onSite(`/flows/${flow}/run`, { method: "POST" }), "job");
  expect(await objectOf(await creator.onSite(`/jobs/${job.id}`), "job")).toMatchObject({ type: "RunFlow" });
  expect(await errorOf(await creator.onSite("/jobs"))).toMatchObject({ code: "403004" });
  const other = await refresh("workbooks", await named("workbooks", "workbook", "Superstore"));
  expect(await errorOf(await creator.onSite(`/jobs/${other.id}`))).toMatchObject({ code: "403004" });
  expect((await creator.onSite(`/jobs/${job.id}`, { method: "PUT" })).status).toBe(403);
});

describe("cancelling", () => {
  test("ends a job at once, and one that has ended can't be cancelled", async () => {
    const job = await refresh("workbooks", await named("workbooks", "workbook", "Order Explorer"));
    const cancel = () => session.onSite(`/jobs/${job.id}`, { method: "PUT" });
    expect(await objectOf(await cancel(), "job")).toMatchObject({ finishCode: "2", completedAt: expect.any(String) });
    expect(await errorOf(await cancel())).toMatchObject({ code: "403091" });
    const listed = (await list()).items.find((one) => one.id === job.id);
    expect(listed).toMatchObject({ status: "Cancelled" });
    expect(await errorOf(await session.onSite("/jobs/nothing", { method: "PUT" }))).toMatchObject({ code: "404018" });
  });
});

test("what a job does has happened for whoever sees that it has ended, also when the clock leaps over it", async () => {
  const taskSchema = z.object({ flowRun: z.object({ id: z.string(), consecutiveFailedCount: z.coerce.number() }) });
  const schema = z.object({ task: z.array(taskSchema) });
  const tasks = async () => schema.parse(await objectOf(await session.onSite("/tasks/runFlow"), "tasks")).task;
  const failing = (await tasks()).find(({ flowRun }) => flowRun.consecutiveFailedCount > 0)?.flowRun.id;
  await session.onSite(`/tasks/runFlow/${failing}/runNow`, { method: "POST" });
  await advance(3_600_000);
  const after = (await tasks()).find(({ flowRun }) => flowRun.id === failing);
  expect(after?.flowRun.consecutiveFailedCount).toBe(0);
});
