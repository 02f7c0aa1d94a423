import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The family that all text in pictures is set in; both weights below belong to it. */
export const fontFamily = "Inter";

export type FontWeight = "regular" | "semibold";

/**
 * The bytes of the fonts, read once. By a name that package.json's `imports` explains, not by a path: so Node.js finds
 * them from the sources and from a built package alike.
 */
export function fontBytes(weight: FontWeight): Buffer {
  let bytes = read.get(weight);
  if (bytes === undefined) {
    bytes = readFileSync(createRequire(import.meta.url).resolve(files[weight]));
    read.set(weight, bytes);
  }
  return bytes;
}

const files: Record<FontWeight, string> = {
  regular: "#assets/inter-regular.ttf",
  semibold: "#assets/inter-semibold.ttf",
};

const read = new Map<FontWeight, Buffer>();
