import type { Cell, Chart, ChartColumn, Size } from "../picture.ts";
import { rectangle, textAt } from "../svg-text.ts";
import { clip, textWidth } from "../text.ts";
import { ink } from "./theme.ts";

const rowHeight = 26;
const headHeight = 30;
const gap = 24;
const fontSize = 12;

/** A table of text as SVG: as many rows as there is room for, and how many more there are. */
export function drawTable({ columns, rows }: Chart, { width, height }: Size): string {
  const room = Math.max(0, Math.floor((height - headHeight) / rowHeight));
  const shown = rows.length <= room ? rows : rows.slice(0, Math.max(0, room - 1));
  const words = shown.map((row) => columns.map((column, index) => written(row[index] ?? null, column)));
  const widths = fitted(columns, words, width);
  const lefts = widths.map((_, index) => widths.slice(0, index).reduce((sum, one) => sum + one + gap, gap / 2));
  const place = (text: string, index: number, baseline: number, isHead: boolean): string => {
    const isNumber = columns[index]?.kind === "measure";
    const left = lefts[index] ?? 0;
    const own = widths[index] ?? 0;
    const weight = isHead ? ("semibold" as const) : ("regular" as const);
    return textAt(isNumber ? left + own : left, baseline, clip(text, own, isHead ? 11 : fontSize, weight), {
      size: isHead ? 11 : fontSize,
      color: isHead ? ink.quiet : ink.text,
      weight,
      align: isNumber ? "end" : "start",
    });
  };
  const parts = [columns.map(({ caption }, index) => place(caption, index, 19, true)).join("")];
  parts.push(rectangle(0, headHeight - 1, width, 1, "#c9d3db"));
  for (const [number, row] of words.entries()) {
    const top = headHeight + number * rowHeight;
    if (number % 2 === 1) parts.push(rectangle(0, top, width, rowHeight, ink.faint));
    const isRepeated = (index: number): boolean =>
      columns[index]?.kind !== "measure" &&
      words[number - 1]?.slice(0, index + 1).join() === row.slice(0, index + 1).join();
    // Words that stand in the row above are not said again, but for the last of them.
    const lastWord = columns.findLastIndex(({ kind }) => kind !== "measure");
    for (const [index, text] of row.entries()) {
      if (index === lastWord || !isRepeated(index)) parts.push(place(text, index, top + 17, false));
    }
  }
  if (shown.length < rows.length && room > 0) {
    const more = `… and ${(rows.length - shown.length).toLocaleString("en-US")} more rows`;
    parts.push(textAt(gap / 2, headHeight + shown.length * rowHeight + 17, more, { size: 11, color: ink.quiet }));
  }
  return parts.join("");
}

/** Each column as wide as its words; all of them narrower where there is no room, wider where there is much. */
function fitted(columns: readonly ChartColumn[], words: readonly string[][], width: number): number[] {
  const wanted = columns.map(({ caption }, index) =>
    words.reduce(
      (most, row) => Math.max(most, textWidth(row[index] ?? "", fontSize)),
      textWidth(caption, 11, "semibold"),
    ),
  );
  const total = wanted.reduce((sum, one) => sum + one, 0);
  const room = width - gap * columns.length;
  const factor = total === 0 ? 1 : room / total;
  return wanted.map((one) => (factor < 1 ? one * factor : one + (room - total) / Math.max(1, columns.length)));
}

/** Numbers alone, large: a sheet of measures without any words beside them. */
export function drawNumbers({ columns, rows }: Chart, { width, height }: Size): string {
  const each = width / Math.max(1, columns.length);
  const middle = height / 2;
  const sizes = columns.map((column, index) =>
    Math.min(34, (34 * (each - 24)) / textWidth(written(rows[0]?.[index] ?? null, column), 34, "semibold")),
  );
  const size = Math.max(10, Math.min(...sizes, height * 0.4));
  return columns
    .map((column, index) => {
      const left = index * each + 12;
      const number = written(rows[0]?.[index] ?? null, column);
      const line = index === 0 ? "" : rectangle(index * each, middle - 26, 1, 52, ink.line);
      return (
        line +
        textAt(left, middle - size * 0.45, clip(column.caption, each - 24, 12), { size: 12, color: ink.quiet }) +
        textAt(left, middle + size * 0.62, number, { size, color: ink.text, weight: "semibold" })
      );
    })
    .join("");
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat("en-US", {
  style: "percent",
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
});

function written(cell: Cell, column: ChartColumn): string {
  if (cell === null) return "";
  if (column.kind !== "measure") return String(cell);
  const number = Number(cell);
  if (column.style === "money") return money.format(number);
  if (column.style === "percent") return percent.format(number);
  return Number.isInteger(number) ? whole.format(number) : precise.format(number);
}
