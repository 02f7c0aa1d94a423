import type { Cell, Chart, ChartColumn } from "../picture.ts";
import { dimensionsOn, measuresOn } from "./fields.ts";

/** A chart whose measures on one axis became one, told apart by colour; `isFolded` says whether that was so. */
export type Folded = { chart: Chart; isFolded: boolean };

/**
 * Several measures on one axis, and no colour yet: each row becomes one for each of them, coloured by which it is, as
 * Tableau does with Measure Names and Measure Values.
 */
export function foldMeasures(chart: Chart, axis: "x" | "y"): Folded {
  const measures = measuresOn(chart, chart[axis]);
  const [first] = measures;
  const style = first === undefined ? undefined : chart.columns[first];
  if (measures.length < 2 || chart.color !== undefined || style?.kind !== "measure") return { chart, isFolded: false };
  const other = axis === "x" ? "y" : "x";
  const captions = measures.map((index) => chart.columns[index]?.caption ?? "");
  const [names, values] = [chart.columns.length, chart.columns.length + 1];
  const columns: ChartColumn[] = [
    ...chart.columns,
    { caption: "", kind: "category" },
    { ...style, caption: captions.join(" and ") },
  ];
  const rows = chart.rows.flatMap((row): Cell[][] =>
    measures.map((index, at) => [...row, captions[at] ?? "", row[index] ?? null]),
  );
  const onAxis = [...dimensionsOn(chart, chart[axis]), values];
  const folded = { ...chart, columns, rows, color: names, [axis]: onAxis, [other]: chart[other] };
  return { chart: folded, isFolded: true };
}
