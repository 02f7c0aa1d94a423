import { resetSVGDefIds } from "vega";
import { drawChart } from "./charts/draw.ts";
import { ink } from "./charts/theme.ts";
import type { Picture, Size, Tile } from "./picture.ts";
import { rectangle, round, textAt, withoutControls } from "./svg-text.ts";
import { clip, textWidth } from "./text.ts";

const margin = 20;
const gap = 12;
const cardPadding = 14;
/** In less room than this, in pixels, nothing could be read. */
const smallest = 40;

/** Draws what a view shows as an SVG document. The same picture and size give the same bytes. */
export async function drawSvg(picture: Picture, size: Size): Promise<string> {
  resetSVGDefIds(); // the names of clip paths are numbered
  const { width, height } = size;
  const head = drawHead(picture, width);
  const body = { x: margin, y: head.height, width: width - 2 * margin, height: height - head.height - margin };
  const parts: string[] = [];
  for (const tile of picture.tiles) parts.push(await drawTile(tile, body, picture.tiles.length > 1));
  const ground = rectangle(0, 0, width, height, picture.tiles.length > 1 ? ink.faint : ink.paper);
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return withoutControls(`${open}${ground}${head.svg}${parts.join("")}</svg>`);
}

function drawHead({ title, subtitle }: Picture, width: number): { svg: string; height: number } {
  const room = width - 2 * margin;
  const size = Math.max(13, Math.min(20, (20 * room) / Math.max(1, textWidth(title, 20, "semibold"))));
  const name = textAt(margin, 36, clip(title, room, size, "semibold"), { size, color: ink.text, weight: "semibold" });
  if (subtitle === "") return { svg: name, height: 56 };
  const filters = textAt(margin, 56, clip(subtitle, room, 12), { size: 12, color: ink.quiet });
  return { svg: name + filters, height: 74 };
}

type Box = Size & { x: number; y: number };

async function drawTile(tile: Tile, body: Box, isCard: boolean): Promise<string> {
  const outer = place(tile, body);
  if (!isCard) return inside(outer, await drawContent(tile, outer));
  const inner = {
    x: outer.x + cardPadding,
    y: outer.y + 40,
    width: Math.max(1, outer.width - 2 * cardPadding),
    height: Math.max(1, outer.height - 40 - cardPadding / 2),
  };
  const title = clip(tile.content.title, inner.width, 13, "semibold");
  return (
    card(outer) +
    textAt(inner.x, outer.y + 26, title, { size: 13, color: ink.text, weight: "semibold" }) +
    inside(inner, await drawContent(tile, inner))
  );
}

/** Tiles keep a gap from each other, none at the picture's edges. */
function place(tile: Tile, body: Box): Box {
  const left = body.x + tile.x * body.width + (tile.x > 0 ? gap / 2 : 0);
  const top = body.y + tile.y * body.height + (tile.y > 0 ? gap / 2 : 0);
  const right = body.x + (tile.x + tile.width) * body.width - (tile.x + tile.width < 0.999 ? gap / 2 : 0);
  const bottom = body.y + (tile.y + tile.height) * body.height - (tile.y + tile.height < 0.999 ? gap / 2 : 0);
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function card({ x, y, width, height }: Box): string {
  const corner = Math.min(6, width / 2, height / 2);
  const [across, down] = [round(width - 2 * corner), round(height - 2 * corner)];
  const bend = (dx: number, dy: number) => `a${corner},${corner} 0 0 1 ${dx},${dy}`;
  const path =
    `M${round(x + corner)},${round(y)}h${across}${bend(corner, corner)}v${down}${bend(-corner, corner)}` +
    `h${-across}${bend(-corner, -corner)}v${-down}${bend(corner, -corner)}Z`;
  return `<path d="${path}" fill="${ink.paper}" stroke="${ink.line}" stroke-width="1"/>`;
}

function inside({ x, y }: Box, svg: string): string {
  return `<g transform="translate(${round(x)},${round(y)})">${svg}</g>`;
}

async function drawContent({ content }: Tile, { width, height }: Size): Promise<string> {
  if (width < smallest || height < smallest) return "";
  if ("mark" in content) return drawChart(content, { width: Math.round(width), height: Math.round(height) });
  return drawNote(content.note, { width, height });
}

/** Why there is no chart, in lines as long as there is room for. */
function drawNote(note: string, { width, height }: Size): string {
  const lines: string[] = [];
  for (const word of note.split(" ")) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (lines.length > 0 && textWidth(longer, 13) <= width - 40) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const top = height / 2 - (lines.length - 1) * 10;
  return lines
    .map((line, index) =>
      textAt(width / 2, top + index * 20, clip(line, width, 13), { size: 13, color: ink.quiet, align: "middle" }),
    )
    .join("");
}
