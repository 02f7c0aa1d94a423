import type { Paper } from "../../../pictures/pdf/pdf.ts";
import type { Size } from "../../../pictures/picture.ts";
import { isRefusal, type Refusal, refuse } from "../../../wire/refusals.ts";

/** A picture may have this many pixels each way; twice as many at high resolution. */
const longestSide = 4_000;

const minute = 60_000;

/** inferred: how long Tableau keeps a picture for those who do not say how old it may be. */
const usualMaxAge = 12 * 60 * minute;

/** How old a picture may be, in ms, by `maxAge` in minutes; 0 draws it anew, as tabcmd's `:refresh` asks for. */
export function readMaxAge(query: URLSearchParams): number | Refusal {
  const written = query.get("maxAge");
  if (written === null || written === "") return usualMaxAge;
  if (!/^\d{1,9}$/.test(written)) return refuse("400000", `The maxAge '${written}' is not a number of minutes.`);
  return Number(written) * minute;
}

export type ImageOptions = { size: Size | undefined; zoom: number; format: "png" | "svg"; maxAge: number };

/** `vizWidth`, `vizHeight`, `resolution`, `format` and `maxAge` of an image. inferred: the codes of what is wrong. */
export function readImageOptions(query: URLSearchParams): ImageOptions | Refusal {
  const size = readSize(query);
  if (isRefusal(size)) return size;
  const maxAge = readMaxAge(query);
  if (isRefusal(maxAge)) return maxAge;
  const resolution = oneOf(query, "resolution", ["standard", "high"]);
  if (isRefusal(resolution)) return resolution;
  const format = oneOf(query, "format", ["png", "svg"]);
  if (isRefusal(format)) return format;
  return { size, zoom: resolution === "high" ? 2 : 1, format: format ?? "png", maxAge };
}

export type PdfOptions = { size: Size | undefined; paper: Paper; maxAge: number };

/** `type`, `orientation`, `vizWidth`, `vizHeight` and `maxAge` of a PDF; Legal and upright where it does not say. */
export function readPdfOptions(query: URLSearchParams): PdfOptions | Refusal {
  const size = readSize(query);
  if (isRefusal(size)) return size;
  const maxAge = readMaxAge(query);
  if (isRefusal(maxAge)) return maxAge;
  const type = oneOf(query, "type", pageTypes);
  if (isRefusal(type)) return type;
  const orientation = oneOf(query, "orientation", ["portrait", "landscape"]);
  if (isRefusal(orientation)) return orientation;
  return { size, paper: paperOf(type ?? "legal", orientation ?? "portrait"), maxAge };
}

/** Pages upright, in points. */
const pages = {
  a3: { width: 841.89, height: 1190.55 },
  a4: { width: 595.28, height: 841.89 },
  a5: { width: 419.53, height: 595.28 },
  b4: { width: 708.66, height: 1000.63 },
  b5: { width: 498.9, height: 708.66 },
  executive: { width: 522, height: 756 },
  folio: { width: 612, height: 936 },
  ledger: { width: 792, height: 1224 },
  legal: { width: 612, height: 1008 },
  letter: { width: 612, height: 792 },
  note: { width: 540, height: 720 },
  quarto: { width: 609.45, height: 779.53 },
  tabloid: { width: 792, height: 1224 },
} as const satisfies Record<string, Size>;

type PageType = keyof typeof pages | "unspecified";

const pageTypes: readonly PageType[] = [
  "a3",
  "a4",
  "a5",
  "b4",
  "b5",
  "executive",
  "folio",
  "ledger",
  "legal",
  "letter",
  "note",
  "quarto",
  "tabloid",
  "unspecified",
];

function paperOf(type: PageType, orientation: "portrait" | "landscape"): Paper {
  if (type === "unspecified") return "fit";
  const { width, height } = pages[type];
  return orientation === "portrait" ? { width, height } : { width: height, height: width };
}

function readSize(query: URLSearchParams): Size | undefined | Refusal {
  const [width, height] = [query.get("vizWidth"), query.get("vizHeight")];
  if (!width && !height) return undefined;
  if (!width || !height) return refuse("400000", "vizWidth and vizHeight must be given together.");
  const size = { width: Number(width), height: Number(height) };
  for (const side of [size.width, size.height]) {
    if (Number.isInteger(side) && side >= 1 && side <= longestSide) continue;
    return refuse("400000", `vizWidth and vizHeight are whole numbers from 1 to ${longestSide}.`);
  }
  return size;
}

/** One of these words in any letter case; undefined where there is none. */
function oneOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined | Refusal {
  const written = query.get(name);
  if (!written) return undefined;
  const word = words.find((known) => known === written.toLowerCase());
  return word ?? refuse("400000", `The ${name} '${written}' is none of ${words.join(", ")}.`);
}
