import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";
import { openReceiver } from "../../testing/receiver.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let datasourceIds: string[];
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  const { items } = await pageOf(await ana.onSite("/datasources?pageSize=20"), "datasources", "datasource");
  datasourceIds = items.map(({ id }) => z.string().parse(id));
});
afterAll(() => sandbox.close());

const send = (method: string, path: string, body = "", session = ana) =>
  session.onSite(path, { method, ...(body === "" ? {} : { body: `<tsRequest>${body}</tsRequest>` }) });

const items = z.array(z.looseObject({ id: z.string(), contentId: z.string() }));

async function listIn(response: Response, name: "Warning" | "Indicator" | "Trigger") {
  const list = await objectOf(response, `dataQuality${name}List`);
  return items.parse(list[`dataQuality${name}`] ?? []);
}

const contentList = (...ids: (string | undefined)[]) =>
  `<contentList>${ids.map((id) => `<content contentType="Datasource" id="${id}"/>`).join("")}</contentList>`;

describe("data quality warnings", () => {
  test("are made with 201, and changed with 200", async () => {
    const path = `/dataQualityWarnings/datasource/${datasourceIds[0]}`;
    const body = '<dataQualityWarning type="STALE" isActive="true" isSevere="False" message="Old."/>';
    const made = await send("POST", path, body);
    expect(made.status).toBe(201);
    const warning = await objectOf(made.clone(), "dataQualityWarning");
    expect(made.headers.get("location")).toContain(`/dataQualityWarnings/${warning.id}`);
    expect(warning).toMatchObject({
      type: "STALE",
      contentType: "DATASOURCE",
      contentId: datasourceIds[0],
      isActive: true,
      isSevere: false,
      userDisplayName: "Ana Silva",
    });
    // As TSC changes them.
    const changed = await send("PUT", path, '<dataQualityWarning type="STALE" isSevere="true"/>');
    expect(changed.status).toBe(200);
    expect(await objectOf(changed, "dataQualityWarning")).toMatchObject({
      id: warning.id,
      isSevere: true,
      message: "Old.",
    });
    const other = await send("PUT", `/dataQualityWarnings/${warning.id}`, '<dataQualityWarning type="MAINTENANCE"/>');
    expect(await objectOf(other, "dataQualityWarning")).toMatchObject({ id: warning.id, type: "MAINTENANCE" });
    expect(await listIn(await ana.onSite(path), "Warning")).toMatchObject([{ id: warning.id, type: "MAINTENANCE" }]);
    expect((await send("DELETE", path)).status).toBe(204);
    expect(await listIn(await ana.onSite(path), "Warning")).toEqual([]);
  });

  test("are the labels of the same asset", async () => {
    const body = `${contentList(datasourceIds[1])}<label value="Under maintenance" elevated="true"/>`;
    await send("PUT", "/labels", body);
    const warnings = await listIn(await ana.onSite(`/dataQualityWarnings/Datasource/${datasourceIds[1]}`), "Warning");
    expect(warnings).toMatchObject([{ type: "MAINTENANCE", isSevere: true, isActive: true }]);
  });

  test("are given to and taken from several at once", async () => {
    const assets = contentList(datasourceIds[2], datasourceIds[3]);
    const request = `${assets}<dataQualityWarning type="DEPRECATED" message="Soon gone."/>`;
    const given = await listIn(await send("POST", "/dataQualityWarnings/createOrUpdate", request), "Warning");
    expect(given.map(({ contentId }) => contentId)).toEqual([datasourceIds[2], datasourceIds[3]]);
    expect((await send("DELETE", "/dataQualityWarnings/batchDelete", assets)).status).toBe(204);
    for (const { id } of given) {
      expect(await errorOf(await ana.onSite(`/dataQualityWarnings/${id}`))).toMatchObject({ code: "404033" });
    }
  });

  test("have types that the site has", async () => {
    const path = `/dataQualityWarnings/datasource/${datasourceIds[4]}`;
    for (const type of ["RUMOUR", "CERTIFICATION"]) {
      expect(await errorOf(await send("POST", path, `<dataQualityWarning type="${type}"/>`))).toMatchObject({
        code: "400003",
      });
    }
  });

  test("are nobody's to give who may not change the asset", async () => {
    const elif = await sandbox.explorer();
    const path = `/dataQualityWarnings/datasource/${datasourceIds[4]}`;
    const answer = await send("POST", path, '<dataQualityWarning type="STALE"/>', elif);
    expect(await errorOf(answer)).toMatchObject({ code: "403004" });
  });
});

