import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mainColor } from "../../../pictures/charts/theme.ts";
import {
  errorOf,
  objectOf,
  openTestSandbox,
  pageOf,
  type SignedIn,
  type TestSandbox,
} from "../../../testing/client.ts";
import { countColor, decodePng } from "../../../testing/png.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const idOf = async (name: string, session = ana): Promise<string> => {
  const filter = `name:eq:${encodeURIComponent(name)}`;
  const { items } = await pageOf(await session.onSite(`/views?filter=${filter}`), "views", "view");
  return String(items[0]?.id);
};
const get = async (view: string, path: string, query: Record<string, string> = {}) =>
  ana.onSite(`/views/${await idOf(view)}/${path}?${new URLSearchParams(query)}`, { headers: { accept: "*/*" } });
const bytesOf = async (...asked: Parameters<typeof get>) => Buffer.from(await (await get(...asked)).arrayBuffer());
const csvOf = async (view: string, query: Record<string, string> = {}): Promise<Record<string, string>[]> =>
  parse(await (await get(view, "data", query)).text(), { columns: true });
const imageOf = async (view: string, query: Record<string, string> = {}) =>
  decodePng(await bytesOf(view, "image", query));
const number = (written = ""): number => Number(written.replaceAll(",", ""));

describe("data", () => {
  test("is CSV with captions, a line for each mark and numbers as Tableau writes them", async () => {
    const answer = await get("Monthly Trend", "data");
    expect(answer.headers.get("content-type")).toMatch(/^text\/csv/);
    const [header = "", first = ""] = (await answer.text()).split("\n");
    expect(header).toBe("Region,Month of Order Date,Sales");
    expect(first).toMatch(/^Central,[A-Z][a-z]+ \d{4},("\d+,\d{3}(\.\d+)?"|\d+(\.\d+)?)$/);
  });

  test("a filter leaves the rows of its values, exactly as they were", async () => {
    const all = await csvOf("Monthly Trend");
    const west = await csvOf("Monthly Trend", { vf_Region: "West" });
    expect(west).toEqual(all.filter(({ Region }) => Region === "West"));
    expect(west.length).toBeGreaterThan(40);
    const two = await csvOf("Monthly Trend", { vf_Region: "West,East" });
    expect(two).toEqual(all.filter(({ Region }) => Region === "West" || Region === "East"));
    expect(await csvOf("Monthly Trend", { vf_Region: "Nowhere" })).toEqual([]);
    expect(await csvOf("Monthly Trend", { vf_Region: "west" })).toEqual([]);
  });

  test("a filter of a field that the sheet does not show counts too; one that there is not does not", async () => {
    const all = await csvOf("Monthly Trend");
    const sumOf = (rows: Record<string, string>[]) => rows.reduce((sum, { Sales }) => sum + number(Sales), 0);
    const parts = await Promise.all(
      ["Consumer", "Corporate", "Home Office"].map((Segment) => csvOf("Monthly Trend", { vf_Segment: Segment })),
    );
    expect(parts.map(sumOf).reduce((sum, part) => sum + part)).toBeCloseTo(sumOf(all), 2);
    expect(await csvOf("Monthly Trend", { "vf_No Such Field": "x", vf_region: "West" })).toEqual(all);
  });

  test("any filters together leave what a naive model leaves", async () => {
    const regions = ["Central", "East", "South", "West"];
    const segments = ["Consumer", "Corporate", "Home Office"];
    const all = await csvOf("Sales by Region and Segment");
    expect(all).toHaveLength(regions.length * segments.length);
    const some = (values: string[]) => fc.subarray(values, { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(some(regions), some(segments), async (inRegions, inSegments) => {
        const query = { vf_Region: inRegions.join(","), vf_Segment: inSegments.join(",") };
        const expected = all.filter(
          ({ Region = "", Segment = "" }) => inRegions.includes(Region) && inSegments.includes(Segment),
        );
        expect(await csvOf("Sales by Region and Segment", query)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test("dates are filtered by what they are and by their parts", async () => {
    const all = await csvOf("Monthly Trend");
    const month = all.at(-1)?.["Month of Order Date"] ?? "";
    const [name = "", year = ""] = month.split(" ");
    const of = (part: string) => all.filter((row) => row["Month of Order Date"]?.includes(part));
    expect(await csvOf("Monthly Trend", { "vf_Year of Order Date": year })).toEqual(of(year));
    expect(await csvOf("Monthly Trend", { "vf_YEAR(Order Date)": year })).toEqual(of(year));
    expect(await csvOf("Monthly Trend", { "vf_Month of Order Date": name })).toEqual(of(name));
    expect(await csvOf("Monthly Trend", { "vf_Month of Order Date": month })).toEqual(of(month));
  });

  test("a sheet's own filter can be replaced and cleared", async () => {
    // Of a workbook about the region Central.
    const own = await csvOf("Sales and Profit by City");
    const cleared = await csvOf("Sales and Profit by City", { vf_Region: "" });
    const south = await csvOf("Sales and Profit by City", { vf_Region: "South" });
    expect(cleared.length).toBeGreaterThan(own.length + south.length);
    expect(cleared).toEqual(expect.arrayContaining([...own, ...south]));
  });

  test("parameters change what is shown; what they do not allow does not", async () => {
    const top = async (count: string) =>
      (await csvOf("Top Customers", { "vf_Parameters.Top Customers": count })).length;
    expect([await top("10"), await top("15"), await top("9999"), (await csvOf("Top Customers")).length]).toEqual([
      10, 15, 5, 5,
    ]);
  });

  test("several measures in a table have a line each", async () => {
    const rows = await csvOf("Sub-Category Details");
    expect(Object.keys(rows[0] ?? {})).toEqual(["Measure Names", "Category", "Sub-Category", "Measure Values"]);
    expect(new Set(rows.map((row) => row["Measure Names"]))).toEqual(
      new Set(["Sales", "Profit", "Quantity", "Avg. Discount"]),
    );
    const sales = await csvOf("Sub-Category Details", { "vf_Measure Names": "Sales,Profit" });
    expect(sales).toHaveLength(rows.length / 2);
  });

  test("of a dashboard is that of its first sheet in the alphabet", async () => {
    const key = await csvOf("Superstore Dashboard");
    expect(key.map((row) => row["Measure Names"])).toContain("Sales"); // "Key Figures", which is no view of its own
    const { items } = await pageOf(await ana.onSite("/views?pageSize=1000"), "views", "view");
    const workbooks = Map.groupBy(items, ({ workbook }) => JSON.stringify(workbook));
    const data = async (id: unknown) => (await ana.onSite(`/views/${id}/data`)).text();
    let compared = 0;
    for (const [dashboard, ...sheets] of [...workbooks.values()].slice(0, 20)) {
      const worksheets = sheets.filter(({ sheetType }) => sheetType === "worksheet");
      const all = await Promise.all(
        worksheets.map(async ({ id, name }) => ({ name: String(name), text: await data(id) })),
      );
      // Tables of numbers do not stand on dashboards.
      const shown = all.filter(({ text }) => !text.startsWith("Measure Names")).slice(0, 4);
      const [first] = shown.toSorted((one, other) => (one.name < other.name ? -1 : 1));
      if (first === undefined || first.name > "Key Figures") continue;
      expect(await data(dashboard?.id), first.name).toBe(first.text);
      compared++;
    }
    expect(compared).toBeGreaterThan(5);
  });

  test("and the crosstab are refused to who may not export them, and in the format that is asked for", async () => {
    const answer = await ana.onSite("/views/nothing/data");
    expect([answer.status, (await errorOf(answer)).code]).toEqual([404, "404011"]);
    expect(await (await ana.onSite("/views/nothing/data", { headers: { accept: "*/*" } })).text()).toContain("<error");
    expect(
      (await errorOf(await ana.onSite(`/views/${await idOf("Superstore Dashboard")}/data?maxAge=soon`))).code,
    ).toBe("400000");
  });
});

describe("crosstab", () => {
  test("is an .xlsx file with the sheet's name and its numbers", async () => {
    const answer = await get("Sales by Region", "crosstab/excel");
    expect(answer.headers.get("content-type")).toContain("spreadsheetml");
    expect(Buffer.from(await answer.arrayBuffer()).toString("latin1", 0, 2)).toBe("PK");
  });
});

describe("images", () => {
  test("change with a filter as the data does, and have no marks where it leaves nothing", async () => {
    const all = await imageOf("Sales by Region");
    const west = await imageOf("Sales by Region", { vf_Region: "West" });
    const none = await imageOf("Sales by Region", { vf_Region: "Nowhere" });
    expect(countColor(all, mainColor)).toBeGreaterThan(50_000);
    expect(west.bytes.equals(all.bytes)).toBe(false);
    expect(countColor(none, mainColor)).toBe(0);
    // Bars are as long as their numbers: the rest of the picture tells how many there are.
    const [only] = await csvOf("Sales by Region", { vf_Region: "West" });
    expect(only?.Region).toBe("West");
    expect(countColor(west, mainColor)).toBeGreaterThan(countColor(all, mainColor));
  });

  test("are as large as asked", async () => {
    expect(await imageOf("Sales by Region")).toMatchObject({ width: 800, height: 600 });
    expect(await imageOf("Sales by Region", { resolution: "high" })).toMatchObject({ width: 1600, height: 1200 });
    expect(await imageOf("Sales by Region", { vizWidth: "321", vizHeight: "123" })).toMatchObject({
      width: 321,
      height: 123,
    });
  });

  test("are the same bytes for the same request, also in another sandbox at the same time", async () => {
    const query = { vf_Region: "East" };
    const first = await bytesOf("Monthly Trend", "image", query);
    expect((await bytesOf("Monthly Trend", "image", { ...query, maxAge: "0" })).equals(first)).toBe(true);
    const other = await openTestSandbox();
    const session = await other.administrator();
    const id = await idOf("Monthly Trend", session);
    const again = await session.onSite(`/views/${id}/image?vf_Region=East`);
    expect(Buffer.from(await again.arrayBuffer()).equals(first)).toBe(true);
    await other.close();
  });

  test("are SVG where that is asked for, with text as text", async () => {
    const answer = await get("Sales by Region", "image", { format: "SVG" });
    expect(answer.headers.get("content-type")).toContain("image/svg+xml");
    expect(await answer.text()).toMatch(/<text [^>]*>Sales by Region<\/text>/);
  });

  test.each([
    ["vizWidth=300", /together/],
    ["vizWidth=0&vizHeight=10", /whole numbers/],
    ["vizWidth=5000&vizHeight=10", /whole numbers/],
    ["resolution=enormous", /resolution/],
    ["format=GIF", /format/],
    ["maxAge=-1", /maxAge/],
  ])("are refused for %s", async (query, detail) => {
    const answer = await ana.onSite(`/views/${await idOf("Sales by Region")}/image?${query}`);
    expect(await errorOf(answer)).toMatchObject({ code: "400000", detail: expect.stringMatching(detail) });
  });
});

describe("PDFs and slides", () => {
  const pagesOf = (pdf: Buffer) =>
    [...pdf.toString("latin1").matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((found) =>
      found.slice(1, 3).map(Number),
    );

  test("have the paper that is asked for", async () => {
    expect(pagesOf(await bytesOf("Sales by Region", "pdf"))).toEqual([[612, 1008]]);
    expect(pagesOf(await bytesOf("Sales by Region", "pdf", { type: "A4", orientation: "Landscape" }))).toEqual([
      [841.89, 595.28],
    ]);
    const fit = { type: "unspecified", vizWidth: "400", vizHeight: "200" };
    expect(pagesOf(await bytesOf("Sales by Region", "pdf", fit))).toEqual([[300, 150]]);
    expect((await errorOf(await ana.onSite(`/views/${await idOf("Sales by Region")}/pdf?type=A99`))).code).toBe(
      "400000",
    );
  });

  test("change with a filter", async () => {
    const all = await bytesOf("Sales by Region", "pdf");
    expect((await bytesOf("Sales by Region", "pdf", { vf_Region: "West" })).equals(all)).toBe(false);
  });

  test("of a workbook have a page or a slide for each view, and its preview shows the first", async () => {
    const { items } = await pageOf(await ana.onSite("/workbooks?filter=name:eq:Superstore"), "workbooks", "workbook");
    const workbook = `/workbooks/${items[0]?.id}`;
    const views = (await pageOf(await ana.onSite("/views?filter=workbookName:eq:Superstore"), "views", "view")).items;
    const read = async (path: string) => Buffer.from(await (await ana.onSite(`${workbook}/${path}`)).arrayBuffer());
    expect(pagesOf(await read("pdf?type=a5"))).toEqual(views.map(() => [419.53, 595.28]));
    const slides = (await read("powerpoint")).toString("latin1").match(/ppt\/slides\/slide\d+\.xml/g);
    expect(new Set(slides).size).toBe(views.length);
    const preview = decodePng(await read("previewImage"));
    expect(preview).toMatchObject({ width: 300, height: 240 });
    expect((await read(`views/${views[0]?.id}/previewImage`)).equals(await read("previewImage"))).toBe(true);
    expect((await errorOf(await ana.onSite(`${workbook}/views/${ana.user.id}/previewImage`))).code).toBe("404011");
  });
});

describe("who may take them", () => {
  test("needs the scope, and the permission to export", async () => {
    const id = await idOf("Sales by Region");
    const reader = await sandbox.byJwt(["tableau:content:read"]);
    expect((await errorOf(await reader.onSite(`/views/${id}/image`))).code).toBe("401002");
    const exporter = await sandbox.byJwt(["tableau:views:download"]);
    expect((await exporter.onSite(`/views/${id}/data`)).status).toBe(200);

    const victor = await sandbox.viewer();
    const { items } = await pageOf(await victor.onSite("/views?pageSize=1000"), "views", "view");
    const view = String(items[0]?.id);
    expect((await victor.onSite(`/views/${view}/image`)).status).toBe(200);
    const { workbook } = await objectOf(await victor.onSite(`/views/${view}`), "view");
    const workbookId = JSON.parse(JSON.stringify(workbook)).id;
    const rule = `<tsRequest><permissions><granteeCapabilities><user id="${victor.user.id}"/><capabilities>
      <capability name="Read" mode="Allow"/><capability name="ExportImage" mode="Deny"/>
      <capability name="ExportData" mode="Deny"/></capabilities></granteeCapabilities></permissions></tsRequest>`;
    const changed = await ana.onSite(`/workbooks/${workbookId}/permissions`, { method: "PUT", body: rule });
    expect(changed.status).toBe(200);
    for (const path of ["image", "pdf", "data", "crosstab/excel"]) {
      expect((await errorOf(await victor.onSite(`/views/${view}/${path}`))).code).toBe("403004");
    }
    expect((await victor.onSite(`/workbooks/${workbookId}/views/${view}/previewImage`)).status).toBe(200);
  });
});
