import type { RepresentationOptions } from "./model.ts";

/** A number as facts hold it: as it is, and as people read it. */
export type Written = { raw: number | null; formatted: string };

/** Writes a metric's numbers as its definition says: `$12.3K`, `45.6%`, `1,234`. */
export function numberWriter(options: RepresentationOptions): (value: number | null) => Written {
  const format = formatOf(options);
  return (raw) => ({ raw, formatted: raw === null ? "no data" : format(raw) });
}

function formatOf({ type, currency_code: code }: RepresentationOptions): (value: number) => string {
  if (type.endsWith("PERCENT")) return percent;
  if (!type.endsWith("CURRENCY")) return compact;
  const currency = code.replace("CURRENCY_CODE_", "");
  const symbol = currency === "UNSPECIFIED" ? "$" : symbolOf(currency);
  return (value) => (value < 0 ? `-${symbol}${compact(-value)}` : `${symbol}${compact(value)}`);
}

function symbolOf(currency: string): string {
  try {
    const parts = new Intl.NumberFormat("en-US", { style: "currency", currency }).formatToParts(0);
    return parts.find(({ type }) => type === "currency")?.value ?? "";
  } catch {
    return ""; // not a currency
  }
}

const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** From 1,000 on in thousands and millions. */
export function compact(value: number): string {
  return Math.abs(value) >= 1_000 ? short.format(value) : exact.format(value);
}

export function percent(value: number): string {
  return `${exact.format(Math.round(value * 1000) / 10)}%`;
}

/** How a number changed: by how much, and by what part of what it was. */
export function changeOf(
  value: number | null,
  before: number | null,
  write: (value: number | null) => Written,
): { absolute: Written; relative: Written; direction: "up" | "down" | "flat" } {
  const absolute = value === null || before === null ? null : Math.round((value - before) * 1e6) / 1e6;
  const relative = absolute === null || before === null || before === 0 ? null : absolute / Math.abs(before);
  return {
    absolute: write(absolute),
    relative: { raw: relative, formatted: relative === null ? "no data" : percent(relative) },
    direction: absolute === null || absolute === 0 ? "flat" : absolute > 0 ? "up" : "down",
  };
}
