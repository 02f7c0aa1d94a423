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

/** A measure's values on an axis, short (`$12k`); d3's format. */
export function axisFormat(column: ChartColumn | undefined): string {
  if (column?.kind !== "measure") return "";
  return { plain: "~s", money: "$~s", percent: ".0%" }[column.style];
}

/** A measure's values beside its mark, with three digits; d3's format. */
export function labelFormat(column: ChartColumn | undefined): string {
  if (column?.kind !== "measure") return "";
  return { plain: ".3~s", money: "$.3~s", percent: ".1%" }[column.style];
}

/** How an axis writes its numbers, as a Vega expression: by `axisFormat`, but that nothing has no thousands (`$0k`). */
export function axisWords(column: ChartColumn | undefined): string {
  const nothing = column?.kind === "measure" ? { plain: "0", money: "$0", percent: "0%" }[column.style] : "0";
  return `datum.value === 0 ? '${nothing}' : datum.label`;
}
