import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const path = "/api/-/content/usage-stats";
const nobody = "00000000-0000-4000-8000-000000000000";

/** 64-bit numbers are text in the JSON of such APIs. */
const count = z.string().regex(/^\d+$/).transform(Number);
const usageSchema = z.strictObject({
  hitsTotal: count,
  hitsLastTwoWeeksTotal: count,
  hitsLastOneMonthTotal: count,
  hitsLastThreeMonthsTotal: count,
  hitsLastTwelveMonthsTotal: count,
});
const batchSchema = z.strictObject({
  content_items: z.array(
    z.strictObject({ content: z.object({ luid: z.string(), type: z.string() }), usage: usageSchema }),
  ),
  errors: z.array(z.strictObject({ httpErrorCode: z.int(), message: z.string() })),
});

async function someViews() {
  const { items } = await pageOf(await ana.onSite("/views?pageSize=5&includeUsageStatistics=true"), "views", "view");
  return z.array(z.looseObject({ id: z.string(), usage: z.object({ totalViewCount: z.string() }) })).parse(items);
}

describe("usage statistics", () => {
  test("of a view count what the REST API counts, and less in shorter spans", async () => {
    for (const { id, usage } of await someViews()) {
      const counted = usageSchema.parse(await (await ana.ask(`${path}/view/${id}`)).json());
      expect(counted.hitsTotal).toBe(Number(usage.totalViewCount));
      const spans = [
        counted.hitsTotal,
        counted.hitsLastTwelveMonthsTotal,
        counted.hitsLastThreeMonthsTotal,
        counted.hitsLastOneMonthTotal,
        counted.hitsLastTwoWeeksTotal,
      ];
      expect(spans).toEqual(spans.toSorted((one, other) => other - one));
    }
  });

  test("of many things are those of each; what can't be told is said beside them", async () => {
    const views = await someViews();
    const wanted = views.map(({ id }) => ({ luid: id, type: "view" }));
    const response = await ana.ask(path, "POST", { content_items: [...wanted, { luid: nobody, type: "workbook" }] });
    const { content_items, errors } = batchSchema.parse(await response.json());
    expect(content_items.map(({ content }) => content)).toEqual(wanted);
    expect(errors).toMatchObject([{ httpErrorCode: 404 }]);
  });

  test("are refused for what is not there, not to be seen, or has none", async () => {
    expect((await ana.ask(`${path}/workbook/${nobody}`)).status).toBe(404);
    expect((await ana.ask(`${path}/group/${nobody}`)).status).toBe(400);
    expect((await ana.ask(path, "POST", { content_items: "all" })).status).toBe(400);
    const victor = await sandbox.viewer();
    const seen = await pageOf(await victor.onSite("/workbooks?pageSize=1000"), "workbooks", "workbook");
    const all = await pageOf(await ana.onSite("/workbooks?pageSize=1000"), "workbooks", "workbook");
    const seenIds = new Set(seen.items.map(({ id }) => id));
    const hidden = all.items.find(({ id }) => !seenIds.has(id));
    expect((await victor.ask(`${path}/workbook/${hidden?.id}`)).status).toBe(404);
  });
});
