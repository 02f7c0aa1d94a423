import type { TopLevelSpec } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { barSpec } from "./bars.ts";
import { heatMapSpec } from "./heat-map.ts";
import { lineSpec } from "./lines.ts";
import { pieSpec } from "./pie.ts";
import { scatterSpec } from "./scatter.ts";
import { chartConfig } from "./theme.ts";

/** What one kind of chart is made of; undefined when the shelves do not hold what its marks need. */
type Build = (chart: Chart, size: Size) => TopLevelSpec | undefined;

const builds: Record<Exclude<Chart["mark"], "textTable">, Build> = {
  bar: barSpec,
  stackedBar: barSpec,
  histogram: barSpec,
  line: lineSpec,
  area: lineSpec,
  pie: pieSpec,
  scatter: scatterSpec,
  heatMap: heatMapSpec,
};

/** The Vega-Lite specification of a chart that fills the given size, or undefined when it can only be a table. */
export function chartSpec(chart: Chart, size: Size): TopLevelSpec | undefined {
  if (chart.mark === "textTable") return undefined;
  const spec = builds[chart.mark](chart, size);
  if (spec === undefined) return undefined;
  return { ...spec, ...size, autosize: { type: "fit", contains: "padding" }, config: chartConfig };
}
