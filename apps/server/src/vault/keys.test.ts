import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeysError, newKey, parseKeys } from "./keys.ts";

const base64 = randomBytes(32).toString("base64");

describe("parseKeys", () => {
  test("reads what newKey makes; the first key seals", () => {
    const [first, second] = [newKey(), newKey()];
    const ring = parseKeys(` ${first} ,\n${second}\n`);
    expect(ring.sealing).toBe(first.split(":")[0]);
    expect([...ring.keys.keys()]).toEqual([first.split(":")[0], second.split(":")[0]]);
  });

  test("takes base64 without its padding", () => {
    expect(
      parseKeys(`a:${base64.replace("=", "")}`)
        .keys.get("a")
        ?.export()
        .toString("base64"),
    ).toBe(base64);
  });

  test.each([
    ["nothing", ""],
    ["commas only", " , ,"],
    ["a key without an id", base64],
    ["an empty id", `:${base64}`],
    ["an id with a space", `my key:${base64}`],
    ["a key where the id should be", `${base64.replace(/[+/=]/g, "A")}:a`],
    ["an empty key", "a:"],
    ["a key that is too short", `a:${randomBytes(31).toString("base64")}`],
    ["a key that is too long", `a:${randomBytes(33).toString("base64")}`],
    ["a key in hex", `a:${randomBytes(32).toString("hex")}`],
    ["a key with a character that is not base64", `a:${base64.slice(0, 20)}!${base64.slice(20)}`],
    ["a good key before a bad one", `a:${base64},b`],
    ["the same id twice", `a:${base64},a:${randomBytes(32).toString("base64")}`],
  ])("refuses %s", (_, text) => {
    expect(() => parseKeys(text)).toThrow(KeysError);
  });

  test("never repeats what it was given, except a well-formed id", () => {
    const piece = fc.stringMatching(/^[A-Za-z0-9+/=:_-]{8,60}$/);
    fc.assert(
      fc.property(piece, (text) => {
        try {
          parseKeys(text);
        } catch (error) {
          expect(error).toBeInstanceOf(KeysError);
          expect(String(error)).not.toContain(text);
          for (const part of text.split(":")) if (part.length > 7) expect(String(error)).not.toContain(part);
        }
      }),
    );
  });
});
