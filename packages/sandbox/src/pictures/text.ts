import PDFDocument from "pdfkit";
import { type FontWeight, fontBytes } from "./fonts.ts";

/** Widths remembered; more than this and they are measured anew. */
const mostWidths = 20_000;

const widths = new Map<string, number>();
let ruler: PDFKit.PDFDocument | undefined;

/** How wide a line of text is, in pixels. Measured by the same fonts that it is drawn with. */
export function textWidth(text: string, size: number, weight: FontWeight = "regular"): number {
  const key = `${weight} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size >= mostWidths) widths.clear();
    ruler ??= new PDFDocument({ font: "", autoFirstPage: false });
    width = ruler.font(fontBytes(weight)).fontSize(1000).widthOfString(text) / 1000;
    widths.set(key, width);
  }
  return width * size;
}

/** The text, or as much of it as fits, with an ellipsis. */
export function clip(text: string, width: number, size: number, weight: FontWeight = "regular"): string {
  if (textWidth(text, size, weight) <= width) return text;
  let end = Math.min(text.length, Math.floor((text.length * width) / textWidth(text, size, weight)) + 2);
  while (end > 0 && textWidth(`${text.slice(0, end).trimEnd()}…`, size, weight) > width) end--;
  return end === 0 ? "" : `${text.slice(0, end).trimEnd()}…`;
}
