import imported from "pptxgenjs";
import type { Sheet } from "./pdf/pdf.ts";
import { toPng } from "./png.ts";
import { drawSvg } from "./svg.ts";

// Its types tell of a CommonJS module, whose class is below `default`; what Node imports is the class itself.
const PptxGenJS = "default" in imported ? imported.default : imported;

/** A slide of 16 to 9, in inches. */
const slideSize = { width: 13.333, height: 7.5 };
const edge = 0.35;

/** Sharp on a screen as wide as most are. */
const zoom = 1.5;

/** A presentation with one slide for each sheet: a picture of it, as Tableau makes them. */
export async function toSlides(sheets: readonly Sheet[], title: string): Promise<Uint8Array> {
  const deck = new PptxGenJS();
  deck.layout = "LAYOUT_WIDE";
  deck.title = title;
  for (const { picture, size } of sheets) {
    const png = Buffer.from(await toPng(await drawSvg(picture, size), zoom));
    const room = { width: slideSize.width - 2 * edge, height: slideSize.height - 2 * edge };
    const scale = Math.min(room.width / size.width, room.height / size.height);
    const [w, h] = [scale * size.width, scale * size.height];
    deck.addSlide().addImage({
      data: `image/png;base64,${png.toString("base64")}`,
      altText: picture.title,
      x: (slideSize.width - w) / 2,
      y: (slideSize.height - h) / 2,
      w,
      h,
    });
  }
  const written = await deck.write({ outputType: "uint8array" });
  if (!(written instanceof Uint8Array)) throw new Error("The presentation was not written as bytes.");
  return written;
}
