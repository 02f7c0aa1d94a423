import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const idOf = async (plural: string, element: string, filter: string) =>
  String(
    (await pageOf(await ana.onSite(`/${plural}?filter=${encodeURIComponent(filter)}`), plural, element)).items[0]?.id,
  );

/** Views of Superstore, and what the VizQL Data Service is asked for the same. */
const views = [
  { name: "Sales by Region", words: ["Region"], sums: ["Sales"] },
  { name: "Share of Segment", words: ["Segment"], sums: ["Sales"] },
  { name: "Sales and Profit by Sub-Category", words: ["Sub-Category"], sums: ["Profit", "Sales"] },
] as const;

const filters = fc.record(
  {
    Region: fc.subarray(["Central", "East", "South", "West"], { minLength: 1 }),
    Category: fc.subarray(["Furniture", "Office Supplies", "Technology"], { minLength: 1 }),
    "Ship Mode": fc.subarray(["First Class", "Same Day", "Second Class", "Standard Class"], { minLength: 1 }),
    Returned: fc.constantFrom(["Yes"], ["No"]),
  },
  { requiredKeys: [] },
);

const row = z.record(z.string(), z.union([z.string(), z.number()]));

test("a view's data and the VizQL Data Service agree on any filters", async () => {
  const datasourceLuid = await idOf("datasources", "datasource", "name:eq:Superstore Datasource");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...views), filters, async ({ name, words, sums }, wanted) => {
      const id = await idOf("views", "view", `name:eq:${name},workbookName:eq:Superstore`);
      const query = new URLSearchParams();
      for (const [caption, values] of Object.entries(wanted)) query.set(`vf_${caption}`, values.join(","));
      const csv = z
        .array(row)
        .parse(parse(await (await ana.onSite(`/views/${id}/data?${query}`)).text(), { columns: true }));
      const answer = await sandbox.call("/api/v1/vizql-data-service/query-datasource", {
        method: "POST",
        headers: { "x-tableau-auth": ana.token, "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({
          datasource: { datasourceLuid },
          query: {
            fields: [
              ...words.map((fieldCaption) => ({ fieldCaption })),
              ...sums.map((fieldCaption) => ({ fieldCaption, function: "SUM", fieldAlias: fieldCaption })),
            ],
            filters: Object.entries(wanted).map(([fieldCaption, values]) => ({
              filterType: "SET",
              field: { fieldCaption },
              values,
              exclude: false,
            })),
          },
        }),
      });
      const { data } = z.object({ data: z.array(row) }).parse(await answer.json());
      const inOrder = (rows: z.infer<typeof row>[]) =>
        rows
          .map((one) => [...words.map((caption) => one[caption]), ...sums.map((caption) => numberOf(one[caption]))])
          .toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1));
      expect(inOrder(csv)).toEqual(inOrder(data));
    }),
    { numRuns: 20 },
  );
});

function numberOf(written: string | number | undefined): number {
  return typeof written === "number" ? written : Number(written?.replaceAll(",", ""));
}
