import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem } from "./problem.ts";
import { type Query, type QueryAnswer, runQuery } from "./query.ts";
import type { Filter, QueryField } from "./query-types.ts";
import { salesSeed, salesTable } from "./sales.ts";
import type { Aggregation, Field, Table, Value } from "./table.ts";

const now = Date.parse("2025-11-26T12:00:00Z");
const { table: sales } = salesTable(salesSeed("test", now), now);

function answerOf(query: Query, table: Table = sales): QueryAnswer {
  const answer = runQuery(table, query, now);
  if (isProblem(answer)) throw new Error(answer.message);
  return answer;
}

const problemOf = (query: Query) => {
  const answer = runQuery(sales, query, now);
  return isProblem(answer) ? answer.cause : answer.rows.length;
};

const field = (fieldCaption: string, more: Partial<QueryField> = {}): QueryField => ({ fieldCaption, ...more });
const sum = (fieldCaption: string): QueryField => field(fieldCaption, { function: "SUM" });

/** A small table of any rows: two dimensions, a date, a measure; each value may be missing. */
type Row = { letter: string | null; isOn: boolean | null; day: string | null; amount: number | null };

const rows = fc.array(
  fc.record<Row>({
    letter: fc.option(fc.constantFrom("a", "b", "B", "ab", "")),
    isOn: fc.option(fc.boolean()),
    day: fc.option(
      fc.integer({ min: 0, max: 900 }).map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10)),
    ),
    amount: fc.option(fc.integer({ min: -5000, max: 5000 }).map((cents) => cents / 100)),
  }),
  { maxLength: 60 },
);

const described = (caption: string, dataType: Field["dataType"], role: Field["role"] = "DIMENSION"): Field => ({
  caption,
  name: `[${caption}]`,
  dataType,
  role,
  defaultAggregation: role === "MEASURE" ? "SUM" : "COUNT",
  columnClass: "COLUMN",
  description: "",
  table: "Rows",
});

function tableOfRows(of: readonly Row[]): Table {
  const values = (from: (row: Row) => Value): Value[] => of.map(from);
  return {
    fields: [
      described("letter", "STRING"),
      described("isOn", "BOOLEAN"),
      described("day", "DATE"),
      described("amount", "REAL", "MEASURE"),
    ],
    parameters: [],
    logicalTables: [{ id: "Rows", caption: "Rows" }],
    relationships: [],
    columns: new Map([
      ["letter", values(({ letter }) => letter)],
      ["isOn", values(({ isOn }) => isOn)],
      ["day", values(({ day }) => day)],
      ["amount", values(({ amount }) => amount)],
    ]),
    rowCount: of.length,
    unreadable: false,
  };
}

const dimensions = fc.subarray(["letter", "isOn", "day"] as const);
const aggregation = fc.constantFrom<Aggregation>(
  "SUM",
  "AVG",
  "MEDIAN",
  "COUNT",
  "COUNTD",
  "MIN",
  "MAX",
  "STDEV",
  "VAR",
);

const filters = fc.record(
  {
    letters: fc.array(fc.constantFrom<Value>("a", "b", "B", "ab", "", null), { minLength: 1, maxLength: 3 }),
    exclude: fc.boolean(),
    least: fc.integer({ min: -60, max: 60 }),
    from: fc.integer({ min: 0, max: 900 }),
  },
  { requiredKeys: [] },
);

type Wanted = { letters?: Value[]; exclude?: boolean; least?: number; from?: number };

const dayOf = (days: number): string => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10);

function written({ letters, exclude = false, least, from }: Wanted): Filter[] {
  const made: Filter[] = [];
  if (letters) made.push({ filterType: "SET", field: field("letter"), values: letters, exclude });
  if (least !== undefined) {
    made.push({
      filterType: "QUANTITATIVE_NUMERICAL",
      field: field("amount"),
      quantitativeFilterType: "MIN",
      min: least,
    });
  }
  if (from !== undefined) {
    const bounds = { quantitativeFilterType: "MAX" as const, maxDate: dayOf(from), includeNulls: true };
    made.push({ filterType: "QUANTITATIVE_DATE", field: field("day"), ...bounds });
  }
  return made;
}

/** The same, said as plainly as possible. */
function keeps({ letters, exclude = false, least, from }: Wanted, row: Row): boolean {
  if (letters && letters.includes(row.letter) === exclude) return false;
  if (least !== undefined && (row.amount === null || row.amount < least)) return false;
  return from === undefined || row.day === null || row.day <= dayOf(from);
}

