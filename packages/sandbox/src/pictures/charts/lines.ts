import type { TopLevelSpec } from "vega-lite";
import type { Chart } from "../picture.ts";
import { colorOf } from "./color.ts";
import { axisWords, columnAt, data, dimensionsOn, domain, measuresOn, nameOf, wordsInOrder } from "./fields.ts";
import { gradient } from "./theme.ts";

/** With fewer points a line than this they are drawn as dots too, large ones where there are very few. */
const fewPoints = 24;
const veryFewPoints = 3;

/** Lines or stacked areas over time, or over words that have an order. */
export function lineSpec(chart: Chart): TopLevelSpec | undefined {
  const words = dimensionsOn(chart, chart.x);
  const [measure] = measuresOn(chart, chart.y);
  const [first] = words;
  if (first === undefined || measure === undefined) return undefined;
  const time = columnAt(chart, first);
  const values = data(chart, words);
  const lines = chart.color === undefined ? 1 : domain(values, nameOf(chart.color)).length;
  const isTime = words.length === 1 && time?.kind === "time";
  const x = isTime
    ? {
        field: nameOf(first),
        type: "temporal" as const,
        title: time.caption,
        scale: { type: "utc" as const },
        axis: { format: time.timeFormat, labelOverlap: true, tickCount: 8, grid: false, labelFlush: true },
      }
    : {
        field: "label",
        type: "ordinal" as const,
        sort: wordsInOrder(values, "label"),
        title: words.map((index) => columnAt(chart, index)?.caption).join("  ·  "),
        axis: { labelAngle: 0, labelOverlap: true, grid: false },
      };
  const column = columnAt(chart, measure);
  const y = {
    field: nameOf(measure),
    type: "quantitative" as const,
    title: column?.caption ?? "",
    axis: { ...axisWords(chart, measure), tickCount: 5 },
  };
  const isSparse = values.length < veryFewPoints * lines;
  const dots = isSparse ? { size: 45 } : values.length < fewPoints * lines ? { size: 14 } : false;
  const encoding = { x, y, ...colorOf(chart) };
  if (chart.mark === "line") {
    return { data: { values }, mark: { type: "line", point: dots }, encoding };
  }
  const isOne = chart.color === undefined;
  const area = { type: "area" as const, line: isOne ? { strokeWidth: 2 } : false, point: isSparse };
  return { data: { values }, mark: { ...area, ...(isOne ? { color: gradient, fillOpacity: 1 } : {}) }, encoding };
}
