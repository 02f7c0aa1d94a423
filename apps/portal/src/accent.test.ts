import fc from "fast-check";
import { expect, test } from "vitest";
import { accentFor, contrast } from "./accent.ts";

const cards = { light: [255, 255, 255], dark: [27, 24, 22] } as const;
const rgbOf = (css: string): [number, number, number] => {
  const [red = 0, green = 0, blue = 0] = css.startsWith("#")
    ? [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16))
    : (css.match(/\d+/g)?.map(Number) ?? []);
  return [red, green, blue];
};

test("an accent that is used can be read: as a button, under its label, and as text", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom("light", "dark"), (number, scheme) => {
      const variables = accentFor(`#${number.toString(16).padStart(6, "0")}`, scheme)?.variables;
      if (!variables) return;
      const color = (name: string) => rgbOf(variables[name] ?? "");
      expect(contrast(color("--color-accent"), cards[scheme])).toBeGreaterThanOrEqual(3);
      expect(contrast(color("--color-accent"), color("--color-on-accent"))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color("--color-accent-ink"), cards[scheme])).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test("a colour that cannot be told from the card, or is none, leaves the card its own", () => {
  for (const color of ["#ffff00", "#fff", "red", "", "url(x)", null]) expect(accentFor(color, "light")).toBeNull();
  expect(accentFor("#ffff00", "dark")).not.toBeNull();
});
