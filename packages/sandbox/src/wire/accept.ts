export type Format = "xml" | "json";

/**
 * The format an `Accept` header asks for. XML is the default, also for `*` `/*`; JSON only when it is named, and not
 * outranked by a named XML type: `application/json, text/plain, *` `/*` (what axios sends) is JSON.
 */
export function formatFor(accept: string | undefined): Format {
  let best: { format: Format; quality: number } = { format: "xml", quality: 0 };
  for (const range of (accept ?? "").toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const format = formats.get(type);
    if (format === undefined) continue;
    const quality = qualityOf(parameters);
    if (quality > best.quality) best = { format, quality };
  }
  return best.format;
}

// A map: whatever an object inherits is no media type.
const formats: ReadonlyMap<string, Format> = new Map([
  ["application/json", "json"],
  ["application/xml", "xml"],
  ["text/xml", "xml"],
]);

function qualityOf(parameters: string[]): number {
  const written = parameters.find((parameter) => parameter.startsWith("q="));
  const quality = written === undefined ? 1 : Number(written.slice(2));
  return Number.isFinite(quality) ? quality : 1;
}