function naiveAggregate(of: Aggregation, values: readonly number[]): number | null {
  const total = values.reduce((all, value) => all + value, 0);
  const mean = total / values.length;
  const variance = values.reduce((all, value) => all + (value - mean) ** 2, 0) / (values.length - 1);
  const sorted = [...values].sort((one, other) => one - other);
  if (of === "COUNT") return values.length;
  if (of === "COUNTD") return new Set(values).size;
  if (values.length === 0) return null;
  if (of === "SUM") return total;
  if (of === "AVG") return mean;
  if (of === "MIN") return sorted[0] ?? null;
  if (of === "MAX") return sorted.at(-1) ?? null;
  if (of === "MEDIAN") return ((sorted[(values.length - 1) >> 1] ?? 0) + (sorted[values.length >> 1] ?? 0)) / 2;
  if (values.length < 2) return null;
  return of === "VAR" ? variance : Math.sqrt(variance);
}

test("filters, groups and aggregates as a naive model does", () => {
  fc.assert(
    fc.property(rows, dimensions, aggregation, filters, (of, keys, aggregate, wanted) => {
      const query = {
        fields: [...keys.map((key) => field(key)), field("amount", { function: aggregate })],
        filters: written(wanted),
      };
      const answer = answerOf(query, tableOfRows(of));
      const kept = of.filter((row) => keeps(wanted, row));
      const groups = Map.groupBy(kept, (row) => JSON.stringify(keys.map((key) => row[key])));
      expect(answer.rows).toHaveLength(groups.size);
      for (const row of answer.rows) {
        const group = groups.get(JSON.stringify(row.slice(0, -1))) ?? [];
        const amounts = group.map(({ amount }) => amount).filter((amount) => amount !== null);
        const expected = naiveAggregate(aggregate, amounts);
        if (expected === null) expect(row.at(-1)).toBeNull();
        else expect(row.at(-1)).toBeCloseTo(expected, 5);
      }
    }),
  );
});

test("sorts by priorities, leaves equal ones in their order, and cuts to the limit", () => {
  fc.assert(
    fc.property(rows, fc.boolean(), fc.integer({ min: 1, max: 20 }), (of, isDown, rowLimit) => {
      const direction = isDown ? ("DESC" as const) : ("ASC" as const);
      const fields = [
        field("letter", { sortPriority: 2 }),
        field("day"),
        field("amount", { function: "SUM", sortPriority: 1, sortDirection: direction }),
      ];
      const all = answerOf({ fields }, tableOfRows(of)).rows;
      const order = (one: Value, other: Value): number =>
        one === other ? 0 : one === null ? -1 : other === null ? 1 : one < other ? -1 : 1;
      for (let at = 1; at < all.length; at++) {
        const [before = [], after = []] = all.slice(at - 1, at + 1);
        const byAmount = (isDown ? -1 : 1) * order(before[2] ?? null, after[2] ?? null);
        expect(byAmount).toBeLessThanOrEqual(0);
        if (byAmount === 0) expect(order(before[0] ?? null, after[0] ?? null)).toBeLessThanOrEqual(0);
      }
      expect(answerOf({ fields, rowLimit }, tableOfRows(of)).rows).toEqual(all.slice(0, rowLimit));
    }),
  );
});

