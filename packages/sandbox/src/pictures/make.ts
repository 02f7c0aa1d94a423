import { type Paper, type Sheet, toPdf } from "./pdf/pdf.ts";
import type { Picture, Size } from "./picture.ts";
import { toPng } from "./png.ts";
import { toSlides } from "./slides.ts";
import { drawSvg } from "./svg.ts";

/** Something to be drawn; plain data, for it goes to another thread. */
export type Order =
  | { kind: "png"; picture: Picture; size: Size; zoom: number }
  | { kind: "svg"; picture: Picture; size: Size }
  | { kind: "pdf"; sheets: readonly Sheet[]; paper: Paper; at: number }
  | { kind: "pptx"; sheets: readonly Sheet[]; title: string };

/** Draws what an order says. All but presentations, which hold times, have the same bytes for the same order. */
export async function make(order: Order): Promise<Uint8Array> {
  switch (order.kind) {
    case "png":
      return toPng(await drawSvg(order.picture, order.size), order.zoom);
    case "svg":
      return Buffer.from(await drawSvg(order.picture, order.size));
    case "pdf":
      return toPdf(order.sheets, order.paper, order.at);
    case "pptx":
      return toSlides(order.sheets, order.title);
  }
}
