import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  errorOf,
  labelsOf,
  objectOf,
  openTestSandbox,
  pageOf,
  type SignedIn,
  type TestSandbox,
} from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const list = async (query: string, session = ana) =>
  (await pageOf(await session.onSite(`/views?pageSize=1000&${query}`), "views", "view")).items;
const names = async (query: string) => (await list(query)).map(({ name }) => name);

describe("the seed", () => {
  test("has many views of every kind and mark, named for what they show", async () => {
    const all = await list("");
    expect(all.length).toBeGreaterThanOrEqual(250);
    const kinds = Map.groupBy(all, ({ sheetType }) => sheetType);
    expect([...kinds.keys()].toSorted()).toEqual(["dashboard", "story", "worksheet"]);
    const workbooks = Map.groupBy(all, ({ workbook }) => JSON.stringify(workbook));
    expect(workbooks.size).toBeGreaterThanOrEqual(60);
    expect(Math.min(...[...workbooks.values()].map((views) => views.length))).toBeGreaterThanOrEqual(3);
    expect(await names("filter=workbookName:eq:Superstore&sort=sheetNumber:asc")).toEqual([
      "Superstore Dashboard",
      "Sales by Region",
      "Monthly Trend",
      "Sales and Profit by Sub-Category",
      "Share of Segment",
      "Sub-Category Details",
    ]);
  });

  test("gives the data of every view", async () => {
    const all = await list("");
    const failed: unknown[] = [];
    for (const { id, name } of all) {
      const answer = await ana.onSite(`/views/${id}/data`);
      const lines = (await answer.text()).trim().split("\n").length;
      if (answer.status !== 200 || lines < 2) failed.push(name);
    }
    expect(failed).toEqual([]);
  });
});

describe("lists", () => {
  test.each([
    ["filter=contentUrl:eq:Superstore/sheets/MonthlyTrend", "Monthly Trend"],
    ["filter=viewUrlName:eq:MonthlyTrend,workbookName:eq:Superstore", "Monthly Trend"],
    ["filter=viewUrlname:eq:MonthlyTrend,workbookName:eq:Superstore", "Monthly Trend"],
    ["filter=caption:eq:Monthly+Trend,workbookName:eq:Superstore", "Monthly Trend"],
    ["filter=title:in:[Monthly+Trend,Nothing],workbookName:eq:Superstore", "Monthly Trend"],
    ["filter=sheetNumber:lte:1,workbookName:eq:Superstore", "Superstore Dashboard"],
    ["filter=sheetType:eq:dashboard,workbookName:eq:Superstore", "Superstore Dashboard"],
    ["filter=fields:eq:Segment,workbookName:eq:Superstore,sheetType:eq:worksheet", "Share of Segment"],
  ])("%s", async (query, expected) => {
    expect(await names(query)).toEqual([expected]);
  });

  test.each([
    "hitsTotal",
    "favoritesTotal",
    "createdAt",
    "updatedAt",
    "sheetNumber",
    "name",
    "workbookName",
    "ownerName",
  ])("can be sorted by %s", async (key) => {
    const up = await names(`sort=${key}:asc,contentUrl:asc`);
    const down = await names(`sort=${key}:desc,contentUrl:desc`);
    expect(down).toEqual(up.toReversed());
  });

  test("show usage and all fields when they are asked for", async () => {
    const [plain] = await list("filter=workbookName:eq:Superstore");
    expect(plain).not.toHaveProperty("usage");
    const [used] = await list("filter=workbookName:eq:Superstore&includeUsageStatistics=True");
    expect(used).toMatchObject({ usage: { totalViewCount: expect.stringMatching(/^\d+$/) } });
    const [all] = await list("filter=workbookName:eq:Superstore&fields=_all_");
    expect(all).toMatchObject({
      workbook: { name: "Superstore", contentUrl: "Superstore" },
      owner: { email: expect.stringContaining("@"), siteRole: expect.any(String) },
      project: { name: "Default" },
      location: { type: "Project" },
      favoritesTotal: expect.any(String),
    });
    const one = await objectOf(await ana.onSite(`/views/${plain?.id}?includeUsageStatistics=true`), "view");
    expect(one).toMatchObject({ name: "Superstore Dashboard", usage: expect.anything() });
  });

  test("show to each what they may see", async () => {
    const victor = await sandbox.viewer();
    const seen = await list("", victor);
    expect(seen.length).toBeLessThan((await list("")).length);
    const ids = new Set(seen.map(({ id }) => id));
    const hidden = (await list("")).find(({ id }) => !ids.has(id));
    expect((await errorOf(await victor.onSite(`/views/${hidden?.id}`))).code).toBe("403004");
  });
});

describe("changing views", () => {
  test("tags are added and removed", async () => {
    const [view] = await list("filter=workbookName:eq:Regional");
    const body = '<tsRequest><tags><tag label="Q4"/><tag label="north"/></tags></tsRequest>';
    const added = await objectOf(await ana.onSite(`/views/${view?.id}/tags`, { method: "PUT", body }), "tags");
    expect(labelsOf(added)).toEqual(expect.arrayContaining(["north"]));
    expect((await ana.onSite(`/views/${view?.id}/tags/north`, { method: "DELETE" })).status).toBe(204);
    expect(await names("filter=tags:eq:north")).toEqual([]);
  });

  test("a view is deleted, and a workbook with its last one", async () => {
    const views = await list("filter=workbookName:eq:Regional");
    const victor = await sandbox.viewer();
    expect((await errorOf(await victor.onSite(`/views/${views[0]?.id}`, { method: "DELETE" }))).code).toBe("403004");
    for (const { id } of views) expect((await ana.onSite(`/views/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await names("filter=workbookName:eq:Regional")).toEqual([]);
    const workbooks = await pageOf(await ana.onSite("/workbooks?filter=name:eq:Regional"), "workbooks", "workbook");
    expect(workbooks.items).toEqual([]);
    expect((await errorOf(await ana.onSite(`/views/${views[0]?.id}`))).code).toBe("404011");
  });
});

describe("recommendations", () => {
  const recommended = async () => {
    const schema = z.object({ recommendation: z.array(z.object({ recommendedId: z.string() })) });
    const answer = await objectOf(await ana.onSite("/recommendations/?type=view"), "recommendations");
    return schema.parse(answer).recommendation.map(({ recommendedId }) => recommendedId);
  };

  test("are hidden and shown again", async () => {
    const [first] = await recommended();
    const body = `<tsRequest><recommendationDismissal><view id="${first}"/></recommendationDismissal></tsRequest>`;
    expect((await ana.onSite("/recommendations/dismissals", { method: "PUT", body })).status).toBe(204);
    expect(await recommended()).not.toContain(first);
    const shown = await ana.onSite(`/recommendations/dismissals/?type=view&id=${first}`, { method: "DELETE" });
    expect(shown.status).toBe(204);
    expect((await recommended())[0]).toBe(first);
    expect((await errorOf(await ana.onSite("/recommendations?type=workbook"))).code).toBe("400000");
  });
});
