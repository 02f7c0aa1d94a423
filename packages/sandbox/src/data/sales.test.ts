import { describe, expect, test } from "vitest";
import { partOf } from "./parts.ts";
import { isProblem } from "./problem.ts";
import { runQuery } from "./query.ts";
import { salesSeed, salesTable } from "./sales.ts";
import { allFields } from "./sales-fields.ts";
import { tableOf } from "./source.ts";
import { fieldOf, type Table, type Value } from "./table.ts";

const now = Date.parse("2025-11-26T12:00:00Z");
const made = salesSeed("test", now);
const { table } = salesTable(made, now);

const column = (caption: string, of: Table = table): readonly Value[] => of.columns.get(caption) ?? [];

/** Sums of a measure for each member of a dimension, as the member is found in a value. */
function sumBy(measure: string, dimension: string, member = (value: Value) => String(value)): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [row, value] of column(dimension).entries()) {
    const key = member(value);
    sums[key] = (sums[key] ?? 0) + Number(column(measure)[row]);
  }
  return sums;
}

/** Columns of what happens to orders later, if it does. */
const later = new Set(["Ship Date", "Return Date", "Return Reason"]);

describe("the sales table", () => {
  test("has about 10,000 rows, over whole years up to today, and a value in every column of each", () => {
    expect(table.rowCount).toBeGreaterThan(9_000);
    expect(table.rowCount).toBeLessThan(11_000);
    expect(column("Order Date")[0]?.toString() ?? "").toMatch(/^2022-01-0/);
    expect(column("Order Date").at(-1)?.toString() ?? "").toMatch(/^2025-11-2/);
    for (const [caption, values] of table.columns) {
      expect(values).toHaveLength(table.rowCount);
      if (!later.has(caption)) expect(values.filter((value) => value === null)).toEqual([]);
    }
  });

  test("is the same for the same seed, another for another, and goes on day by day", () => {
    const again = salesTable({ ...made }, now + 3_600_000).table;
    expect(again).toBe(table);
    expect(column("Customer Name", salesTable(salesSeed("other", now), now).table)).not.toEqual(
      column("Customer Name"),
    );
    const later = salesTable(made, now + 5 * 24 * 3_600_000).table;
    expect(later.rowCount).toBeGreaterThan(table.rowCount);
    expect(column("Sales", later).slice(0, table.rowCount)).toEqual(column("Sales"));
  });

  test("is believable: it grows, ends of years are busy, regions differ, and discounts hurt", () => {
    const byYear = sumBy("Sales", "Order Date", (date) => String(date).slice(0, 4));
    expect(byYear["2024"]).toBeGreaterThan(byYear["2022"] ?? 0);
    const byMonth = sumBy("Sales", "Order Date", (date) => String(date).slice(5, 7));
    expect(byMonth["11"]).toBeGreaterThan(byMonth["02"] ?? 0);
    const byRegion = sumBy("Sales", "Region");
    expect(byRegion.West).toBeGreaterThan(2 * (byRegion.South ?? 0));
    const byDiscount = sumBy("Profit", "Discount", (discount) => (Number(discount) >= 0.3 ? "high" : "low"));
    expect(byDiscount.high).toBeLessThan(0);
    expect(byDiscount.low).toBeGreaterThan(0);
  });

  test("knows of each row what belongs together", () => {
    const regionOf = new Map<Value, Set<Value>>();
    const shelfOf = new Map<Value, Value>();
    for (let row = 0; row < table.rowCount; row++) {
      const at = (caption: string): Value => column(caption)[row] ?? null;
      const regions = regionOf.get(at("State/Province")) ?? new Set();
      regionOf.set(at("State/Province"), regions.add(at("Region")));
      expect(shelfOf.get(at("Sub-Category")) ?? at("Category")).toBe(at("Category"));
      shelfOf.set(at("Sub-Category"), at("Category"));
      expect(String(at("Product Name")).startsWith(String(at("Manufacturer")))).toBe(true);
      const shipped = at("Ship Date");
      if (shipped !== null) expect(String(shipped) >= String(at("Order Date"))).toBe(true);
    }
    expect([...regionOf.values()].every((regions) => regions.size === 1)).toBe(true);
  });
});

