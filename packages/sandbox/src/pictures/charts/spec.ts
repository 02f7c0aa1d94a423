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
  const legend = { ...chartConfig.legend, ...legendFor(size) };
  return { ...spec, ...size, autosize: { type: "fit", contains: "padding" }, config: { ...chartConfig, legend } };
}

/** Beside a chart there is room for a legend from this width on, in pixels, and below it from this height on. */
const roomForLegend: Size = { width: 300, height: 180 };

function legendFor({ width, height }: Size) {
  if (width >= roomForLegend.width) return {};
  if (height < roomForLegend.height) return { disable: true };
  return { orient: "bottom" as const, columns: 2, offset: 8, gradientLength: Math.max(40, width - 100) };
}
