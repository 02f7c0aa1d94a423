import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { fontBytes, fontFamily } from "./fonts.ts";

let ready: Promise<void> | undefined;

/** Turns an SVG into a PNG; `zoom` 2 has twice as many pixels each way. */
export async function toPng(svg: string, zoom: number): Promise<Uint8Array> {
  ready ??= initWasm(readFileSync(createRequire(import.meta.url).resolve("#assets/resvg.wasm")));
  await ready;
  const renderer = new Resvg(svg, {
    fitTo: { mode: "zoom", value: zoom },
    font: {
      fontBuffers: [fontBytes("regular"), fontBytes("semibold")],
      defaultFontFamily: fontFamily,
      sansSerifFamily: fontFamily,
    },
  });
  const image = renderer.render();
  const png = image.asPng();
  image.free();
  renderer.free();
  return png;
}
