import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
import { fontBytes } from "../fonts.ts";
import type { Picture, Size } from "../picture.ts";
import { drawSvg } from "../svg.ts";
import { drawOnPage } from "./draw.ts";
import { readSvg } from "./svg-tree.ts";

/** A page of a PDF: what it shows and in which size that is drawn. */
export type Sheet = { picture: Picture; size: Size };

/** In points; `fit` makes each page as large as what it shows. */
export type Paper = Size | "fit";

const margin = 36;

/** A pixel of a picture in points, where the paper fits: 96 pixels are an inch, as in CSS. */
const pointsPerPixel = 0.75;

/** One page for each sheet. `at`, in ms, is the time that it says it was made at: the same input, the same bytes. */
export async function toPdf(sheets: readonly Sheet[], paper: Paper, at: number): Promise<Buffer> {
  const [first] = sheets;
  const document = new PDFDocument({
    font: "",
    autoFirstPage: false,
    info: { Title: first?.picture.title ?? "", Creator: "Easel sandbox", CreationDate: new Date(at) },
  });
  document.registerFont("regular", fontBytes("regular"));
  document.registerFont("semibold", fontBytes("semibold"));
  const bytes = buffer(document);
  for (const { picture, size } of sheets) {
    const root = readSvg(await drawSvg(picture, size));
    const page = paper === "fit" ? { width: size.width * pointsPerPixel, height: size.height * pointsPerPixel } : paper;
    const edge = paper === "fit" ? 0 : margin;
    const room = { width: page.width - 2 * edge, height: page.height - 2 * edge };
    const scale = Math.min(room.width / size.width, room.height / size.height);
    document.addPage({ size: [page.width, page.height], margin: 0 });
    document.translate((page.width - scale * size.width) / 2, edge).scale(scale);
    drawOnPage(document, root);
  }
  document.end();
  return bytes;
}
