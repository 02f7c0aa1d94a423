import type { Value } from "../../data/table.ts";
import type { Cell, Chart, ChartColumn } from "../../pictures/picture.ts";
import type { SheetAnswer, SheetColumn } from "./answer.ts";
import { captionOf, isTruncation } from "./captions.ts";
import { crosstabOf } from "./crosstab.ts";
import type { ShelfField, Worksheet } from "./sheet.ts";
import { writeDimension } from "./written.ts";

/** The chart that a worksheet's numbers are drawn as. */
export function chartOf(title: string, { source }: Worksheet, answer: SheetAnswer): Chart {
  const styleOf = styles(source);
  return answer.shelves.mark === "textTable" ? tableOf(title, answer, styleOf) : marksOf(title, answer, styleOf);
}

type Style = Extract<ChartColumn, { kind: "measure" }>["style"];

function marksOf(title: string, { shelves, columns, rows }: SheetAnswer, styleOf: (field: ShelfField) => Style): Chart {
  const { mark, color, size, text } = shelves;
  const positions = new Map(columns.map(({ caption }, index) => [caption, index]));
  const at = (field: ShelfField | undefined): number | undefined => field && positions.get(captionOf(field));
  const all = (fields: readonly ShelfField[]): number[] => fields.map(at).filter((index) => index !== undefined);
  const isTrend = mark === "line" || mark === "area";
  const drawn = columns.map((column) => ({
    ...column,
    isTime: isTrend && shelves.columns.length === 1 && isDate(column, rows[0]?.[columns.indexOf(column)] ?? null),
  }));
  return {
    title,
    mark,
    columns: drawn.map(({ caption, field, isMeasure, isTime }) => {
      if (isMeasure) return { caption, kind: "measure", style: styleOf(field) };
      return isTime ? { caption, kind: "time", timeFormat: timeFormat(field) } : { caption, kind: "category" };
    }),
    rows: rows.map((row) =>
      drawn.map(({ field, isMeasure, isTime }, index): Cell => {
        const value = row[index] ?? null;
        if (isMeasure) return typeof value === "number" ? value : null;
        return isTime && value !== null ? String(value).slice(0, 10) : writeDimension(value, field);
      }),
    ),
    x: all(shelves.columns),
    y: all(shelves.rows),
    color: at(color),
    size: at(size) ?? angleOf(mark, columns),
    text: all(text),
  };
}

/** The angle of a pie's slices is its measure, wherever that was put. */
function angleOf(mark: Chart["mark"], columns: readonly SheetColumn[]): number | undefined {
  const angle = mark === "pie" ? columns.findIndex(({ isMeasure }) => isMeasure) : -1;
  return angle === -1 ? undefined : angle;
}

function isDate({ field, isMeasure }: SheetColumn, value: Value): boolean {
  const isWhole = field.function === undefined || isTruncation(field.function);
  return !isMeasure && isWhole && typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value);
}

/** How an axis writes the dates of a field (d3's format). */
function timeFormat({ function: applied }: ShelfField): string {
  switch (applied) {
    case "TRUNC_YEAR":
      return "%Y";
    case "TRUNC_QUARTER":
      return "Q%q %Y";
    case "TRUNC_MONTH":
      return "%b %Y";
    default:
      return "%-d %b %Y";
  }
}

/** A table of text, laid out as its crosstab is. */
function tableOf(title: string, answer: SheetAnswer, styleOf: (field: ShelfField) => Style): Chart {
  const { left, above, lines, measures } = crosstabOf(answer);
  const words = left.map((caption): ChartColumn => ({ caption, kind: "category" }));
  const numbers = above.map((head, index): ChartColumn => {
    const field = measures[index]?.field;
    return { caption: head.join("  ·  "), kind: "measure", style: field === undefined ? "plain" : styleOf(field) };
  });
  return {
    title,
    mark: "textTable",
    columns: [...words, ...numbers],
    rows: lines.map((line) => [
      ...line.words,
      ...line.values.map((value) => (typeof value === "number" ? value : null)),
    ]),
    x: [],
    y: [],
    color: undefined,
    size: undefined,
    text: [],
  };
}

/** Which fields of the sales table are money and which are parts of a whole; the rest are plain numbers. */
const money: ReadonlySet<string> = new Set([
  ...["Sales", "Profit", "Cost", "Sales per Customer", "Sales Forecast", "Sales Target", "Variance", "Commission"],
  ...["Average Order Value", "Unit Price", "List Value", "Discount Amount", "Shipping Cost", "Profit after Freight"],
]);
const parts: ReadonlySet<string> = new Set([
  ...["Discount", "Profit Ratio", "Attainment", "On-time Rate", "Return Rate", "Repeat Share", "Freight Share"],
]);

/** How a source's measures are written on axes; what it calls its fields leads to those of the sales table. */
function styles(source: Worksheet["source"]): (field: ShelfField) => Style {
  const renamed = source !== undefined && "part" in source ? source.part?.fields : undefined;
  const original = new Map(renamed?.map(([caption, here]) => [here, caption]));
  return ({ caption, function: applied }) => {
    const name = original.get(caption) ?? caption;
    if (applied === "COUNT" || applied === "COUNTD" || applied === "VAR") return "plain";
    return money.has(name) ? "money" : parts.has(name) ? "percent" : "plain";
  };
}
