import * as vega from "vega";
import { Warn } from "vega";
import { compile } from "vega-lite";
import type { Chart, Size } from "../picture.ts";
import { textAt } from "../svg-text.ts";
import { textWidth } from "../text.ts";
import { chartSpec } from "./spec.ts";
import { drawNumbers, drawTable } from "./table.ts";
import { ink } from "./theme.ts";

// vega-typings leave it out.
declare module "vega" {
  const textMetrics: {
    width: (item: { fontSize?: number; fontWeight?: unknown; limit?: number }, text: unknown) => number;
  };
}

// Without a canvas Vega only guesses how wide text is.
vega.textMetrics.width = ({ fontSize = 11, fontWeight, limit = 0 }, text) => {
  const width = textWidth(String(text ?? "").trim(), fontSize, Number(fontWeight) >= 600 ? "semibold" : "regular");
  return limit > 0 ? Math.min(width, limit) : width;
};

/** Draws a chart as the inner of an SVG of the given size. The same for the same chart. */
export async function drawChart(chart: Chart, size: Size): Promise<string> {
  if (chart.rows.length === 0) return nothing(size);
  const hasWords = chart.columns.some(({ kind }) => kind !== "measure");
  if (chart.mark === "textTable" && !hasWords) return drawNumbers(chart, size);
  const spec = chartSpec(chart, size);
  return spec === undefined ? drawTable(chart, size) : drawSpec(spec);
}

async function drawSpec(spec: Parameters<typeof compile>[0]): Promise<string> {
  const logger = vega.logger(Warn, "error", () => {});
  const compiled = compile(spec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  return (
    svg
      .replace(/^<svg[^>]*>/, "")
      .replace(/<\/svg>$/, "")
      // Labels that would touch others are there, and unseen: they would be found in a PDF, and the rasteriser fails on
      // those that lie outside of a picture.
      .replaceAll(/<text [^>]*opacity="0"[^>]*>[^<]*<\/text>/g, "")
  );
}

/** inferred: Tableau leaves the place of the marks empty when no row passes the filters. */
function nothing({ width, height }: Size): string {
  return textAt(width / 2, height / 2, "No data", { size: 13, color: ink.quiet, align: "middle" });
}