test("certifications are given to several at once, shown, and taken away", async () => {
  const ids = [datasourceIds[5], datasourceIds[6]];
  const request = `${contentList(...ids)}<dataQualityIndicator message="Checked."/>`;
  const given = await listIn(await send("POST", "/dataQualityCertifications", request), "Indicator");
  expect(given).toMatchObject(ids.map((contentId) => ({ contentId, type: "CERTIFICATION", message: "Checked." })));
  const one = await objectOf(await ana.onSite(`/dataQualityCertification/${given[0]?.id}`), "dataQualityIndicator");
  expect(one).toEqual(given[0]);
  expect(await objectOf(await ana.onSite(`/datasources/${ids[0]}`), "datasource")).toMatchObject({ isCertified: true });
  expect((await send("DELETE", "/dataQualityCertification", contentList(...ids))).status).toBe(204);
  expect(await listIn(await ana.onSite(`/dataQualityCertification/datasource/${ids[1]}`), "Indicator")).toEqual([]);
  expect(await objectOf(await ana.onSite(`/datasources/${ids[0]}`), "datasource")).toMatchObject({
    isCertified: false,
  });
});

describe("data quality triggers", () => {
  test("are set once on each asset, found by a filter, changed and deleted", async () => {
    const ids = [datasourceIds[7], datasourceIds[8]];
    const path = `/dataQualityTriggers/datasource/contentIds?filter=contentId:in:[${ids.join(",")}]`;
    const body = '<dataQualityTrigger type="extract_refresh" active="true" severe="true" message="Failed."/>';
    const set = await listIn(await send("POST", path, body), "Trigger");
    expect(set).toMatchObject(ids.map((contentId) => ({ contentId, severe: true, userId: ana.user.id })));
    const again = await listIn(await send("POST", path, '<dataQualityTrigger severe="false"/>'), "Trigger");
    expect(again.map(({ id }) => id)).toEqual(set.map(({ id }) => id));
    const one = `/dataQualityTriggers/${set[0]?.id}`;
    const changed = await objectOf(
      await send("PUT", one, '<dataQualityTrigger active="false"/>'),
      "dataQualityTrigger",
    );
    expect(changed).toMatchObject({ id: set[0]?.id, active: false, severe: false });
    expect((await send("DELETE", one)).status).toBe(204);
    expect(await errorOf(await ana.onSite(one))).toMatchObject({ code: "404043" });
    expect((await listIn(await ana.onSite(path), "Trigger")).map(({ id }) => id)).toEqual([set[1]?.id]);
    expect((await send("DELETE", path)).status).toBe(204);
    expect(await listIn(await ana.onSite(path), "Trigger")).toEqual([]);
  });

  test("are asked for by a filter that names assets", async () => {
    const answer = await ana.onSite("/dataQualityTriggers/datasource/contentIds");
    expect(await errorOf(answer)).toMatchObject({ code: "400065" });
  });
});

test("webhooks are told of a data source's labels", async () => {
  const receiver = await openReceiver();
  for (const event of ["Created", "Updated", "Deleted"]) {
    const destination = `<webhook-destination-http method="POST" url="${receiver.url}/${event}"/>`;
    const webhook = `<webhook name="${event}" event="Label${event}"><webhook-destination>${destination}</webhook-destination></webhook>`;
    expect((await send("POST", "/webhooks", webhook)).status).toBe(201);
  }
  const path = `/dataQualityWarnings/datasource/${datasourceIds[9]}`;
  await send("POST", path, '<dataQualityWarning type="STALE"/>');
  await send("PUT", path, '<dataQualityWarning type="STALE" message="Older."/>');
  await send("DELETE", path);
  await vi.waitFor(
    () => expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(["/Created", "/Deleted", "/Updated"]),
    {
      timeout: 10_000,
    },
  );
  for (const { body } of receiver.received) expect(body).toContain(datasourceIds[9]);
  await receiver.close();
});
