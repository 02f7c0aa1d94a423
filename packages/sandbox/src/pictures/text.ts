import PDFDocument from "pdfkit";
import { type FontWeight, fontBytes, fontFamily } from "./fonts.ts";

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

export type TextStyle = {
  size: number;
  color: string;
  weight?: FontWeight;
  align?: "start" | "middle" | "end";
};

/** One line of text as SVG; `y` is its baseline. */
export function textAt(x: number, y: number, text: string, { size, color, weight, align }: TextStyle): string {
  const anchor = align === undefined || align === "start" ? "" : ` text-anchor="${align}"`;
  const bold = weight === "semibold" ? ' font-weight="600"' : "";
  const font = `font-family="${fontFamily}, sans-serif" font-size="${size}px"${bold}${anchor} fill="${color}"`;
  return `<text transform="translate(${round(x)},${round(y)})" ${font}>${escapeText(text)}</text>`;
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string): string {
  return `<path d="M${round(x)},${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z" fill="${fill}"/>`;
}

export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** What XML does not allow at all is left out: a picture with it would not be read. */
export function withoutControls(xml: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  return xml.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

export function round(number: number): number {
  return Math.round(number * 100) / 100;
}
