import type { AnswerHeaders, ProviderError } from "@easel/connector";
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";

/** A header's (first) value; null where the answer has none. */
export function headerOf(headers: AnswerHeaders, name: string): string | null {
  const value = headers[name];
  return (typeof value === "string" ? value : value?.[0]) ?? null;
}

/**
 * A body as JSON, else as XML; null where it is neither. Tableau answers XML to whoever does not ask for JSON. Its texts can
 * be stored, whatever a server writes: PostgreSQL takes no U+0000 and no half characters.
 */
export function readBody(body: string): unknown {
  const text = body.trimStart();
  if (text.startsWith("{")) return readJson(text);
  return text.startsWith("<") ? readXml(storable(text)) : null;
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}

function readJson(text: string): unknown {
  try {
    const read: unknown = JSON.parse(text);
    makeStorable(read);
    return read;
  } catch {
    return null;
  }
}

/** Every text in it. Not by a reviver, which calls itself for each level: a hostile answer has tens of thousands. */
function makeStorable(read: unknown): void {
  const open = [read];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== "object" || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "string") Reflect.set(node, key, storable(value));
      else open.push(value);
    }
  }
}

/** Elements and attributes become keys of one object, text beside attributes becomes `value`, as in Tableau's JSON. */
function readXml(text: string): unknown {
  // A document type may define entities: no Tableau answer has one, and a hostile server's is not read.
  if (/<!(doctype|entity)/i.test(text)) return null;
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    textNodeName: "value",
    parseTagValue: false,
    parseAttributeValue: false,
    removeNSPrefix: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  try {
    return parser.parse(text);
  } catch {
    return null;
  }
}

/** In characters, of what a server says: more is for nobody to read, and some of it is stored. */
const LONGEST_TEXT = 1000;
const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).slice(0, LONGEST_TEXT).toWellFormed());
const classicError = z.object({
  code: text.optional(),
  summary: text.optional(),
  detail: text.optional(),
  message: text.optional(),
});
const errorBody = z.union([
  z.object({ tsResponse: z.object({ error: classicError }) }).transform((body) => body.tsResponse.error),
  z.object({ error: classicError }).transform((body) => body.error),
  // VizQL Data Service, and the services under `/api/-/`.
  z
    .object({ errorCode: text, message: text.optional(), "tab-error-code": text.optional() })
    .transform(({ errorCode, message }) => ({ code: errorCode, message })),
  z.object({ code: text, message: text }),
]);

/**
 * What Tableau says went wrong, from JSON, XML, VizQL Data Service or a web page; `code` is empty where the answer
 * holds none, which means that Tableau itself may not have been asked.
 */
export function readError(status: number, body: string): ProviderError {
  const read = errorBody.safeParse(readBody(body));
  if (!read.success) return { code: "", summary: whatCame(status, body), detail: "" };
  const error: z.infer<typeof classicError> = read.data;
  const detail = error.detail ?? "";
  return { code: error.code ?? "", summary: error.summary ?? error.message ?? `Status ${status}`, detail };
}

function whatCame(status: number, body: string): string {
  if (/^\s*(<!doctype html|<html)/i.test(body)) return `A web page came instead of an answer, with status ${status}`;
  return body.trim() === "" ? `Status ${status}, and nothing else` : `Status ${status}`;
}

/** Seconds to wait, from `Retry-After` in seconds; dates are left to the default. Between 1 second and 1 hour. */
export function retrySeconds(headers: AnswerHeaders): number {
  const seconds = Number(headerOf(headers, "retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), 3600) : 60;
}