test("what becomes of orders goes together with when they were placed, and by whom", () => {
  const whole = { fields: undefined, part: { fields: allFields.map(({ caption }) => [caption, caption] as const) } };
  const all = tableOf({ sales: made }, whole, now);
  const firsts = new Map<Value, Value>();
  for (let row = 0; row < all.rowCount; row++) {
    const at = (caption: string): string => String(column(caption, all)[row]);
    expect(at("Customer Since") <= at("Order Date")).toBe(true);
    expect(firsts.get(at("Customer ID")) ?? at("Customer Since")).toBe(at("Customer Since"));
    firsts.set(at("Customer ID"), at("Customer Since"));
    if (at("Customer Type") === "New") expect(at("Customer Since")).toBe(at("Order Date"));
    const isBack = at("Returned") === "Yes";
    expect([at("Return Date") !== "null", at("Return Reason") !== "null"]).toEqual([isBack, isBack]);
    if (isBack) expect(at("Return Date") > at("Ship Date") && at("Return Date") <= "2025-11-26").toBe(true);
    expect(Number(at("Shipping Cost"))).toBeGreaterThan(0);
  }
  const figure = (caption: string): number => {
    const answer = runQuery(all, { fields: [{ fieldCaption: caption }] }, now);
    return isProblem(answer) ? Number.NaN : Number(answer.rows[0]?.[0]);
  };
  expect(figure("Attainment")).toBeCloseTo(1, 0);
  expect(figure("On-time Rate")).toBeGreaterThan(0.8);
  expect(figure("Return Rate")).toBeLessThan(0.1);
  expect(figure("Repeat Share")).toBeLessThan(1);
  expect(figure("List Value") - figure("Discount Amount")).toBeCloseTo(figure("Sales"), 2);
  expect(figure("Sales") - figure("Cost")).toBeCloseTo(figure("Profit"), 2);
  expect(figure("Average Order Value") * figure("Order Count")).toBeCloseTo(figure("Sales"), 2);
});

describe("a data source", () => {
  const site = { sales: made };

  test("without a part of its own holds the whole table", () => {
    expect(tableOf(site, { fields: undefined }, now)).toBe(table);
  });

  test("holds its rows and its fields by its own names, and formulas follow", () => {
    const part = partOf("General Ledger 7");
    const ledger = tableOf(site, { fields: undefined, ...(part === undefined ? {} : { part }) }, now);
    expect(ledger.fields.map(({ caption }) => caption)).toContain("Gross Margin");
    expect(fieldOf(ledger, "Gross Margin")?.formula).toBe("SUM([Gross Profit])/SUM([Revenue])");
    expect(fieldOf(ledger, "Sales")).toBeUndefined();
    expect(column("Revenue", ledger)).toBe(column("Sales"));
    const requests = tableOf(site, { fields: undefined, part: partOf("Return Requests") ?? {} }, now);
    expect(requests.rowCount).toBe(column("Returned").filter((value) => value === "Yes").length);
    expect(requests.logicalTables.map(({ caption }) => caption)).toEqual(["Return Requests"]);
    expect(requests.parameters.map(({ caption }) => caption)).toEqual(["Top Customers", "Segment Focus"]);
  });

  test("of a published file has the file's fields and no rows, and says so", () => {
    const fields = [
      { name: "When", dataType: "datetime", role: "dimension" as const, formula: undefined, isHidden: false },
      { name: "Amount", dataType: "real", role: "measure" as const, formula: undefined, isHidden: false },
      { name: "Twice", dataType: "real", role: "measure" as const, formula: "[Amount]*2", isHidden: false },
      { name: "Secret", dataType: "string", role: "dimension" as const, formula: undefined, isHidden: true },
    ];
    const published = tableOf(site, { fields }, now);
    expect(published).toMatchObject({ rowCount: 0, unreadable: true });
    expect(
      published.fields.map(({ caption, dataType, role, columnClass }) => [caption, dataType, role, columnClass]),
    ).toEqual([
      ["When", "DATETIME", "DIMENSION", "COLUMN"],
      ["Amount", "REAL", "MEASURE", "COLUMN"],
      ["Twice", "REAL", "MEASURE", "CALCULATION"],
    ]);
  });
});
