/** A colour as red, green and blue, 0 to 255. */
type Rgb = readonly [number, number, number];

/** The card's own colours, in tokens.css: what a product's accent is measured against. */
const surfaces: Record<"light" | "dark", Rgb> = { light: [255, 255, 255], dark: [27, 24, 22] };
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const onAccent: readonly { readonly css: string; readonly rgb: Rgb }[] = [
  { css: "#ffffff", rgb: white },
  { css: "#14110d", rgb: [20, 17, 13] },
];

export interface Accent {
  /** CSS variables to set on the card; those left out keep their token. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The product's accent colour, where it can be read: 4.5:1 under its label, and 3:1 against the card (WCAG 2.2, 1.4.3
 * and 1.4.11). null where it cannot: the card then keeps its own accent.
 */
export function accentFor(color: string | null, scheme: "light" | "dark"): Accent | null {
  const rgb = readHex(color);
  if (!rgb) return null;
  const againstCard = contrast(rgb, surfaces[scheme]);
  const label = onAccent.find((candidate) => contrast(candidate.rgb, rgb) >= 4.5);
  if (!label || againstCard < 3) return null;
  const css = `rgb(${rgb.join(" ")})`;
  const deeper = label.rgb === white ? "black" : "white";
  return {
    variables: {
      "--color-accent": css,
      // Under the pointer the label only gains contrast.
      "--color-accent-strong": `color-mix(in oklab, ${css} 85%, ${deeper})`,
      "--color-on-accent": label.css,
      "--color-accent-ink": `rgb(${readableInk(rgb, scheme).join(" ")})`,
      "--color-accent-soft": `color-mix(in oklab, ${css} 14%, var(--color-surface))`,
    },
  };
}

/** The accent as text: as it is, or moved away from the card until it can be read. */
function readableInk(rgb: Rgb, scheme: "light" | "dark"): Rgb {
  const end = scheme === "light" ? black : white;
  for (let part = 0; part < 1; part += 0.05) {
    const mixed: Rgb = [mix(rgb[0], end[0], part), mix(rgb[1], end[1], part), mix(rgb[2], end[2], part)];
    if (contrast(mixed, surfaces[scheme]) >= 4.5) return mixed;
  }
  return end;
}

const mix = (from: number, to: number, part: number): number => Math.round(from + (to - from) * part);

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
