import type { Chart } from "../picture.ts";
import { axisWords, columnAt, data, nameOf, wordsByName } from "./fields.ts";
import { divergence, sequence } from "./theme.ts";

/** Between the colours of a scale: straight through L*a*b*, so that no colour comes in that is not in the scale. */
const interpolate = "lab" as const;

/** The colour of a chart's marks: one for each word, or by how much a measure is. */
export function colorOf(chart: Chart) {
  const column = columnAt(chart, chart.color);
  if (chart.color === undefined || column === undefined) return {};
  const field = nameOf(chart.color);
  if (column.kind !== "measure") {
    const legend = chart.mark === "line" ? { symbolType: "stroke", symbolStrokeWidth: 2.5, symbolSize: 140 } : {};
    // Measures beside each other keep their order.
    const sort = column.caption === "" ? null : wordsByName(data(chart), field);
    return { color: { field, type: "nominal" as const, sort, title: column.caption || null, legend } };
  }
  const goesBelow = chart.rows.some((row) => Number(row[chart.color ?? 0] ?? 0) < 0);
  const scale = goesBelow
    ? { range: [...divergence], domainMid: 0, interpolate }
    : { range: [...sequence], interpolate };
  const legend = axisWords(chart, chart.color);
  return { color: { field, type: "quantitative" as const, title: column.caption, scale, legend } };
}
