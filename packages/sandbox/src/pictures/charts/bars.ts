import type { TopLevelSpec } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { colorOf } from "./color.ts";
import {
  axisWords,
  columnAt,
  data,
  dimensionsOn,
  domain,
  labelFormat,
  measuresOn,
  nameOf,
  wordsInOrder,
} from "./fields.ts";
import { foldMeasures } from "./measures.ts";
import { ink } from "./theme.ts";

/** More bars than this have no numbers beside them: they would touch. */
const mostLabelled = 24;

/** Bars, upright where the words are below and lying where they are on the left; stacked when coloured by words. */
export function barSpec(given: Chart, size: Size): TopLevelSpec | undefined {
  const isUpright = measuresOn(given, given.y).length > 0;
  const { chart, isFolded } = foldMeasures(given, isUpright ? "y" : "x");
  const [along, across] = isUpright ? [chart.x, chart.y] : [chart.y, chart.x];
  const words = dimensionsOn(chart, along);
  const [measure] = measuresOn(chart, across);
  if (words.length === 0 || measure === undefined) return undefined;
  const column = columnAt(chart, measure);
  const values = data(chart, words).map((datum) => ({ ...datum, end: Math.max(0, Number(datum[nameOf(measure)])) }));
  const bars = domain(values, "label").length;
  const room = (isUpright ? size.width : size.height) / Math.max(1, bars);
  const band = {
    field: "label",
    type: "nominal" as const,
    sort: wordsInOrder(values, "label"),
    title: words.map((index) => columnAt(chart, index)?.caption).join("  ·  "),
    // Words below upright bars are turned where they have less room than about six letters.
    axis: { labelAngle: isUpright && room < 56 ? -50 : 0, labelOverlap: true, labelLimit: 180 },
    scale: { paddingInner: chart.mark === "histogram" ? 0.05 : 0.3, paddingOuter: 0.15 },
  };
  const isStacked = columnAt(chart, chart.color)?.kind === "category" && !words.includes(chart.color ?? -1);
  const isLabelled = !isStacked && bars <= mostLabelled && room > (isUpright ? 44 : 15);
  const longest = values.reduce((most, { end }) => Math.max(most, end), 0);
  // Numbers beside lying bars need room to the right of the longest.
  const scale = isLabelled && !isUpright && longest > 0 ? { domainMax: longest * 1.15 } : { nice: 5 };
  const extent = (field: string) => ({
    field,
    type: "quantitative" as const,
    title: column?.caption ?? "",
    scale,
    axis: { ...axisWords(chart, measure), tickCount: 5 },
  });
  const place = (field: string) => (isUpright ? { x: band, y: extent(field) } : { y: band, x: extent(field) });
  // Bars of several measures stand beside each other.
  const offset = { [isUpright ? "xOffset" : "yOffset"]: { field: nameOf(chart.color ?? 0), sort: null } };
  const bar = {
    mark: { type: "bar" as const, ...(isStacked && !isFolded ? {} : { cornerRadiusEnd: 2 }) },
    encoding: { ...place(nameOf(measure)), ...colorOf(chart), ...(isFolded ? offset : {}) },
  };
  if (!isLabelled) return { data: { values }, ...bar };
  const beside = isUpright ? { baseline: "bottom" as const, dy: -4 } : { align: "left" as const, dx: 5 };
  const number = {
    mark: { type: "text" as const, color: ink.quiet, fontSize: 10.5, ...beside },
    encoding: {
      ...place("end"), // a bar below zero has its number at its base
      text: { field: nameOf(measure), type: "quantitative" as const, format: labelFormat(chart, measure) },
    },
  };
  return { data: { values }, layer: [bar, number] };
}
