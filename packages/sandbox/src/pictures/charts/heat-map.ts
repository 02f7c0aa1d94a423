import type { TopLevelSpec } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { colorOf } from "./color.ts";
import {
  columnAt,
  data,
  dimensionsOn,
  domain,
  labelFormat,
  measuresOn,
  nameOf,
  shortMonths,
  wordsInOrder,
} from "./fields.ts";
import { ink } from "./theme.ts";

/** The smallest field that a number fits into, in pixels. */
const roomForNumber: Size = { width: 46, height: 15 };

/** Fields of a table coloured by a measure, with its number where there is room. */
export function heatMapSpec(chart: Chart, { width, height }: Size): TopLevelSpec | undefined {
  const across = dimensionsOn(chart, chart.x);
  const down = dimensionsOn(chart, chart.y);
  const [measure] = measuresOn(chart, chart.color === undefined ? chart.text : [chart.color]);
  const [x, y] = [across[0], down[0]];
  if (x === undefined || y === undefined || across.length + down.length > 2 || measure === undefined) return undefined;
  const values = data(chart);
  const numbers = values.map((datum) => Number(datum[nameOf(measure)] ?? 0)).toSorted((one, other) => one - other);
  const [least = 0, most = 0] = [numbers[0], numbers.at(-1)];
  const axis = (index: number, words = wordsInOrder(values, nameOf(index))) => ({
    field: nameOf(index),
    type: "ordinal" as const,
    sort: words,
    title: columnAt(chart, index)?.caption ?? "",
    axis: {
      ...{ labelAngle: 0, labelOverlap: true, labelLimit: 160, domain: false, grid: false },
      ...(index === x ? shortMonths(words, width - 180) : {}),
    },
    scale: { paddingInner: 0.04 },
  });
  const place = { x: axis(x), y: axis(y) };
  const field = nameOf(measure);
  const tile = {
    mark: { type: "rect" as const, cornerRadius: 2 },
    encoding: { ...place, ...colorOf({ ...chart, color: measure }) },
  };
  const columns = domain(values, nameOf(x)).length;
  const rows = domain(values, nameOf(y)).length;
  const isRoomy = (width - 180) / columns > roomForNumber.width && (height - 40) / rows > roomForNumber.height;
  if (!isRoomy) return { data: { values }, ...tile };
  // White on the darkest of the scale: of both its ends where it goes below zero, else of its upper half.
  const isDark = (name: string): string =>
    least < 0
      ? `datum.${name} > ${most * 0.6} || datum.${name} < ${least * 0.6}`
      : `datum.${name} > ${least + (most - least) * 0.55}`;
  const number = {
    mark: { type: "text" as const, fontSize: 10.5 },
    encoding: {
      ...place,
      text: { field, type: "quantitative" as const, format: labelFormat(chart, measure) },
      color: { condition: { test: isDark(field), value: ink.paper }, value: ink.text },
    },
  };
  return { data: { values }, layer: [tile, number] };
}
