import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox({ edition: "server" });
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const create = (attributes: string, details: string) =>
  session.call("/schedules", {
    method: "POST",
    body: `<tsRequest><schedule ${attributes}>${details}</schedule></tsRequest>`,
  });
const daily = '<frequencyDetails start="05:00:00"/>';
const listed = async (query = "") =>
  (await pageOf(await session.call(`/schedules${query}`), "schedules", "schedule")).items;
const first = async (path: string, element: string) =>
  String((await pageOf(await session.onSite(`/${path}`), path, element)).items[0]?.id);

describe("schedules of Tableau Server", () => {
  test("are listed without and shown with when they run", async () => {
    const all = await listed("?filter=type:eq:Extract&sort=name:asc");
    expect(all.length).toBeGreaterThanOrEqual(8);
    expect(all[0]).not.toHaveProperty("frequencyDetails");
    const alone = await objectOf(await session.call(`/schedules/${all[0]?.id}`), "schedule");
    expect(alone).toMatchObject({ ...all[0], frequencyDetails: { start: expect.stringMatching(/^\d\d:\d\d:\d\d$/) } });
  });

  test("are made, changed, switched off and deleted by who administers the server", async () => {
    const answer = await create('name="At five" priority="40" type="Extract" frequency="Daily"', daily);
    const schedule = await objectOf(answer, "schedule");
    expect([answer.status, answer.headers.get("location")]).toEqual([
      201,
      expect.stringContaining(String(schedule.id)),
    ]);
    expect(schedule).toMatchObject({ name: "At five", priority: "40", state: "Active", executionOrder: "Parallel" });
    expect(Date.parse(String(schedule.nextRunAt))).toBeGreaterThan(sandbox.now());

    const path = `/schedules/${schedule.id}`;
    const body = `<tsRequest><schedule state="Suspended" frequency="Monthly"><frequencyDetails start="07:00:00"><intervals>
      <interval monthDay="First" weekDay="Monday"/></intervals></frequencyDetails></schedule></tsRequest>`;
    expect(await objectOf(await session.call(path, { method: "PUT", body }), "schedule")).toMatchObject({
      name: "At five",
      state: "Suspended",
      frequency: "Monthly",
      frequencyDetails: { intervals: { interval: [{ monthDay: "First", weekDay: "Monday" }] } },
    });
    const luids = `<tsRequest><scheduleLuids><scheduleLuid>${schedule.id}</scheduleLuid></scheduleLuids></tsRequest>`;
    const switched = await session.call("/schedules?state=active", { method: "PUT", body: luids });
    expect(await objectOf(switched, "scheduleLuids")).toEqual({ scheduleLuid: [schedule.id] });
    expect(await objectOf(await session.call(path), "schedule")).toMatchObject({ state: "Active" });
    expect((await session.call(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.call(path))).toMatchObject({ code: "404023" });
  });

  test.each([
    ["no name", 'type="Extract" frequency="Daily"', "400003"],
    ["an unknown type", 'name="A" type="Coffee" frequency="Daily"', "400003"],
    ["an impossible priority", 'name="A" type="Extract" frequency="Daily" priority="101"', "400003"],
    ["a name that is taken", 'name="Every morning, Extract" type="Extract" frequency="Daily"', "409021"],
    ["no end", 'name="A" type="Extract" frequency="Hourly"', "409004"],
    ["no frequency", 'name="A" type="Extract"', "409004"],
  ])("are refused with %s", async (_what, attributes, code) => {
    expect(await errorOf(await create(attributes, daily))).toMatchObject({ code });
  });

  test("run what is added to them", async () => {
    const [schedule] = await listed("?filter=type:eq:Extract");
    const [forFlows] = await listed("?filter=type:eq:Flow");
    const add = (id: unknown, kind: string, task: string) =>
      session.onSite(`/schedules/${id}/${kind}`, {
        method: "PUT",
        body: `<tsRequest><task>${task}</task></tsRequest>`,
      });
    const made = await objectOf(await create('name="New one" type="Extract" frequency="Daily"', daily), "schedule");
    const workbook = await first("workbooks", "workbook");
    const refresh = `<extractRefresh><workbook id="${workbook}"/></extractRefresh>`;
    expect(await objectOf(await add(made.id, "workbooks", refresh), "task")).toMatchObject({
      extractRefresh: { schedule: { id: made.id }, workbook: { id: workbook } },
    });
    expect((await add(made.id, "workbooks", refresh)).status).toBe(409);
    const extracts = await pageOf(await session.onSite(`/schedules/${made.id}/extracts`), "extracts", "extract");
    expect(extracts.items).toMatchObject([{ type: "FullRefresh", workbook: { id: workbook } }]);

    const flow = await first("flows", "flow");
    for (const element of ["flowRun", "runFlow"]) {
      const answer = await add(forFlows?.id, "flows", `<${element}><flow id="${flow}"/></${element}>`);
      expect(await objectOf(answer, "task")).toMatchObject({
        flowRun: { schedule: { id: forFlows?.id }, flow: { id: flow } },
      });
    }
    expect((await add(schedule?.id, "flows", `<flowRun><flow id="${flow}"/></flowRun>`)).status).toBe(400);
    const accelerate = `<dataAcceleration><workbook id="${workbook}"/></dataAcceleration>`;
    expect(await errorOf(await add(made.id, "workbooks", accelerate))).toMatchObject({ code: "403157" });
  });

  test("take with them the tasks that run by them", async () => {
    const schema = z.object({
      task: z.array(z.object({ extractRefresh: z.object({ schedule: z.object({ id: z.string() }) }) })),
    });
    const ids = async () =>
      schema
        .parse(await objectOf(await session.onSite("/tasks/extractRefreshes"), "tasks"))
        .task.map(({ extractRefresh }) => extractRefresh.schedule.id);
    const [id] = await ids();
    expect((await session.call(`/schedules/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await ids()).not.toContain(id);
  });

  test("are for server administrators to change", async () => {
    const explorer = await sandbox.explorer();
    expect((await explorer.call("/schedules")).status).toBe(200);
    const [schedule] = await listed();
    expect((await explorer.call(`/schedules/${schedule?.id}`, { method: "DELETE" })).status).toBe(403);
  });
});

test("Tableau Cloud has no schedules, and Tableau Server makes no task with a schedule of its own", async () => {
  const cloud = await openTestSandbox();
  const onCloud = await cloud.administrator();
  expect((await onCloud.call("/schedules")).status).toBeGreaterThanOrEqual(403);
  await cloud.close();
  const answer = await session.onSite("/tasks/extractRefreshes", { method: "POST", body: "<tsRequest/>" });
  expect(answer.status).toBeGreaterThanOrEqual(403);
});
