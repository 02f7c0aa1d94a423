import { type FontWeight, fontFamily } from "./fonts.ts";

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
