import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let datasourceIds: string[];
let tableId: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  datasourceIds = await idsOf("datasources");
  tableId = (await idsOf("tables"))[0] ?? "";
});
afterAll(() => sandbox.close());

async function idsOf(path: "datasources" | "tables"): Promise<string[]> {
  const { items } = await pageOf(await ana.onSite(`/${path}?pageSize=20`), path, path.slice(0, -1));
  return items.map(({ id }) => z.string().parse(id));
}

const labelSchema = z.strictObject({
  id: z.string(),
  site: z.object({ id: z.string() }),
  owner: z.object({ id: z.string() }),
  userDisplayName: z.string(),
  contentId: z.string(),
  contentType: z.string(),
  message: z.string(),
  value: z.string(),
  category: z.string(),
  active: z.boolean(),
  elevated: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

type On = { type: string; id: string };

/** A request about labels, as public clients write it: the assets, and what the label is to say. */
function labels(method: string, assets: On[], label = "", session = ana, query = "") {
  const content = assets.map(({ type, id }) => `<content contentType="${type}" id="${id}"/>`).join("");
  const body = `<tsRequest><contentList>${content}</contentList>${label}</tsRequest>`;
  return session.onSite(`/labels${query}`, { method, body });
}

async function labelsIn(response: Response) {
  const { label } = await objectOf(response, "labelList");
  return z.array(labelSchema).parse(label ?? []);
}

const datasource = (index: number): On => ({ type: "datasource", id: datasourceIds[index] ?? "" });

describe("labels", () => {
  test("are given to several assets at once, each value once, and read back", async () => {
    const assets = [datasource(0), { type: "table", id: tableId }];
    const given = await labelsIn(await labels("PUT", assets, '<label value="deprecated" message="Use the other."/>'));
    expect(given.map(({ contentId }) => contentId)).toEqual(assets.map(({ id }) => id));
    expect(given[0]).toMatchObject({
      contentType: "datasource",
      value: "Deprecated",
      category: "warning",
      message: "Use the other.",
      active: true,
      elevated: false,
      owner: { id: ana.user.id },
    });
    const again = await labelsIn(await labels("PUT", assets, '<label value="Deprecated" elevated="True"/>'));
    expect(again.map(({ id, message, elevated }) => [id, message, elevated])).toEqual(
      given.map(({ id }) => [id, "Use the other.", true]),
    );
    expect(await labelsIn(await labels("POST", assets, "", ana, "?categories=warning"))).toEqual(again);
    expect(await labelsIn(await labels("POST", assets, "", ana, "?categories=sensitivity"))).toEqual([]);
  });

  test("are shown, changed and deleted one by one", async () => {
    const [made] = await labelsIn(await labels("PUT", [datasource(1)], '<label value="Sensitive data"/>'));
    expect(made).toMatchObject({ category: "sensitivity", elevated: true });
    const path = `/labels/${made?.id}`;
    expect(await objectOf(await ana.onSite(path), "label")).toEqual(made);
    const body = '<tsRequest><label active="false" message="Not any more."/></tsRequest>';
    const changed = await objectOf(await ana.onSite(path, { method: "PUT", body }), "label");
    expect(changed).toEqual({ ...made, active: false, message: "Not any more.", updatedAt: changed.updatedAt });
    expect((await ana.onSite(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await ana.onSite(path))).toMatchObject({ code: "404033" });
  });

  test("are one with certification", async () => {
    const asset = datasource(2);
    const isCertified = async () =>
      (await objectOf(await ana.onSite(`/datasources/${asset.id}`), "datasource")).isCertified;
    await labels("PUT", [asset], '<label value="Certified" message="Checked."/>');
    expect(await isCertified()).toBe(true);
    await labels("DELETE", [asset], "", ana, "?categories=certification");
    expect(await isCertified()).toBe(false);
    const certify = { method: "PUT", body: '<tsRequest><datasource isCertified="true"/></tsRequest>' };
    await ana.onSite(`/datasources/${asset.id}`, certify);
    expect(await labelsIn(await labels("POST", [asset]))).toMatchObject([{ value: "Certified", active: true }]);
  });

  test("are removed from several assets at once, those of a category only", async () => {
    const assets = [datasource(3), datasource(4)];
    await labels("PUT", assets, '<label value="Stale data"/>');
    await labels("PUT", assets, '<label value="Sensitive data"/>');
    expect((await labels("DELETE", assets, "", ana, "?categories=DataQualityWarning")).status).toBe(204);
    const left = await labelsIn(await labels("POST", assets, "", ana, "?categories=warning,sensitivity"));
    expect(left.map(({ value }) => value)).toEqual(["Sensitive data", "Sensitive data"]);
  });

  test.each([
    [
      "an asset that is not there",
      [{ type: "table", id: "00000000-0000-4000-8000-000000000000" }],
      "Stale data",
      "404038",
    ],
    ["a type of content without labels", [{ type: "group", id: "x" }], "Stale data", "400003"],
    ["a value that the site does not have", [], "Nonsense", "404036"],
  ])("are refused for %s, and then nothing is labelled", async (_what, wrong, value, code) => {
    const answer = await labels("PUT", [datasource(5), ...wrong], `<label value="${value}"/>`);
    expect(await errorOf(answer)).toMatchObject({ code });
    expect(await labelsIn(await labels("POST", [datasource(5)], "", ana, "?categories=warning"))).toEqual([]);
  });

  test("are only for those who may change an asset to give", async () => {
    const victor = await sandbox.viewer();
    const refused = await labels("PUT", [{ type: "table", id: tableId }], '<label value="Stale data"/>', victor);
    expect(await errorOf(refused)).toMatchObject({ code: "403004" });
    const publisher = await sandbox.newcomer("ExplorerCanPublish");
    const other = await labels("PUT", [{ type: "table", id: tableId }], '<label value="Stale data"/>', publisher);
    expect(await errorOf(other)).toMatchObject({ code: "403004" });
  });
});

describe("label values and categories", () => {
  const send = (method: string, path: string, body = "", session = ana) =>
    session.onSite(path, { method, ...(body === "" ? {} : { body: `<tsRequest>${body}</tsRequest>` }) });
  const valuesOf = async (query = "") => {
    const { labelValue } = await objectOf(await ana.onSite(`/labelValues${query}`), "labelValueList");
    return z.array(z.looseObject({ name: z.string(), category: z.string() })).parse(labelValue);
  };

  test("are Tableau's own at first, which stay what they are", async () => {
    const names = (await valuesOf("?categories=warning")).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["Warning", "Deprecated", "Stale data", "Under maintenance"]));
    expect(names).not.toContain("Certified");
    expect(await errorOf(await send("DELETE", "/labelValues/Deprecated"))).toMatchObject({ code: "403004" });
    expect(await errorOf(await send("DELETE", "/labelCategories/warning"))).toMatchObject({ code: "403004" });
    const moved = await objectOf(
      await send("PUT", "/labelValues", '<labelValue name="deprecated" category="sensitivity" description="Old."/>'),
      "labelValue",
    );
    expect(moved).toMatchObject({ name: "Deprecated", category: "warning", description: "Old.", builtIn: true });
  });

  test("are made, given, and go with what was labelled", async () => {
    const made = await send("POST", "/labelCategories", '<labelCategory name="Region" description="Where."/>');
    expect(made.status).toBe(201);
    expect(await errorOf(await send("POST", "/labelCategories", '<labelCategory name="region"/>'))).toMatchObject({
      code: "409000",
    });
    await send("PUT", "/labelValues", '<labelValue name="Europe" category="Region" elevatedDefault="true"/>');
    const value = await objectOf(await ana.onSite("/labelValues/europe"), "labelValue");
    expect(value).toMatchObject({ name: "Europe", category: "Region", builtIn: false, elevatedDefault: true });
    const [label] = await labelsIn(await labels("PUT", [datasource(6)], '<label value="Europe"/>'));
    expect(label).toMatchObject({ category: "Region", elevated: true });
    expect((await send("DELETE", "/labelCategories/Region")).status).toBe(204);
    expect(await errorOf(await ana.onSite("/labelValues/Europe"))).toMatchObject({ code: "404036" });
    expect(await errorOf(await ana.onSite(`/labels/${label?.id}`))).toMatchObject({ code: "404033" });
  });

  test("are for administrators to make, and need a name and a category", async () => {
    const victor = await sandbox.viewer();
    const body = '<labelValue name="Mine" category="warning"/>';
    expect(await errorOf(await send("PUT", "/labelValues", body, victor))).toMatchObject({ code: "403004" });
    expect(await errorOf(await send("PUT", "/labelValues", '<labelValue name=" "/>'))).toMatchObject({
      code: "400003",
    });
    const lost = '<labelValue name="Lost" category="nowhere"/>';
    expect(await errorOf(await send("PUT", "/labelValues", lost))).toMatchObject({ code: "404036" });
  });
});
