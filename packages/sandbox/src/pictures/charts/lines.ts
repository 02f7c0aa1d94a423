import type { TopLevelSpec } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { colorOf } from "./color.ts";
import {
  axisWords,
  columnAt,
  data,
  dimensionsOn,
  domain,
  measuresOn,
  nameOf,
  shortMonths,
  wordsInOrder,
} from "./fields.ts";
import { foldMeasures } from "./measures.ts";
import { gradient } from "./theme.ts";

/** With fewer points a line than this they are drawn as dots too, large ones where there are very few. */
const fewPoints = 24;
const veryFewPoints = 3;

/** Lines or stacked areas over time, or over words that have an order. */
export function lineSpec(given: Chart, { width }: Size): TopLevelSpec | undefined {
  const { chart } = foldMeasures(given, "y");
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
        axis: {
          format: time.timeFormat,
          labelOverlap: true,
          labelSeparation: 8,
          tickCount: Math.max(2, Math.min(8, width / 90)),
          grid: false,
          labelFlush: true,
        },
      }
    : {
        field: "label",
        type: "ordinal" as const,
        sort: wordsInOrder(values, "label"),
        title: words.map((index) => columnAt(chart, index)?.caption).join("  ·  "),
        axis: {
          labelAngle: 0,
          labelOverlap: true,
          grid: false,
          ...shortMonths(wordsInOrder(values, "label"), width - 160),
        },
      };
  const column = columnAt(chart, measure);
  const y = {
    field: nameOf(measure),
    type: "quantitative" as const,
    title: column?.caption ?? "",
    scale: { nice: 5, zero: !(chart.mark === "line" && isFlat(chart, measure)) },
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

/** Parts of a whole that change little would be one straight line above nothing. */
function isFlat(chart: Chart, measure: number): boolean {
  const column = columnAt(chart, measure);
  if (column?.kind !== "measure" || column.style !== "percent") return false;
  const numbers = chart.rows.map((row) => Number(row[measure] ?? 0));
  return Math.min(...numbers) > Math.max(...numbers) / 2;
}
