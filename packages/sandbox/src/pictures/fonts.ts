import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The family that all text in pictures is set in; both weights below belong to it. */
export const fontFamily = "Inter";

export type FontWeight = "regular" | "semibold";

/**
 * The bytes of the fonts, read once. By the package's name, not by a path: from the sources and from a built package
 * alike, `node` finds it where it is installed.
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
  regular: "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  semibold: "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
};

const read = new Map<FontWeight, Buffer>();
