import type { TopLevelSpec } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { colorOf } from "./color.ts";
import { columnAt, data, measuresOn, nameOf } from "./fields.ts";
import { ink } from "./theme.ts";

/** Slices below this part of the whole have no number: it would not fit. */
const smallestNamed = 0.05;

/** A ring whose slices are as long as their measure; each says which part of the whole it is. */
export function pieSpec(chart: Chart, { width, height }: Size): TopLevelSpec | undefined {
  const [measure] = measuresOn(chart, [...chart.text, ...(chart.size === undefined ? [] : [chart.size]), ...chart.y]);
  if (measure === undefined || columnAt(chart, chart.color)?.kind === "measure" || chart.color === undefined) {
    return undefined;
  }
  const amount = (value: unknown): number => Math.max(0, Number(value ?? 0));
  const whole = chart.rows.reduce((sum, row) => sum + amount(row[measure]), 0);
  const values = data(chart).map((datum, order) => {
    const part = whole === 0 ? 0 : amount(datum[nameOf(measure)]) / whole;
    return { ...datum, part, order, share: part < smallestNamed ? "" : `${Math.round(part * 100)}%` };
  });
  const radius = Math.max(20, Math.min(width * 0.32, height * 0.42));
  const slices = {
    theta: { field: "part", type: "quantitative" as const, stack: true },
    order: { field: "order", type: "quantitative" as const },
    ...colorOf(chart),
  };
  return {
    data: { values },
    layer: [
      {
        mark: { type: "arc", innerRadius: radius * 0.56, outerRadius: radius, stroke: ink.paper, strokeWidth: 2 },
        encoding: slices,
      },
      {
        mark: { type: "text", radius: radius * 0.78, fontWeight: 600, fontSize: 12, color: ink.paper },
        encoding: {
          theta: slices.theta,
          order: slices.order,
          text: { field: "share", type: "nominal" },
          detail: { field: nameOf(chart.color), type: "nominal" },
        },
      },
    ],
  };
}