describe("fields", () => {
  test("take their default aggregation, their names and their decimals", () => {
    const answer = answerOf({
      fields: [
        field("Sales"),
        field("Discount"),
        field("Profit Ratio", { maxDecimalPlaces: 2 }),
        sum("Profit"),
        field("Quantity", { function: "MAX", fieldAlias: "Most" }),
      ],
    });
    expect(answer.columns.map(({ name }) => name)).toEqual([
      "Sales",
      "Discount",
      "Profit Ratio",
      "SUM(Profit)",
      "Most",
    ]);
    const [row = []] = answer.rows;
    expect(row[1]).toBeLessThan(1);
    expect(String(row[2])).toMatch(/^0\.\d\d?$/);
  });

  test("of dates are cut and taken apart; weeks begin on Sundays", () => {
    const one: Filter = { filterType: "SET", field: field("Order Date"), values: ["2025-07-02"] };
    const parts = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY"] as const;
    const cuts = ["TRUNC_YEAR", "TRUNC_QUARTER", "TRUNC_MONTH", "TRUNC_WEEK", "TRUNC_DAY"] as const;
    const fields = [...parts, ...cuts].map((applied) => field("Order Date", { function: applied }));
    const [row] = answerOf({ fields, filters: [one] }).rows;
    expect(row).toEqual([2025, 3, 7, 27, 2, "2025-01-01", "2025-07-01", "2025-07-01", "2025-06-29", "2025-07-02"]);
  });

  test("are put into bins, and the data source's own bins follow their parameter", () => {
    const bins = answerOf({ fields: [field("Sales", { binSize: 1000 }), field("Row ID", { function: "COUNT" })] }).rows;
    expect(bins.length).toBeGreaterThan(5);
    expect(bins.every(([bin]) => Number(bin) % 1000 === 0)).toBe(true);
    expect(bins.reduce((all, [, count]) => all + Number(count), 0)).toBe(sales.rowCount);
    const own = answerOf({ fields: [field("Profit (bin)")], parameters: new Map([["Profit Bin Size", 500]]) }).rows;
    expect(own.every(([bin]) => Number(bin) % 500 === 0)).toBe(true);
  });

  test("give every row when they are not to be aggregated, and may be known by their names", () => {
    const answer = answerOf({ fields: [field("Row ID"), sum("Sales")], disaggregate: true, rowLimit: 3 });
    expect(answer.rows.map(([id]) => id)).toEqual([1, 2, 3]);
    const byName = answerOf({ fields: [field("Product Name (group)")], byName: true });
    expect(byName.rows).toHaveLength(16);
  });
});

describe("filters", () => {
  const total = (filters: Filter[]): Value => answerOf({ fields: [sum("Sales")], filters }).rows[0]?.[0] ?? null;
  const set = (fieldCaption: string, ...values: Value[]): Filter => ({
    filterType: "SET",
    field: field(fieldCaption),
    values,
  });
  const top = (howMany: number, more: Partial<Extract<Filter, { filterType: "TOP" }>> = {}): Filter => ({
    filterType: "TOP",
    field: field("Sub-Category"),
    howMany,
    fieldToMeasure: sum("Sales"),
    ...more,
  });
  const shelves = (filters: Filter[]) => answerOf({ fields: [field("Sub-Category")], filters }).rows.flat();

  test("of aggregates leave groups, and of rows leave rows", () => {
    const bySegment = answerOf({ fields: [field("Segment"), sum("Sales")] }).rows;
    const most = Math.max(...bySegment.map(([, value]) => Number(value)));
    const least = { quantitativeFilterType: "MIN" as const, min: most };
    const ofGroups: Filter = { filterType: "QUANTITATIVE_NUMERICAL", field: sum("Sales"), ...least };
    expect(answerOf({ fields: [field("Segment"), sum("Sales")], filters: [ofGroups] }).rows).toEqual([
      bySegment.find(([, value]) => value === most),
    ]);
    const ofRows: Filter = { filterType: "QUANTITATIVE_NUMERICAL", field: field("Sales"), ...least };
    expect(answerOf({ fields: [field("Segment")], filters: [ofRows] }).rows).toEqual([]);
  });

  test("look only at what context filters leave", () => {
    const furniture = set("Category", "Furniture");
    expect(shelves([top(1), furniture]).length).toBeLessThan(shelves([top(4), { ...furniture, context: true }]).length);
    expect(shelves([top(4), furniture]).length).toBeLessThan(4);
    expect(shelves([top(2, { direction: "BOTTOM" }), { ...furniture, context: true }])).toHaveLength(2);
  });

  test("match texts in any letter case, and keep what the condition of an aggregate holds for", () => {
    const states = (filter: Filter) => answerOf({ fields: [field("State/Province")], filters: [filter] }).rows.flat();
    const match = { filterType: "MATCH" as const, field: field("State/Province") };
    expect(states({ ...match, startsWith: "new" })).toEqual(["New Jersey", "New York"]);
    expect(states({ ...match, endsWith: "A", contains: "o", exclude: false })).toContain("Arizona");
    const condition = { fieldCaption: "Profit", function: "SUM", comparison: "<", value: 0 } as const;
    const losing = states({ filterType: "CONDITION", field: field("State/Province"), condition });
    const also = states({ filterType: "CONDITION", field: field("State/Province"), calculation: "SUM([Profit]) < 0" });
    expect(losing).toEqual(also);
  });

  test.each([
    [{ dateRangeType: "CURRENT" }, "2025-11-01", "2025-11-30"],
    [{ dateRangeType: "LAST" }, "2025-10-01", "2025-10-31"],
    [{ dateRangeType: "NEXT" }, "2025-12-01", "2025-12-31"],
    [{ dateRangeType: "LASTN", rangeN: 3 }, "2025-09-01", "2025-11-30"],
    [{ dateRangeType: "NEXTN", rangeN: 2 }, "2025-11-01", "2025-12-31"],
    [{ dateRangeType: "TODATE", anchorDate: "2024-02-15" }, "2024-02-01", "2024-02-15"],
  ] as const)("of relative dates: %o is from %s to %s", (range, minDate, maxDate) => {
    const relative: Filter = { filterType: "DATE", field: field("Order Date"), periodType: "MONTHS", ...range };
    const bounds = { quantitativeFilterType: "RANGE" as const, minDate, maxDate };
    expect(total([relative])).toEqual(
      total([{ filterType: "QUANTITATIVE_DATE", field: field("Order Date"), ...bounds }]),
    );
  });

  test("know what is missing", () => {
    const nulls: Filter = {
      filterType: "QUANTITATIVE_DATE",
      field: field("Ship Date"),
      quantitativeFilterType: "ONLY_NULL",
    };
    const missing = answerOf({ fields: [field("Row ID")], filters: [nulls] }).rows;
    expect(missing.length).toBeGreaterThan(0);
    const present = answerOf({
      fields: [field("Row ID")],
      filters: [{ ...nulls, quantitativeFilterType: "ONLY_NON_NULL" }],
    });
    expect(present.rows.length + missing.length).toBe(sales.rowCount);
  });
});

