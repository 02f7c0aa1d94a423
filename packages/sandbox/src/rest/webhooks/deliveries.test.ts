import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { openReceiver, type Receiver } from "../../testing/receiver.ts";

let sandbox: TestSandbox;
let session: SignedIn;
let receiver: Receiver;

// Longer than any test runs, and shorter than what the seed has running.
const minute = 60_000;

async function open(gapsMs: number[], timeoutMs = minute): Promise<void> {
  sandbox = await openTestSandbox({ webhooks: { gapsMs, timeoutMs } });
  session = await sandbox.administrator();
}

beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

async function hook(event: string, url = receiver.url): Promise<string> {
  const webhook = {
    name: event,
    event,
    "webhook-destination": { "webhook-destination-http": { method: "POST", url } },
  };
  const headers = { "content-type": "application/json" };
  const answer = await session.onSite("/webhooks", { method: "POST", headers, body: JSON.stringify({ webhook }) });
  return String((await objectOf(answer, "webhook")).id);
}

async function named(path: string, element: string, name: string): Promise<string> {
  const answer = await session.onSite(`/${path}?filter=name:eq:${encodeURIComponent(name)}`);
  return String((await pageOf(answer, path, element)).items[0]?.id);
}

/** Refreshes it and lets the job end. */
async function refresh(path: string, id: string): Promise<void> {
  expect((await session.onSite(`/${path}/${id}/refresh`, { method: "POST" })).status).toBe(202);
  await sandbox.order({ advanceClockMs: 10_000 });
}

/** Longer than anything takes here, however slow the machine is. */
const patience = 15_000;
const received = (count: number) => vi.waitFor(() => expect(receiver.received.length).toBe(count), patience);
/** So many deliveries have failed, and wait to be tried again: what a receiver got is not yet noted here. */
const waiting = (count: number) =>
  vi.waitFor(async () => {
    const page = await (await sandbox.call("/site/acme/webhooks")).text();
    expect(page.split("next try").length - 1).toBe(count);
  }, patience);
const payloads = () => receiver.received.map(({ body }) => JSON.parse(body));
const statusOf = async (id: string) => objectOf(await session.onSite(`/webhooks/${id}`), "webhook");

describe("what happens on a site", () => {
  test("is told to the webhooks that wait for it, in six fields, and to no others", async () => {
    await open([]);
    await hook("WorkbookRefreshStarted");
    await hook("WorkbookRefreshSucceeded");
    await hook("WorkbookRefreshFailed");
    await hook("DatasourceRefreshFailed");
    const id = await named("workbooks", "workbook", "Board Pack");
    await refresh("workbooks", id);
    await received(2);
    const shared = { resource: "EXTRACTS", resource_name: "Board Pack", site_luid: session.site.id, resource_luid: id };
    const times = { created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) };
    // They are sent at once, and may come in any order.
    expect(payloads().toSorted((one, other) => (one.event_type < other.event_type ? -1 : 1))).toEqual([
      { ...shared, ...times, event_type: "WorkbookRefreshStarted" },
      { ...shared, ...times, event_type: "WorkbookRefreshSucceeded" },
    ]);
    expect(receiver.received[0]?.contentType).toBe("application/json");

    await refresh("datasources", await named("datasources", "datasource", "Extract History"));
    await received(3);
    expect(payloads().at(-1)).toMatchObject({ event_type: "DatasourceRefreshFailed", resource: "EXTRACTS" });
  });

  test("is told when a flow has run, and when content is deleted", async () => {
    await open([]);
    await hook("FlowCompleted");
    await hook("WorkbookDeleted");
    const flow = await named("flows", "flow", "Budget Consolidation");
    await session.onSite(`/flows/${flow}/run`, { method: "POST" });
    await sandbox.order({ advanceClockMs: 10_000 });
    await received(1);
    expect(payloads()[0]).toMatchObject({ resource: "FLOW", event_type: "FlowCompleted", resource_luid: flow });
    const project = await named("projects", "project", "Executive");
    await session.onSite(`/projects/${project}`, { method: "DELETE" });
    await received(4); // the project held three workbooks
    const deleted = { resource: "WORKBOOK", event_type: "WorkbookDeleted" };
    expect(payloads().slice(1)).toMatchObject([deleted, deleted, deleted]);
    expect(payloads().map((payload) => payload.resource_name)).toContain("Board Pack");
  });

  test("is told twice, byte by byte the same, when that fault is on", async () => {
    await open([]);
    await hook("WorkbookRefreshSucceeded");
    await sandbox.order({ duplicateDeliveries: true });
    await refresh("workbooks", await named("workbooks", "workbook", "Board Pack"));
    await received(2);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
  });
});

