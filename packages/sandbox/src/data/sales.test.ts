import { describe, expect, test } from "vitest";
import { partOf } from "./parts.ts";
import { salesSeed, salesTable } from "./sales.ts";
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

describe("the sales table", () => {
  test("has about 10,000 rows, over four years up to today, and a value in every column of each", () => {
    expect(table.rowCount).toBeGreaterThan(9_000);
    expect(table.rowCount).toBeLessThan(11_000);
    expect(column("Order Date")[0]).toBe("2021-12-01");
    expect(column("Order Date").at(-1)?.toString() ?? "").toMatch(/^2025-11-2/);
    for (const [caption, values] of table.columns) {
      expect(values).toHaveLength(table.rowCount);
      if (caption !== "Ship Date") expect(values.filter((value) => value === null)).toEqual([]);
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
    const tickets = tableOf(site, { fields: undefined, part: partOf("Support Tickets") ?? {} }, now);
    expect(tickets.rowCount).toBe(column("Returned").filter((value) => value === "Yes").length);
    expect(tickets.logicalTables.map(({ caption }) => caption)).toEqual(["Orders"]);
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