describe("problems", () => {
  test.each<[QueryField[], string]>([
    [[field("Nothing")], "unknown field"],
    [[field("Sales"), field("Sales")], "duplicate field"],
    [[sum("Region")], "rule"],
    [[field("Region", { function: "TRUNC_MONTH" })], "rule"],
    [[field("Profit Ratio", { function: "SUM" })], "rule"],
    [[field("Sales", { function: "AGG" })], "rule"],
    [[field("Sales", { function: "COLLECT" })], "rule"],
    [[field("Region", { binSize: 2 })], "rule"],
    [[field("Profit (bin)", { binSize: 2 })], "rule"],
    [[field("x", { calculation: "SUM([Nothing])" })], "formula"],
    [[field("x", { calculation: "SUM([Sales]) + [Sales]" })], "formula"],
  ])("of fields: %o is %s", (fields, cause) => {
    expect(problemOf({ fields })).toBe(cause);
  });

  test.each<[Filter, string]>([
    [{ filterType: "SET", field: field("Region"), values: [] }, "rule"],
    [{ filterType: "SET", field: field("Nothing"), values: ["x"] }, "unknown field"],
    [{ filterType: "MATCH", field: field("Region") }, "rule"],
    [{ filterType: "MATCH", field: field("Sales"), contains: "1" }, "rule"],
    [{ filterType: "QUANTITATIVE_NUMERICAL", field: field("Region"), quantitativeFilterType: "MIN", min: 1 }, "rule"],
    [{ filterType: "QUANTITATIVE_NUMERICAL", field: field("Sales"), quantitativeFilterType: "RANGE", min: 1 }, "rule"],
    [
      {
        filterType: "QUANTITATIVE_DATE",
        field: field("Order Date"),
        quantitativeFilterType: "MIN",
        minDate: "2025-02-30",
      },
      "rule",
    ],
    [{ filterType: "DATE", field: field("Order Date"), periodType: "DAYS", dateRangeType: "LASTN" }, "rule"],
    [
      { filterType: "TOP", field: field("Region"), howMany: 1, fieldToMeasure: field("Segment", { function: "YEAR" }) },
      "rule",
    ],
    [{ filterType: "CONDITION", field: field("Region") }, "rule"],
  ])("of filters: %o is %s", (filter, cause) => {
    expect(problemOf({ fields: [field("Region")], filters: [filter] })).toBe(cause);
  });

  test("of parameters: one that is not there, and a value that is not allowed", () => {
    const withParameter = (name: string, value: Value) =>
      problemOf({ fields: [field("Region")], parameters: new Map([[name, value]]) });
    expect(withParameter("Nothing", 1)).toBe("rule");
    expect(withParameter("Profit Bin Size", 7_000)).toBe("rule");
    expect(withParameter("Profit Bin Size", "many")).toBe("rule");
    expect(withParameter("Segment Focus", "Nobody")).toBe("rule");
    expect(withParameter("Segment Focus", "Corporate")).toBe(4);
  });
});
