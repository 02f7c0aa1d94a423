import type { TopLevelSpec } from "vega-lite";
import type { Chart } from "../picture.ts";
import { colorOf } from "./color.ts";
import { axisWords, columnAt, data, measuresOn, nameOf } from "./fields.ts";

/** One dot for each row, placed by two measures. */
export function scatterSpec(chart: Chart): TopLevelSpec | undefined {
  const [across] = measuresOn(chart, chart.x);
  const [up] = measuresOn(chart, chart.y);
  if (across === undefined || up === undefined) return undefined;
  const axis = (index: number) => ({
    field: nameOf(index),
    type: "quantitative" as const,
    title: columnAt(chart, index)?.caption ?? "",
    axis: { ...axisWords(chart, index), tickCount: 6 },
  });
  const sized = columnAt(chart, chart.size);
  const size =
    chart.size === undefined || sized === undefined
      ? {}
      : {
          size: {
            field: nameOf(chart.size),
            type: "quantitative" as const,
            title: sized.caption,
            scale: { range: [16, 420] },
            legend: { ...axisWords(chart, chart.size), tickCount: 3, symbolFillColor: "#a9b4be" },
          },
        };
  return {
    data: { values: data(chart) },
    mark: { type: "point" },
    encoding: { x: axis(across), y: axis(up), ...colorOf(chart), ...size },
  };
}