describe("a receiver that fails", () => {
  test("is tried three times more with growing gaps, and then its webhook is disabled until it is enabled again", async () => {
    await open([20, 60, 120]);
    const id = await hook("WorkbookRefreshSucceeded");
    receiver.answerWith(500);
    const workbook = await named("workbooks", "workbook", "Board Pack");
    await refresh("workbooks", workbook);
    await vi.waitFor(async () => {
      expect(await statusOf(id)).toMatchObject({ isEnabled: false, statusChangeReason: expect.stringContaining("4") });
    }, patience);
    const times = receiver.received.map(({ at }) => at);
    expect(times.length).toBe(4);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    for (const [index, least] of [20, 60, 120].entries()) expect(gaps[index]).toBeGreaterThanOrEqual(least - 2);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);

    await refresh("workbooks", workbook); // nobody is told of this one
    receiver.answerWith(204);
    const body = JSON.stringify({ webhook: { isEnabled: true } });
    await session.onSite(`/webhooks/${id}`, { method: "PUT", headers: { "content-type": "application/json" }, body });
    await refresh("workbooks", workbook);
    await received(5);
    expect(await statusOf(id)).toMatchObject({ isEnabled: true });
  });

  test("and then answers, has been told", async () => {
    await open([10, 10, 10]);
    const id = await hook("WorkbookRefreshSucceeded");
    receiver.answerBy((response, count) => response.writeHead(count < 3 ? 302 : 202, { location: "/away" }).end());
    await refresh("workbooks", await named("workbooks", "workbook", "Board Pack"));
    await received(3);
    expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(["/"]));
    expect(await statusOf(id)).toMatchObject({ isEnabled: true });
  });

  test("by not answering in time, has failed", async () => {
    await open([], 150);
    const id = await hook("WorkbookRefreshSucceeded");
    receiver.answerBy(() => {});
    await refresh("workbooks", await named("workbooks", "workbook", "Board Pack"));
    await vi.waitFor(async () => expect(await statusOf(id)).toMatchObject({ isEnabled: false }), patience);
    expect(receiver.received.length).toBe(1);
  });

  test("is tried again when the sandbox's clock has moved past the gap", async () => {
    await open([minute, minute, minute]);
    await hook("WorkbookRefreshSucceeded");
    receiver.answerWith(503);
    await refresh("workbooks", await named("workbooks", "workbook", "Board Pack"));
    await waiting(1);
    await sandbox.order({ advanceClockMs: minute });
    await received(2);
  });

  test("is left alone once its webhook is deleted, and once the sandbox is closed", async () => {
    await open([minute, minute, minute]);
    const deleted = await hook("WorkbookRefreshSucceeded");
    await hook("DatasourceRefreshSucceeded");
    receiver.answerWith(503);
    await refresh("workbooks", await named("workbooks", "workbook", "Board Pack"));
    await refresh("datasources", await named("datasources", "datasource", "Orders"));
    await waiting(2);
    await session.onSite(`/webhooks/${deleted}`, { method: "DELETE" });
    await sandbox.order({ advanceClockMs: 2 * minute });
    await received(3);
    expect(payloads().at(-1)).toMatchObject({ event_type: "DatasourceRefreshSucceeded" });
    await sandbox.close();
    sandbox.advance(2 * minute);
    await new Promise((resolve) => setImmediate(resolve));
    expect(receiver.received.length).toBe(3);
  });
});
