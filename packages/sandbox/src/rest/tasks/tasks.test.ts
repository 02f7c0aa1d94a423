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

const scheduleSchema = z.object({
  frequency: z.string(),
  nextRunAt: z.string(),
  frequencyDetails: z.object({ start: z.string() }),
});
const taskSchema = z.object({
  id: z.string(),
  type: z.string(),
  consecutiveFailedCount: z.string(),
  schedule: scheduleSchema,
});
const listSchema = z.object({ tasks: z.object({ task: z.array(z.object({ extractRefresh: taskSchema })) }) });

const path = "/tasks/extractRefreshes";
const tasks = async () =>
  listSchema.parse(await (await session.onSite(path)).json()).tasks.task.map(({ extractRefresh }) => extractRefresh);
const send = (method: string, to: string, body: object) =>
  session.onSite(to, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const named = async (name: string) => {
  const answer = await session.onSite(`/workbooks?filter=name:eq:${encodeURIComponent(name)}`);
  return String((await pageOf(answer, "workbooks", "workbook")).items[0]?.id);
};

describe("extract refresh tasks", () => {
  test("have each a schedule of their own on Cloud, with when it comes next", async () => {
    const all = await tasks();
    expect(all.length).toBeGreaterThan(20);
    for (const { schedule } of all) expect(Date.parse(schedule.nextRunAt)).toBeGreaterThan(sandbox.now());
    const [first] = all;
    const answer = await session.onSite(`${path}/${first?.id}`);
    expect(await objectOf(answer, "task")).toMatchObject({ extractRefresh: first });
    expect(await errorOf(await session.onSite(`${path}/nothing`))).toMatchObject({ code: "404026" });
  });

  test("are made from XML with the schedule beside them, changed, run and deleted", async () => {
    const id = await named("Board Pack");
    const body = `<tsRequest><extractRefresh type="FullRefresh"><workbook id="${id}"/></extractRefresh>
      <schedule frequency="Weekly"><frequencyDetails start="06:30:00"><intervals><interval weekDay="Monday"/>
      <interval weekDay="Friday"/></intervals></frequencyDetails></schedule></tsRequest>`;
    const answer = await session.onSite(path, { method: "POST", body });
    const made = z
      .object({ extractRefresh: z.object({ id: z.string(), type: z.string() }), schedule: scheduleSchema })
      .parse(await answer.json());
    expect(made).toMatchObject({ extractRefresh: { type: "FullRefresh" }, schedule: { frequency: "Weekly" } });
    const task = `${path}/${made.extractRefresh.id}`;
    expect(await objectOf(await session.onSite(task), "task")).toMatchObject({
      extractRefresh: { type: "RefreshExtractTask", workbook: { id } },
    });

    const schedule = {
      frequency: "Daily",
      frequencyDetails: { start: "02:00:00", intervals: { interval: [{ weekDay: "Tuesday" }] } },
    };
    expect(await objectOf(await send("POST", task, { schedule }), "schedule")).toMatchObject(schedule);
    expect(
      await objectOf(await send("PUT", task, { extractRefresh: { type: "IncrementalRefresh" } }), "extractRefresh"),
    ).toMatchObject({ type: "IncrementalRefresh", workbook: { id } });

    const run = await session.onSite(`${task}/runNow`, { method: "POST", body: "<tsRequest/>" });
    expect([run.status, await objectOf(run, "job")]).toMatchObject([
      200,
      { mode: "Asynchronous", type: "RefreshExtract" },
    ]);
    expect(await errorOf(await session.onSite(`${task}/runNow`, { method: "POST" }))).toMatchObject({ code: "409093" });
    expect((await session.onSite(task, { method: "DELETE" })).status).toBe(204);
    expect((await session.onSite(task)).status).toBe(404);
  });

  test.each([
    ["nothing", undefined],
    ["no frequency", { frequencyDetails: { start: "06:00:00" } }],
    ["no start", { frequency: "Daily" }],
    ["no day of the week", { frequency: "Daily", frequencyDetails: { start: "06:00:00" } }],
    [
      "no end",
      {
        frequency: "Hourly",
        frequencyDetails: { start: "06:00:00", intervals: { interval: [{ weekDay: "Monday" }] } },
      },
    ],
    [
      "an end before the start",
      {
        frequency: "Hourly",
        frequencyDetails: { start: "06:00:00", end: "05:00:00", intervals: { interval: [{ weekDay: "Monday" }] } },
      },
    ],
    [
      "an odd minute",
      {
        frequency: "Weekly",
        frequencyDetails: { start: "06:01:00", intervals: { interval: [{ weekDay: "Monday" }] } },
      },
    ],
    ["no day of the month", { frequency: "Monthly", frequencyDetails: { start: "06:00:00" } }],
    [
      "a 32nd",
      { frequency: "Monthly", frequencyDetails: { start: "06:00:00", intervals: { interval: [{ monthDay: "32" }] } } },
    ],
    [
      "3 hours",
      { frequency: "Daily", frequencyDetails: { start: "06:00:00", intervals: { interval: [{ hours: 3 }] } } },
    ],
    ["25 o'clock", { frequency: "Daily", frequencyDetails: { start: "25:00:00" } }],
  ])("are refused a schedule with %s", async (_what, schedule) => {
    const extractRefresh = { workbook: { id: await named("Board Pack") } };
    expect(await errorOf(await send("POST", path, { extractRefresh, schedule }))).toMatchObject({
      code: "409004",
      summary: "Invalid subscription schedule",
    });
  });

  test("are counted as failed as long as they fail", async () => {
    const failing = async () => (await tasks()).find(({ consecutiveFailedCount }) => consecutiveFailedCount !== "0");
    const before = await failing();
    await session.onSite(`${path}/${before?.id}/runNow`, { method: "POST" });
    await sandbox.order({ advanceClockMs: 10_000 });
    expect(Number((await failing())?.consecutiveFailedCount)).toBe(Number(before?.consecutiveFailedCount) + 1);
  });

  test("of others are not shown to who is no administrator", async () => {
    const explorer = await sandbox.explorer();
    const [task] = await tasks();
    expect(await (await explorer.onSite(path)).json()).toEqual({ tasks: {} });
    expect(await errorOf(await explorer.onSite(`${path}/${task?.id}`))).toMatchObject({ code: "403004" });
  });
});

describe("linked tasks", () => {
  const listOf = async () => pageOf(await session.onSite("/tasks/linked"), "linkedTasks", "linkedTasks");

  test("run their flows one after another", async () => {
    const [linked] = (await listOf()).items;
    expect(linked).toMatchObject({ numSteps: expect.stringMatching(/^[23]$/) });
    const running = async () => {
      const answer = await session.onSite("/flows/runs?filter=completedAt:gt:2000-01-01T00:00:00Z&pageSize=1000");
      return (await pageOf(answer, "flowRuns", "flowRuns")).items.length;
    };
    const before = await running();
    const job = await objectOf(
      await session.onSite(`/tasks/linked/${linked?.id}/runNow`, { method: "POST" }),
      "linkedTaskJob",
    );
    expect(job).toMatchObject({ linkedTaskId: linked?.id, status: "InProgress" });
    await sandbox.order({ advanceClockMs: 5_000 });
    expect(await running()).toBe(before + 1);
    await sandbox.order({ advanceClockMs: 15_000 });
    expect(await running()).toBe(before + Number(linked?.numSteps));
  });

  test("alone come as in a list, as public clients read them", async () => {
    const [linked] = (await listOf()).items;
    const alone = await pageOf(await session.onSite(`/tasks/linked/${linked?.id}`), "linkedTasks", "linkedTasks");
    expect(alone.items).toEqual([linked]);
  });
});

describe("flow tasks", () => {
  test("are made on Cloud in the words of the reference and of public clients", async () => {
    const answer = await session.onSite("/flows?filter=name:eq:Currency%20Conversion");
    const [flow] = (await pageOf(answer, "flows", "flow")).items;
    const schedule = `<schedule frequency="Weekly"><frequencyDetails start="06:30:00"><intervals>
      <interval weekDay="Monday"/></intervals></frequencyDetails></schedule>`;
    for (const body of [
      `<runFlow type="RunFlow"><flow id="${flow?.id}"/></runFlow>${schedule}`,
      `<task><flowRun><flow id="${flow?.id}"/></flowRun></task>${schedule}`,
    ]) {
      const made = await session.onSite("/tasks/flows", { method: "POST", body: `<tsRequest>${body}</tsRequest>` });
      expect(await objectOf(made, "task")).toMatchObject({
        flowRun: {
          flow: { id: flow?.id, name: "Currency Conversion" },
          type: "RunFlowTask",
          schedule: { frequency: "Weekly" },
        },
      });
    }
  });
});

test("tasks go with what they refresh", async () => {
  const before = (await tasks()).length;
  const answer = await session.onSite("/projects?filter=name:eq:Certified%20sources");
  const [project] = (await pageOf(answer, "projects", "project")).items;
  await session.onSite(`/projects/${project?.id}`, { method: "DELETE" });
  expect((await tasks()).length).toBeLessThan(before);
});
