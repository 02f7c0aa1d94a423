import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

const key = Buffer.alloc(32, 7);
const parts = fc.array(fc.string({ unit: "binary", maxLength: 4 }), { maxLength: 4 });

test("is an HMAC-SHA-256 in hex", () => {
  const expected = createHmac("sha256", key)
    .update(Buffer.from("00000004610062000000000463006400", "hex"))
    .digest("hex");
  expect(fingerprint(key, ["ab", "cd"])).toBe(expected);
});

test("two lists have the same fingerprint only if they are the same list", () => {
  fc.assert(
    fc.property(parts, parts, (one, two) => {
      const same = JSON.stringify(one) === JSON.stringify(two);
      expect(fingerprint(key, one) === fingerprint(key, two)).toBe(same);
    }),
  );
});

test("moving a boundary between parts changes it", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (text, a, b) => {
      const [i, j] = [a % (text.length + 1), b % (text.length + 1)];
      fc.pre(i !== j);
      const cut = (at: number) => fingerprint(key, [text.slice(0, at), text.slice(at)]);
      expect(cut(i)).not.toBe(cut(j));
      expect(cut(i)).not.toBe(fingerprint(key, [text]));
    }),
  );
});

test("lone surrogates are told apart", () => {
  expect(fingerprint(key, ["\ud800"])).not.toBe(fingerprint(key, ["\ud801"]));
});

test("another key, another fingerprint", () => {
  expect(fingerprint(Buffer.alloc(32, 8), ["a"])).not.toBe(fingerprint(key, ["a"]));
});
