import { describe, expect, test } from "vitest";
import { isProblem } from "./problem.ts";
import { runQuery } from "./query.ts";
import type { QueryField, TableCalculation } from "./query-types.ts";
import type { Field, Table, Value } from "./table.ts";

const described = (caption: string, dataType: Field["dataType"], role: Field["role"]): Field => ({
  caption,
  name: caption,
  dataType,
  role,
  defaultAggregation: role === "MEASURE" ? "SUM" : "COUNT",
  columnClass: "COLUMN",
  description: "",
  table: "T",
});

// Two shops over three months.
const table: Table = {
  fields: [
    described("shop", "STRING", "DIMENSION"),
    described("month", "INTEGER", "DIMENSION"),
    described("sold", "INTEGER", "MEASURE"),
  ],
  parameters: [],
  logicalTables: [{ id: "T", caption: "T" }],
  relationships: [],
  columns: new Map<string, Value[]>([
    ["shop", ["a", "a", "a", "b", "b", "b"]],
    ["month", [1, 2, 3, 1, 2, 3]],
    ["sold", [10, 30, 20, 5, 5, 40]],
  ]),
  rowCount: 6,
  unreadable: false,
};

function columnOf(tableCalculation: TableCalculation | undefined, more: Partial<QueryField> = {}): Value[] | string {
  const calculated: QueryField = { fieldCaption: "sold", function: "SUM", fieldAlias: "x", tableCalculation, ...more };
  const answer = runQuery(table, { fields: [{ fieldCaption: "shop" }, { fieldCaption: "month" }, calculated] }, 0);
  return isProblem(answer) ? answer.cause : answer.rows.map(([, , value = null]) => value);
}

const month = { fieldCaption: "month" };
const shop = { fieldCaption: "shop" };

describe("a table calculation", () => {
  test.each<[TableCalculation, Value[]]>([
    [{ tableCalcType: "RUNNING_TOTAL", dimensions: [month] }, [10, 40, 60, 5, 10, 50]],
    [{ tableCalcType: "RUNNING_TOTAL", dimensions: [shop, month] }, [10, 40, 60, 65, 70, 110]],
    [{ tableCalcType: "RUNNING_TOTAL", dimensions: [shop, month], restartEvery: shop }, [10, 40, 60, 5, 10, 50]],
    [{ tableCalcType: "RUNNING_TOTAL", dimensions: [month], aggregation: "MAX" }, [10, 30, 30, 5, 5, 40]],
    [{ tableCalcType: "DIFFERENCE_FROM", dimensions: [month] }, [null, 20, -10, null, 0, 35]],
    [{ tableCalcType: "DIFFERENCE_FROM", dimensions: [month], relativeTo: "FIRST" }, [0, 20, 10, 0, 0, 35]],
    [
      { tableCalcType: "DIFFERENCE_FROM", dimensions: [shop, month], levelAddress: shop },
      [null, null, null, -5, -25, 20],
    ],
    [{ tableCalcType: "PERCENT_DIFFERENCE_FROM", dimensions: [month] }, [null, 2, -1 / 3, null, 0, 7]],
    [{ tableCalcType: "PERCENT_FROM", dimensions: [month], relativeTo: "LAST" }, [0.5, 1.5, 1, 0.125, 0.125, 1]],
    [{ tableCalcType: "PERCENT_OF_TOTAL", dimensions: [month] }, [1 / 6, 0.5, 1 / 3, 0.1, 0.1, 0.8]],
    [{ tableCalcType: "RANK", dimensions: [shop, month] }, [4, 2, 3, 5, 5, 1]],
    [{ tableCalcType: "RANK", dimensions: [shop, month], rankType: "MODIFIED COMPETITION" }, [4, 2, 3, 6, 6, 1]],
    [{ tableCalcType: "RANK", dimensions: [month], direction: "ASC", rankType: "DENSE" }, [1, 3, 2, 1, 1, 2]],
    [{ tableCalcType: "RANK", dimensions: [month], direction: "ASC", rankType: "UNIQUE" }, [1, 3, 2, 1, 2, 3]],
    [{ tableCalcType: "PERCENTILE", dimensions: [month] }, [0, 1, 0.5, 0.5, 0.5, 1]],
    [{ tableCalcType: "MOVING_CALCULATION", dimensions: [month], previous: -1, next: 0 }, [10, 40, 50, 5, 10, 45]],
    [
      { tableCalcType: "MOVING_CALCULATION", dimensions: [month], previous: 1, fillInNull: true },
      [null, 40, 50, null, 10, 45],
    ],
    [
      { tableCalcType: "MOVING_CALCULATION", dimensions: [month], previous: 1, next: 1, includeCurrent: false },
      [30, 30, 30, 5, 45, 5],
    ],
    [
      {
        tableCalcType: "RUNNING_TOTAL",
        dimensions: [month],
        customSort: { fieldCaption: "sold", function: "SUM", direction: "DESC" },
      },
      [60, 30, 50, 45, 50, 40],
    ],
    [
      {
        tableCalcType: "RUNNING_TOTAL",
        dimensions: [month],
        secondaryTableCalculation: { tableCalcType: "DIFFERENCE_FROM", dimensions: [month] },
      },
      [null, 30, 20, null, 5, 40],
    ],
  ])("%o", (calculation, values) => {
    expect(columnOf(calculation)).toEqual(values);
  });

  test("of its own formula runs along what it names", () => {
    const custom = (calculation: string) =>
      columnOf({ tableCalcType: "CUSTOM", dimensions: [month] }, { function: undefined, calculation });
    expect(custom("RUNNING_SUM(SUM([sold])) / TOTAL(SUM([sold]))")).toEqual([1 / 6, 2 / 3, 1, 0.1, 0.2, 1]);
    expect(custom("WINDOW_MAX(SUM([sold]), -1, 0)")).toEqual([10, 30, 30, 5, 5, 40]);
    expect(custom("WINDOW_SUM(SUM([sold]))")).toEqual([60, 60, 60, 50, 50, 50]);
    expect(custom("INDEX() * 100 + SIZE() * 10 - FIRST() - LAST()")).toEqual([128, 230, 332, 128, 230, 332]);
    expect(custom("LOOKUP(SUM([sold]), -1)")).toEqual([null, 10, 30, null, 5, 5]);
    expect(custom("RANK(SUM([sold]), 'asc')")).toEqual([1, 3, 2, 1, 1, 3]);
    expect(columnOf(undefined, { function: undefined, calculation: "RUNNING_SUM(SUM([sold]))" })).toEqual([
      10, 40, 60, 65, 70, 110,
    ]);
  });

  test.each<[TableCalculation, Partial<QueryField>]>([
    [{ tableCalcType: "RUNNING_TOTAL", dimensions: [{ fieldCaption: "year" }] }, {}],
    [{ tableCalcType: "RUNNING_TOTAL", dimensions: [month], restartEvery: shop }, {}],
    [{ tableCalcType: "NESTED", dimensions: [month], fieldCaption: "x" }, {}],
    [
      { tableCalcType: "RANK", dimensions: [month] },
      { fieldCaption: "shop", function: undefined },
    ],
  ])("%o is refused", (calculation, more) => {
    expect(columnOf(calculation, more)).toBe("rule");
  });
});
