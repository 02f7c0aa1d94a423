import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { openReceiver, type Receiver } from "../../testing/receiver.ts";

let sandbox: TestSandbox;
let session: SignedIn;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  sandbox = await openTestSandbox({ webhooks: { timeoutMs: 200 } });
  session = await sandbox.administrator();
});
afterAll(async () => {
  await sandbox.close();
  await receiver.close();
});

const destination = (url: string) => ({ "webhook-destination-http": { method: "POST", url } });
const json = { "content-type": "application/json" };
const send = (method: string, path: string, webhook: object) =>
  session.onSite(path, { method, headers: json, body: JSON.stringify({ webhook }) });
const create = (webhook: object) => send("POST", "/webhooks", { name: "Hook", event: "WorkbookCreated", ...webhook });
const createdId = async (webhook: object = {}) => {
  const answer = await create({ "webhook-destination": destination(receiver.url), ...webhook });
  return String((await objectOf(answer, "webhook")).id);
};

describe("a webhook", () => {
  test("is made from XML as public clients write it, with 201 and its address, and found in both formats", async () => {
    const body = `<tsRequest><webhook name="Fresh data"><webhook-source><webhook-source-event-datasource-refresh-succeeded/>
      </webhook-source><webhook-destination><webhook-destination-http method="POST" url="${receiver.url}/a?b=c"/>
      </webhook-destination></webhook></tsRequest>`;
    const answer = await session.onSite("/webhooks", { method: "POST", body });
    expect(answer.status).toBe(201);
    const webhook = await objectOf(answer, "webhook");
    expect(answer.headers.get("location")).toMatch(new RegExp(`/webhooks/${webhook.id}$`));
    expect(webhook).toMatchObject({
      name: "Fresh data",
      event: "DatasourceRefreshSucceeded",
      isEnabled: true,
      "webhook-source": { "webhook-source-event-datasource-refresh-succeeded": {} },
      "webhook-destination": destination(`${receiver.url}/a?b=c`),
      owner: { id: session.user.id, name: sandbox.keys.user.name },
      createdAt: expect.stringMatching(/Z$/),
    });
    const schema = z.object({ webhook: z.array(z.object({ id: z.string() })) });
    const listed = schema.parse(await objectOf(await session.onSite("/webhooks"), "webhooks"));
    expect(listed.webhook.map(({ id }) => id)).toContain(webhook.id);
    const alone = await session.onSite(`/webhooks/${webhook.id}`, { headers: { accept: "application/xml" } });
    expect(await alone.text()).toContain("<webhook-source-event-datasource-refresh-succeeded/>");
    expect((await session.onSite(`/webhooks/${webhook.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await session.onSite(`/webhooks/${webhook.id}`))).toMatchObject({ code: "404022" });
  });

  test("takes the event by either name, and by both when they agree", async () => {
    const source = (name: string) => ({ "webhook-source": { [name]: {} } });
    const made = async (webhook: object) => {
      const answer = await create({ "webhook-destination": destination(receiver.url), ...webhook });
      return answer.status === 201 ? (await objectOf(answer, "webhook")).event : (await errorOf(answer)).code;
    };
    expect(await made({ event: "ViewDeleted" })).toBe("ViewDeleted");
    expect(await made({ event: undefined, ...source("webhook-source-event-view-deleted") })).toBe("ViewDeleted");
    expect(await made({ event: "ViewDeleted", ...source("webhook-source-event-view-deleted") })).toBe("ViewDeleted");
    expect(await made({ event: undefined, ...source("webhook-source-event-label-LabelDeleted") })).toBe("LabelDeleted");
    expect(await made({ event: "WorkbookCreated", ...source("webhook-source-event-view-deleted") })).toBe("400003");
    expect(await made({ event: "ViewCreated" })).toBe("400003");
    expect(await made({ event: undefined })).toBe("400003");
    expect(await made({ event: "SiteCreated" })).toBe("400003"); // there are no site administrators of sites on Cloud
  });

  test.each([
    ["https://hooks.example.com/x", 201],
    ["http://localhost:9/x", 201],
    ["http://[::1]:9/x", 201],
    ["http://127.1:9/", 201],
    ["https://127.0.0.1:9/", 201],
    ["http://hooks.example.com/x", 400],
    ["https://10.0.0.7/x", 400],
    ["https://192.168.1.1/", 400],
    ["https://169.254.169.254/latest", 400],
    ["https://[fd00::1]/", 400],
    ["https://[::ffff:10.0.0.7]/", 400],
    ["ftp://127.0.0.1/", 400],
    ["https://me:secret@hooks.example.com/", 400],
    ["not a url", 400],
    ["", 400],
  ])("may lead to %s: %i", async (url, status) => {
    expect((await create({ "webhook-destination": destination(url) })).status).toBe(status);
  });

  test("is changed part by part, answered as when it was made, and keeps what is not said", async () => {
    const id = await createdId();
    const answer = await send("PUT", `/webhooks/${id}`, { name: "Renamed" });
    expect([answer.status, answer.headers.get("location")]).toEqual([201, expect.stringContaining(id)]);
    expect(await objectOf(answer, "webhook")).toMatchObject({
      name: "Renamed",
      event: "WorkbookCreated",
      isEnabled: true,
    });
    const moved = { event: "ViewDeleted", "webhook-destination": destination("https://hooks.example.com/") };
    expect(await objectOf(await send("PUT", `/webhooks/${id}`, moved), "webhook")).toMatchObject({
      name: "Renamed",
      ...moved,
    });
  });

  test("is disabled with a reason and enabled without", async () => {
    const id = await createdId();
    const put = (webhook: object) => send("PUT", `/webhooks/${id}`, webhook);
    const status = async (webhook: object) => objectOf(await put(webhook), "webhook");
    expect(await status({ isEnabled: false })).toMatchObject({
      isEnabled: false,
      statusChangeReason: "Webhook disabled by user",
    });
    expect(await errorOf(await put({ isEnabled: true, statusChangeReason: "why not" }))).toMatchObject({
      code: "400127",
    });
    expect(await status({ isEnabled: false, statusChangeReason: "too loud" })).toMatchObject({
      statusChangeReason: "too loud",
    });
    expect(await status({ name: "Still off" })).toMatchObject({ isEnabled: false, statusChangeReason: "too loud" });
    expect(await status({ isEnabled: "True" })).toMatchObject({ isEnabled: true, statusChangeReason: "" });
  });

  test("is for site administrators, and not for JWT sessions", async () => {
    const explorer = await sandbox.explorer();
    expect((await explorer.onSite("/webhooks")).status).toBe(403);
    const byJwt = await sandbox.byJwt(["tableau:webhooks:*", "tableau:*:*"]);
    expect(await errorOf(await byJwt.onSite("/webhooks"))).toMatchObject({ code: "401002" });
  });
});

describe("a test of a webhook", () => {
  const testOf = async (id: string) => objectOf(await session.onSite(`/webhooks/${id}/test`), "webhookTestResult");

  test("sends an empty payload and tells what came back", async () => {
    const id = await createdId();
    const before = receiver.received.length;
    expect(await testOf(id)).toEqual({ id, status: 200, body: "thank you" });
    expect(receiver.received.slice(before)).toMatchObject([{ body: "" }]);
  });

  test("does not follow redirects, reads no more than a beginning, and waits only so long", async () => {
    const id = await createdId();
    receiver.answerWith(302, { location: `${receiver.url}/elsewhere` });
    expect(await testOf(id)).toMatchObject({ status: 302 });
    expect(receiver.received.at(-1)?.path).toBe("/");
    receiver.answerBy((response) => {
      const more = (): boolean => response.write("x".repeat(10_000)) && more();
      response.on("drain", more);
      more();
    });
    expect(String((await testOf(id)).body).length).toBe(16 * 1024);
    receiver.answerBy(() => {});
    expect(await testOf(id)).toMatchObject({ status: 404, body: expect.stringContaining("timeout") });
    receiver.answerBy((response) => response.end("thank you"));
  });

  test("says 404 where nobody is", async () => {
    const gone = await openReceiver();
    await gone.close();
    const id = await createdId({ "webhook-destination": destination(gone.url) });
    expect(await testOf(id)).toMatchObject({ id, status: 404, body: expect.stringContaining("ECONNREFUSED") });
  });
});
