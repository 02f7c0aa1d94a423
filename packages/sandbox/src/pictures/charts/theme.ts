import type { Config } from "vega-lite";
import { fontFamily } from "../fonts.ts";

/** The colours of all pictures: calm, and apart from each other in print and for the colour-blind too. */
export const ink = {
  text: "#22303c",
  quiet: "#5f6f7c",
  line: "#dfe5ea",
  faint: "#f3f6f8",
  paper: "#ffffff",
} as const;

export const categories = [
  "#3d6fa8",
  "#e0913f",
  "#4c9a86",
  "#c65a6e",
  "#8b72b5",
  "#b3a24a",
  "#6bb0cf",
  "#96705a",
  "#7a8794",
  "#d492b5",
] as const;

/** From little to much. */
export const sequence = ["#e6eff7", "#b7d0e6", "#7ba7d0", "#3d6fa8", "#1f4470"] as const;

/** From a loss through nothing to a gain. */
export const divergence = ["#b8485d", "#e3a7ae", "#edeff1", "#9cc4b9", "#2f7f6b"] as const;

/** The first of `categories`: what a chart of one colour is drawn in. */
export const mainColor = categories[0];

const font = `${fontFamily}, sans-serif`;

export const chartConfig: Config = {
  font,
  aria: false,
  background: "transparent",
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: ink.quiet,
    labelFontSize: 11,
    labelPadding: 6,
    titleColor: ink.quiet,
    titleFontSize: 11,
    titleFontWeight: 600,
    titlePadding: 10,
    domainColor: ink.line,
    gridColor: ink.line,
    tickColor: ink.line,
    ticks: false,
  },
  axisBand: { grid: false, domain: false },
  legend: {
    labelColor: ink.text,
    labelFontSize: 11,
    titleColor: ink.quiet,
    titleFontSize: 11,
    titleFontWeight: 600,
    symbolType: "circle",
    symbolSize: 70,
    symbolStrokeWidth: 0,
    rowPadding: 4,
    offset: 16,
    gradientLength: 120,
    gradientThickness: 10,
  },
  range: { category: [...categories], ramp: [...sequence], heatmap: [...sequence], diverging: [...divergence] },
  bar: { color: mainColor },
  line: { color: mainColor, strokeWidth: 2.2, strokeJoin: "round", strokeCap: "round" },
  // Of the filling alone: the opacity of whole marks takes a layer each.
  area: { color: mainColor, fillOpacity: 0.85 },
  point: { color: mainColor, filled: true, fillOpacity: 0.65, size: 50 },
  text: { color: ink.text, fontSize: 11 },
};

/** What a chart of one area is filled with: its colour, fading to the ground. */
export const gradient = {
  gradient: "linear" as const,
  x1: 1,
  y1: 1,
  x2: 1,
  y2: 0,
  stops: [
    { offset: 0, color: "#e9f0f7" },
    { offset: 1, color: "#8fb3d6" },
  ],
};
