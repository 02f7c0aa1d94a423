import type { Cell, Chart, ChartColumn } from "../picture.ts";

/** A row as Vega-Lite reads it: `c0`, `c1`, … and `label`, the words of a shelf that holds several categories. */
export type Datum = Record<string, Cell>;

/** What Vega-Lite calls a column. */
export function nameOf(index: number): string {
  return `c${index}`;
}

export function columnAt(chart: Chart, index: number | undefined): ChartColumn | undefined {
  return index === undefined ? undefined : chart.columns[index];
}

/** The positions of a shelf's columns that are measures, or those that are not. */
export function measuresOn(chart: Chart, shelf: readonly number[]): number[] {
  return shelf.filter((index) => columnAt(chart, index)?.kind === "measure");
}

export function dimensionsOn(chart: Chart, shelf: readonly number[]): number[] {
  return shelf.filter((index) => columnAt(chart, index)?.kind !== "measure");
}

/** The chart's rows; `label` joins the words of the given columns, for an axis that stands for all of them. */
export function data(chart: Chart, labelled: readonly number[] = []): Datum[] {
  return chart.rows.map((row) => {
    const datum: Datum = Object.fromEntries(row.map((cell, index) => [nameOf(index), cell]));
    datum.label = labelled.map((index) => String(row[index] ?? "Null")).join("  ·  ");
    return datum;
  });
}

/** The words of a column in the order in which they first stand. */
export function domain(rows: readonly Datum[], field: string): Cell[] {
  return [...new Set(rows.map((row) => row[field] ?? null))];
}

/** The words of a column in the order of an axis: numbers by size, all others as they come. */
export function wordsInOrder(rows: readonly Datum[], field: string): string[] {
  const words = domain(rows, field).map(String);
  const areNumbers = words.every((word) => /^-?\d+(\.\d+)?$/.test(word));
  return areNumbers ? words.toSorted((one, other) => Number(one) - Number(other)) : words;
}

/** The words that colours stand for, in the order in which colours are given out: each has the same in every picture. */
export function wordsByName(rows: readonly Datum[], field: string): string[] {
  const words = wordsInOrder(rows, field);
  return words.every(isMonth) ? words : words.toSorted((one, other) => one.localeCompare(other, "en"));
}

const monthNames = Array.from({ length: 12 }, (_, month) =>
  new Date(Date.UTC(2000, month)).toLocaleString("en", { month: "long", timeZone: "UTC" }),
);

function isMonth(word: string): boolean {
  return monthNames.includes(word);
}

/** Months with less room than their names need are written with three letters, e.g. `Jan`. */
export function shortMonths(words: readonly string[], room: number): { labelExpr?: string } {
  const isShort = room < roomForMonth * words.length && words.length > 0 && words.every(isMonth);
  return isShort ? { labelExpr: "slice(datum.label, 0, 3)" } : {};
}

/** In pixels: the longest has nine letters. */
const roomForMonth = 66;

/** Above this, numbers are written with k for thousands and M for millions. */
const thousand = 1000;

/** How an axis writes a measure: short (`$12k`), and nothing without thousands (`$0`, not `$0k`). */
export function axisWords(chart: Chart, index: number | undefined): { format: string; labelExpr: string } {
  const style = styleAt(chart, index);
  const plain = isLarge(chart, index) ? "~s" : ",~r";
  const format = { plain, money: `$${plain}`, percent: ".0%" }[style];
  const nothing = { plain: "0", money: "$0", percent: "0%" }[style];
  return { format, labelExpr: `datum.value === 0 ? '${nothing}' : datum.label` };
}

/** How a mark's measure is written beside it, with three digits; d3's format. */
export function labelFormat(chart: Chart, index: number | undefined): string {
  const plain = isLarge(chart, index) ? ".3~s" : ",.3~r";
  return { plain, money: `$${plain}`, percent: ".1%" }[styleAt(chart, index)];
}

function styleAt(chart: Chart, index: number | undefined) {
  const column = columnAt(chart, index);
  return column?.kind === "measure" ? column.style : ("plain" as const);
}

function isLarge({ rows }: Chart, index = -1): boolean {
  return rows.some((row) => Math.abs(Number(row[index] ?? 0)) >= thousand);
}
