import { expect, test } from "vitest";
import type { Value } from "../../data/table.ts";
import type { SheetAnswer } from "./answer.ts";
import { crosstabOf } from "./crosstab.ts";
import type { Shelves } from "./sheet.ts";

const table: SheetAnswer["table"] = {
  fields: [],
  parameters: [],
  logicalTables: [],
  relationships: [],
  columns: new Map(),
  rowCount: 0,
  unreadable: false,
};
const column = (caption: string, isMeasure = false) => ({ caption, isMeasure, field: { caption } });
const region = column("Region");
const segment = column("Segment");
const sales = column("Sales", true);
const profit = column("Profit", true);

function answer(columns: SheetAnswer["columns"], rows: Value[][], placed: Partial<Shelves>): SheetAnswer {
  const empty = { columns: [], rows: [], text: [], detail: [], filters: [], quickFilters: [], parameters: [] };
  return { kind: "answer", table, columns, rows, shelves: { mark: "textTable", ...empty, ...placed } };
}

test("words of the columns shelf stand above, and a number where they meet", () => {
  const rows: Value[][] = [
    ["East", "Consumer", 1],
    ["West", "Consumer", 2],
    ["West", "Corporate", 3],
  ];
  const { left, above, lines } = crosstabOf(answer([region, segment, sales], rows, { columns: [segment.field] }));
  expect(left).toEqual(["Region"]);
  expect(above).toEqual([["Consumer"], ["Corporate"]]);
  expect(lines).toEqual([
    { words: ["East"], values: [1, null] },
    { words: ["West"], values: [2, 3] },
  ]);
});

test("several measures are named above, below the words", () => {
  const rows: Value[][] = [["West", "Consumer", 2, 1]];
  const both = answer([region, segment, sales, profit], rows, { columns: [segment.field] });
  expect(crosstabOf(both).above).toEqual([
    ["Consumer", "Sales"],
    ["Consumer", "Profit"],
  ]);
  const alone = crosstabOf(answer([sales, profit], [[5, 4]], {}));
  expect([alone.above, alone.lines]).toEqual([[["Sales"], ["Profit"]], [{ words: [], values: [5, 4] }]]);
});

test("words that would stand above alone stand to the left", () => {
  const { left, above, lines } = crosstabOf(
    answer(
      [region, sales],
      [
        ["East", 1],
        [null, 2],
      ],
      { columns: [region.field] },
    ),
  );
  expect([left, above]).toEqual([["Region"], [["Sales"]]]);
  expect(lines.map(({ words }) => words)).toEqual([["East"], ["Null"]]);
});
