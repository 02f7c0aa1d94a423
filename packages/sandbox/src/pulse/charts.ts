import type { Point } from "./insights.ts";

const schema = "https://vega.github.io/schema/vega-lite/v5.json";

/** A metric over time, with its normal range behind, as a Vega-Lite specification. */
export function lineChart(title: string, values: readonly Point[]): object {
  return {
    $schema: schema,
    title,
    data: { values },
    encoding: { x: { field: "truncDate", type: "temporal", title: null } },
    layer: [
      {
        mark: { type: "area", opacity: 0.15 },
        encoding: { y: { field: "ci0", type: "quantitative" }, y2: { field: "ci1" } },
      },
      {
        mark: { type: "line", point: true },
        encoding: { y: { field: "rawValue", type: "quantitative", title: null } },
      },
    ],
  };
}

/** A metric by the members of a dimension. */
export function barChart(title: string, dimension: string, values: readonly { dimensionLabel: string }[]): object {
  return {
    $schema: schema,
    title,
    data: { values },
    mark: "bar",
    encoding: {
      y: { field: "dimensionLabel", type: "nominal", sort: null, title: dimension },
      x: { field: "value", type: "quantitative", title: null },
    },
  };
}
