import type { TopLevelSpec } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { colorOf } from "./color.ts";
import { axisWords, columnAt, type Datum, data, measuresOn, nameOf } from "./fields.ts";
import { ink } from "./theme.ts";

/** So few dots are large, and where a picture is as wide as this, in pixels, they have their names beside them. */
const fewDots = 24;
const roomForNames = 480;

/** One dot for each row, placed by two measures. */
export function scatterSpec(chart: Chart, { width }: Size): TopLevelSpec | undefined {
  const [across] = measuresOn(chart, chart.x);
  const [up] = measuresOn(chart, chart.y);
  if (across === undefined || up === undefined) return undefined;
  const axis = (index: number) => ({
    field: nameOf(index),
    type: "quantitative" as const,
    title: columnAt(chart, index)?.caption ?? "",
    scale: { nice: 6 },
    axis: { ...axisWords(chart, index), tickCount: Math.min(6, Math.max(2, Math.floor(width / 90))) },
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
  const place = { x: axis(across), y: axis(up) };
  const named = chart.columns.findIndex(({ kind }, index) => kind === "category" && index !== chart.color);
  const isFew = chart.rows.length <= fewDots;
  const dots = {
    mark: { type: "point" as const, ...(isFew && chart.size === undefined ? { size: 110 } : {}) },
    encoding: { ...place, ...colorOf(chart), ...size },
  };
  const word = named === -1 ? chart.color : named;
  const values = data(chart);
  if (!isFew || width < roomForNames || word === undefined) return { data: { values }, ...dots };
  const shown = apart(values, nameOf(across), nameOf(up), nameOf(word));
  const most = Math.max(...values.map((datum) => Number(datum[nameOf(across)] ?? 0)));
  const isFar = (datum: Datum): boolean => Number(datum[nameOf(across)] ?? 0) > most * 0.8;
  // Names of dots far to the right stand to their left: there is a legend, or nothing.
  const names = [false, true].map((far) => ({
    data: { values: shown.filter((datum) => isFar(datum) === far) },
    mark: {
      ...{ type: "text" as const, fontSize: 10.5, color: ink.quiet },
      ...(far ? { align: "right" as const, dx: -9 } : { align: "left" as const, dx: 9 }),
    },
    encoding: { ...place, text: { field: nameOf(word), type: "nominal" as const } },
  }));
  return { data: { values }, layer: [dots, ...names] };
}

/** Those whose names do not lie over others: each place has room for the first name that asks for it. */
function apart(values: readonly Datum[], x: string, y: string, name: string): Datum[] {
  const rangeOf = (field: string): number => {
    const numbers = values.map((datum) => Number(datum[field] ?? 0));
    return Math.max(...numbers, 0) - Math.min(...numbers, 0) || 1;
  };
  const [width, height] = [rangeOf(x), rangeOf(y)];
  const taken: Datum[] = [];
  const isFree = (datum: Datum): boolean =>
    taken.every((other) => {
      const across = Math.abs(Number(datum[x]) - Number(other[x])) / width;
      const up = Math.abs(Number(datum[y]) - Number(other[y])) / height;
      return across > nameWidth * String(other[name]).length || up > nameHeight;
    });
  for (const datum of values) if (isFree(datum)) taken.push(datum);
  return taken;
}

/** Of a letter beside the width of the picture, and of a name beside its height. */
const nameWidth = 0.013;
const nameHeight = 0.035;
