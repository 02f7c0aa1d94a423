/** A colour as red, green and blue, 0 to 255. */
type Rgb = readonly [number, number, number];

/** The card's own colours, in tokens.css: what a product's accent is measured against. */
const surfaces: Record<"light" | "dark", Rgb> = { light: [255, 255, 255], dark: [27, 24, 22] };
const onAccent: readonly { readonly css: string; readonly rgb: Rgb }[] = [
  { css: "#ffffff", rgb: [255, 255, 255] },
  { css: "#14110d", rgb: [20, 17, 13] },
];

export interface Accent {
  /** CSS variables to set on the card; those left out keep their token. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The product's accent colour, as far as it can be read: on its own label 4.5:1, against the card 3:1 as a button and
 * 4.5:1 as text (WCAG 2.2, 1.4.3 and 1.4.11). null where the button itself would not do.
 */
export function accentFor(color: string | null, scheme: "light" | "dark"): Accent | null {
  const rgb = readHex(color);
  if (!rgb) return null;
  const againstCard = contrast(rgb, surfaces[scheme]);
  const label = onAccent.find((candidate) => contrast(candidate.rgb, rgb) >= 4.5);
  if (!label || againstCard < 3) return null;
  const css = `rgb(${rgb.join(" ")})`;
  return {
    variables: {
      "--color-accent": css,
      "--color-accent-strong": css,
      "--color-on-accent": label.css,
      ...(againstCard >= 4.5 ? { "--color-accent-ink": css } : {}),
    },
  };
}

function readHex(color: string | null): Rgb | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color?.trim() ?? "")?.[1];
  if (!digits) return null;
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const number = Number.parseInt(full, 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** WCAG 2.2, "contrast ratio". */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
