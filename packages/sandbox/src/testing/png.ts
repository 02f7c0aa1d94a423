import { inflateSync } from "node:zlib";

/** A decoded picture: four bytes (red, green, blue, opacity) for each pixel, line by line. */
export type Pixels = { width: number; height: number; bytes: Buffer };

const bytesPerPixel = 4;

/** Decodes a PNG as the sandbox writes them: 8 bits for each of four channels, not interlaced. */
export function decodePng(png: Uint8Array): Pixels {
  const file = Buffer.from(png);
  if (file.toString("latin1", 1, 4) !== "PNG") throw new Error("Not a PNG.");
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (file[24] !== 8 || file[25] !== 6 || file[28] !== 0) throw new Error("A PNG of another form.");
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") data.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return { width, height, bytes: unfilter(inflateSync(Buffer.concat(data)), width, height) };
}

function unfilter(filtered: Buffer, width: number, height: number): Buffer {
  const stride = width * bytesPerPixel;
  const bytes = Buffer.alloc(stride * height);
  for (let line = 0; line < height; line++) {
    const from = line * (stride + 1);
    for (let index = 0; index < stride; index++) {
      const at = line * stride + index;
      const left = index < bytesPerPixel ? 0 : (bytes[at - bytesPerPixel] ?? 0);
      const up = line === 0 ? 0 : (bytes[at - stride] ?? 0);
      const corner = line === 0 || index < bytesPerPixel ? 0 : (bytes[at - stride - bytesPerPixel] ?? 0);
      bytes[at] = (filtered[from + 1 + index] ?? 0) + predicted(filtered[from] ?? 0, left, up, corner);
    }
  }
  return bytes;
}

/** The five filters of PNG (RFC 2083, section 6). */
function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
  if (toLeft === undefined || toUp === undefined || toCorner === undefined) return 0;
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

/** How many pixels have a colour, as in `#3d6fa8`. */
export function countColor({ bytes }: Pixels, color: string): number {
  const wanted = Number.parseInt(color.slice(1), 16);
  let count = 0;
  for (let at = 0; at < bytes.length; at += bytesPerPixel) if (bytes.readUIntBE(at, 3) === wanted) count++;
  return count;
}

/** How many pixels of a part of a picture are neither white nor transparent. */
export function countInk(
  { width, bytes }: Pixels,
  part: { x: number; y: number; width: number; height: number },
): number {
  let count = 0;
  for (let y = part.y; y < part.y + part.height; y++) {
    for (let x = part.x; x < part.x + part.width; x++) {
      const at = (y * width + x) * bytesPerPixel;
      if (bytes[at + 3] !== 0 && bytes.readUIntBE(at, 3) !== 0xffffff) count++;
    }
  }
  return count;
}
