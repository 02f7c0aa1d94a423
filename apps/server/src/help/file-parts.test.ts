import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cutIntoParts } from "./file-parts.ts";

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (const [at, place] of places.slice(1).entries()) yield bytes.subarray(places[at], place);
}

async function partsOf(bytes: Buffer, cuts: readonly number[], limit: number): Promise<Buffer[]> {
  const file = cutIntoParts(chunksOf(bytes, cuts), limit);
  const parts: Buffer[] = [];
  for (;;) {
    const part = await file.next({ before: "<", after: ">" });
    if (part === null) return parts;
    const { body } = part;
    if (body.kind === "none") throw new Error("A part has a body.");
    parts.push(body.kind === "held" ? body.bytes : await buffer(body.open()));
    expect(part.isTaken()).toBe(true);
  }
}

test("however a file comes, its parts are as large as may be, in order, and nothing is lost", async () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 900_000 }), fc.constantFrom(262_144, 262_145, 300_000, 600_000));
  const limit = fc.constantFrom(1000, 262_143, 262_144, 262_145, 300_000);
  await fc.assert(
    fc.asyncProperty(size, fc.array(fc.nat(), { maxLength: 10 }), limit, async (length, cuts, most) => {
      const bytes = Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31) % 251));
      const parts = await partsOf(bytes, cuts, most);
      expect(parts.map((part) => part.length - 2)).toEqual(
        Array.from({ length: Math.ceil(length / most) }, (_, at) => Math.min(most, length - at * most)),
      );
      expect(Buffer.concat(parts.map((part) => part.subarray(1, -1))).equals(bytes)).toBe(true);
      expect(parts.every((part) => part[0] === 0x3c && part.at(-1) === 0x3e)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
