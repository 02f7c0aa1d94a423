import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, pageOf, type TestSandbox } from "../testing/client.ts";
import { publishBody, publishFile, twb, workbookOf } from "../testing/publishing.ts";

let sandbox: TestSandbox;
/** It stands still but for what tests add: windows of time end when they say so, however slow the machine is. */
let now = Date.now();
beforeEach(async () => {
  sandbox = await openTestSandbox({ clock: () => now });
});
afterEach(() => sandbox.close());

const statusesOf = async (times: number, call: () => Promise<Response>) => {
  const statuses: number[] = [];
  for (let count = 0; count < times; count++) statuses.push((await call()).status);
  return statuses;
};

describe("the throttle", () => {
  test("answers 429 with Retry-After once a session's calls of the window are used up", async () => {
    const [ana, victor] = [await sandbox.administrator(), await sandbox.viewer()];
    await sandbox.order({ throttle: { calls: 2, windowSeconds: 60 } });
    expect(await statusesOf(3, () => ana.onSite("/projects"))).toEqual([200, 200, 429]);
    const refused = await ana.onSite("/workbooks");
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(await errorOf(refused)).toMatchObject({ code: "429000" });
    expect((await victor.onSite("/projects")).status).toBe(200);
    now += 60_000;
    expect(await statusesOf(3, () => ana.onSite("/projects"))).toEqual([200, 200, 429]);
    await sandbox.order({ throttle: null });
    expect((await ana.onSite("/projects")).status).toBe(200);
  });

  test("can count all calls together, sign-ins included", async () => {
    await sandbox.order({ throttle: { calls: 1, windowSeconds: 1, per: "all" } });
    await sandbox.viewer();
    const refused = await sandbox.signIn({ name: "a", password: "b" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  });
});

describe("failures", () => {
  test("fall on the next calls", async () => {
    const session = await sandbox.administrator();
    await sandbox.order({ fail: { status: 503, next: 2 } });
    expect(await statusesOf(3, () => session.onSite("/projects"))).toEqual([503, 503, 200]);
  });

  test("fall on every n-th call, of some routes only, in both formats", async () => {
    const session = await sandbox.administrator();
    await sandbox.order({ fail: { status: 504, every: 2, route: "/workbooks" } });
    expect(await statusesOf(4, () => session.onSite("/workbooks"))).toEqual([200, 504, 200, 504]);
    expect(await statusesOf(2, () => session.onSite("/projects"))).toEqual([200, 200]);
    await session.onSite("/workbooks");
    const xml = await session.onSite("/workbooks", { headers: { accept: "*/*" } });
    expect(await xml.text()).toContain('<error code="504000"><summary>Gateway Timeout</summary>');
    await sandbox.order({ restore: true });
    expect(await statusesOf(2, () => session.onSite("/workbooks"))).toEqual([200, 200]);
  });
});

describe("cut connections", () => {
  /** What arrives of an answer before its connection breaks. */
  const received = (path: string, token: string) =>
    new Promise<{ bytes: number; announced: number; isWhole: boolean }>((resolve, reject) => {
      const headers = { "x-tableau-auth": token };
      const sent = request(`${sandbox.url}/api/3.27${path}`, { headers }, (response) => {
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on("error", () => {}); // that it is cut is told by what follows
        response.on("close", () =>
          resolve({ bytes, announced: Number(response.headers["content-length"]), isWhole: response.complete }),
        );
      });
      sent.on("error", reject);
      sent.end();
    });

  test("break off an answer in the middle of its body, of text and of a stream", async () => {
    const session = await sandbox.administrator();
    const { items } = await pageOf(
      await session.onSite("/workbooks?filter=name:eq:Board+Pack"),
      "workbooks",
      "workbook",
    );
    await sandbox.order({ cut: { afterBytes: 100 } });
    for (const path of [
      `/sites/${session.site.id}/projects`,
      `/sites/${session.site.id}/workbooks/${items[0]?.id}/content`,
    ]) {
      const { bytes, announced, isWhole } = await received(path, session.token);
      expect({ bytes, isWhole }).toEqual({ bytes: 100, isWhole: false });
      expect(announced).toBeGreaterThan(100);
    }
  });

  test("break off before the last byte of what is shorter, and only as often as said", async () => {
    const session = await sandbox.administrator();
    await sandbox.order({ cut: { afterBytes: 1_000_000, next: 1 } });
    const { bytes, announced, isWhole } = await received("/serverinfo", session.token);
    expect([bytes, isWhole]).toEqual([announced - 1, false]);
    expect((await received("/serverinfo", session.token)).isWhole).toBe(true);
  });
});

describe("the search index", () => {
  test("lags behind what is created: lists don't know it yet, reading it does", async () => {
    const session = await sandbox.administrator();
    await sandbox.order({ indexLagMs: 60_000 });
    const body = '<tsRequest><project name="Fresh"/></tsRequest>';
    expect((await session.onSite("/projects", { method: "POST", body })).status).toBe(201);
    const found = async () =>
      (await pageOf(await session.onSite("/projects?filter=name:eq:Fresh"), "projects", "project")).items.length;
    expect(await found()).toBe(0);
    await sandbox.order({ advanceClockMs: 60_000 });
    expect(await found()).toBe(1);
  });

  test("is where a user's workbooks and custom views come from too", async () => {
    const session = await sandbox.administrator();
    const { id } = await workbookOf(await publishFile(session, "Fresh", { filename: "f.twb", content: twb("A") }));
    const tcv = Buffer.from("<customized-view/>").toString("base64url");
    const definition = JSON.stringify([{ isSourceView: true, viewName: "A", tcv }]);
    const payload = `<tsRequest><customView name="Fresh"><workbook id="${id}"/></customView></tsRequest>`;
    const file = { part: "tableau_customview", filename: "a.json", content: definition };
    expect((await session.onSite("/customviews", publishBody(payload, file))).status).toBe(201);
    const found = async (path: string, plural: string, element: string) =>
      (await pageOf(await session.onSite(`${path}?filter=name:eq:Fresh`), plural, element)).items.length;
    const both = async () => [
      await found(`/users/${session.user.id}/workbooks`, "workbooks", "workbook"),
      await found("/customviews", "customViews", "customView"),
    ];
    expect(await both()).toEqual([1, 1]);
    await sandbox.order({ indexLagMs: 60_000 });
    expect(await both()).toEqual([0, 0]);
    await sandbox.order({ advanceClockMs: 60_000 });
    expect(await both()).toEqual([1, 1]);
  });
});

test("the faults in force are read, and restoring leaves only the clock", async () => {
  const usual: unknown = await (await sandbox.call("/__sandbox/faults")).json();
  await sandbox.order({
    slowMs: 1,
    mfa: true,
    tokensOff: true,
    throttle: { calls: 5, windowSeconds: 1 },
    fail: { status: 500, every: 100 },
    cut: { afterBytes: 5, every: 100 },
    duplicateDeliveries: true,
    failRefreshes: true,
    indexLagMs: 5,
    vizqlDataService: "off",
    advanceClockMs: 7,
  });
  expect(await (await sandbox.call("/__sandbox/faults")).json()).toMatchObject({ mfa: true, indexLagMs: 5 });
  expect(await (await sandbox.order({ restore: true })).json()).toEqual(Object.assign({}, usual, { clockAheadMs: 7 }));
});
