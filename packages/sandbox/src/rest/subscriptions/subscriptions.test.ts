import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
let view: string;
let workbook: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
  view = String((await pageOf(await session.onSite("/views"), "views", "view")).items[0]?.id);
  workbook = String((await pageOf(await session.onSite("/workbooks"), "workbooks", "workbook")).items[0]?.id);
});
afterAll(() => sandbox.close());

const weekly = {
  frequency: "Weekly",
  frequencyDetails: { start: "06:30:00", intervals: { interval: [{ weekDay: "Monday" }] } },
};
const send = (method: string, path: string, body: object) =>
  session.onSite(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const create = (subscription: object, schedule: object | "none" = weekly) => {
  const usual = { subject: "Mondays", content: { id: view, type: "View" } };
  return send("POST", "/subscriptions", {
    subscription: { ...usual, ...subscription },
    ...(schedule === "none" ? {} : { schedule }),
  });
};
const list = async (who: SignedIn = session) =>
  (await pageOf(await who.onSite("/subscriptions?pageSize=1000"), "subscriptions", "subscription")).items;

describe("subscriptions", () => {
  test("are seen by administrators, and their own by everyone", async () => {
    expect((await list()).length).toBeGreaterThanOrEqual(40);
    const viewer = await sandbox.viewer();
    const own = await list(viewer);
    expect(own.length).toBeGreaterThan(0);
    for (const { user } of own) expect(user).toMatchObject({ id: viewer.user.id });
  });

  test("are made with what public clients say, changed and deleted", async () => {
    const body = `<tsRequest><subscription subject="Mondays" message="Look" attachImage="true" attachPdf="true"
      pageOrientation="LANDSCAPE" pageSizeOption="A4"><content id="${workbook}" type="Workbook" sendIfViewEmpty="false"/>
      <user id="${session.user.id}"/></subscription><schedule frequency="Weekly"><frequencyDetails start="06:30:00"><intervals>
      <interval weekDay="Monday"/></intervals></frequencyDetails></schedule></tsRequest>`;
    const answer = await session.onSite("/subscriptions", { method: "POST", body });
    const made = await objectOf(answer, "subscription");
    expect([answer.status, answer.headers.get("location")]).toEqual([201, expect.stringContaining(String(made.id))]);
    expect(made).toMatchObject({
      subject: "Mondays",
      message: "Look",
      attachPdf: true,
      pageOrientation: "LANDSCAPE",
      suspended: false,
      content: { id: workbook, type: "Workbook", sendIfViewEmpty: false },
      schedule: { ...weekly, nextRunAt: expect.stringMatching(/T06:30:00Z$/) },
      user: { id: session.user.id, name: sandbox.keys.user.name },
    });
    const path = `/subscriptions/${made.id}`;
    const changed = await send("PUT", path, {
      subscription: { subject: "Tuesdays", suspended: true, content: { sendIfViewEmpty: true } },
    });
    expect(await objectOf(changed, "subscription")).toMatchObject({
      subject: "Tuesdays",
      suspended: true,
      attachPdf: true,
      content: { id: workbook, sendIfViewEmpty: true },
    });
    expect((await session.onSite(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.onSite(path))).toMatchObject({ code: "404025" });
  });

  test("need no schedule when they wait for refreshes", async () => {
    const answer = await create({ refreshExtractTriggered: true }, "none");
    expect(await objectOf(answer, "subscription")).toMatchObject({ refreshExtractTriggered: true });
  });

  test.each([
    ["no subject", { subject: "" }, "400067"],
    ["nothing attached", { attachImage: false, attachPdf: false }, "400063"],
    ["content of no kind", { content: { id: "x", type: "Datasource" } }, "400069"],
    ["a page of no size", { attachPdf: true, pageSizeOption: "A99" }, "400063"],
    ["a view that is not there", { content: { id: "x", type: "View" } }, "404011"],
    ["a workbook that is not there", { content: { id: "x", type: "Workbook" } }, "404006"],
    ["a user who is not there", { user: { id: "x" } }, "404002"],
    ["a schedule that is not there", { schedule: { id: "x" } }, "404023"],
  ])("are refused with %s", async (_what, subscription, code) => {
    const schedule = "schedule" in subscription ? "none" : weekly;
    expect(await errorOf(await create(subscription, schedule))).toMatchObject({ code });
  });

  test("are refused without a schedule, and with an impossible one", async () => {
    expect(await errorOf(await create({}, "none"))).toMatchObject({ code: "400063" });
    expect(
      await errorOf(await create({}, { frequency: "Weekly", frequencyDetails: { start: "06:00:00" } })),
    ).toMatchObject({
      code: "409004",
    });
  });

  test("are made for others by administrators only", async () => {
    const explorer = await sandbox.explorer();
    const subscription = { subject: "For Ana", content: { id: view, type: "View" }, user: { id: session.user.id } };
    const body = JSON.stringify({ subscription, schedule: weekly });
    const headers = { "content-type": "application/json" };
    expect((await explorer.onSite("/subscriptions", { method: "POST", headers, body })).status).toBe(403);
    expect((await create({ user: { id: explorer.user.id } })).status).toBe(201);
  });
});
