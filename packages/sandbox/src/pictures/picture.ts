/** How the marks of a chart are drawn. */
export type Mark = "bar" | "stackedBar" | "line" | "area" | "pie" | "scatter" | "heatMap" | "textTable" | "histogram";

/**
 * One column of what a chart shows. `time` holds ISO dates, which are placed on an axis and written by `timeFormat`
 * (d3's); `category` holds words, in the order in which they are to be shown.
 */
export type ChartColumn =
  | { caption: string; kind: "category" }
  | { caption: string; kind: "time"; timeFormat: string }
  | { caption: string; kind: "measure"; style: "plain" | "money" | "percent" };

export type Cell = string | number | null;

/** A worksheet with its numbers. `x`, `y` and the others are positions in `columns`. */
export type Chart = {
  title: string;
  mark: Mark;
  columns: readonly ChartColumn[];
  rows: readonly (readonly Cell[])[];
  x: readonly number[];
  y: readonly number[];
  color: number | undefined;
  size: number | undefined;
  text: readonly number[];
};

/** What stands where a chart would: a sheet that cannot be drawn, and why. */
export type Note = { title: string; note: string };

/** A place on a picture, in parts of its width and height from 0 to 1. */
export type Tile = { x: number; y: number; width: number; height: number; content: Chart | Note };

/** What one view shows: plain data, so that it can be sent to the thread that draws. */
export type Picture = {
  title: string;
  /** Below the title: the filters that are set. */
  subtitle: string;
  tiles: readonly Tile[];
};

/** In pixels. */
export type Size = { width: number; height: number };
