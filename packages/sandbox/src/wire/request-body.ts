import type { Readable } from "node:stream";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isRefusal, type Refusal, refuse } from "./refusals.ts";

/** Parsed bodies are held in memory, so they are bounded; uploads are streamed and are not. */
const largestParsedBody = 8 * 1024 * 1024;

/** What a request says, in the shape of Tableau's JSON: attributes and child elements are keys of one object. */
export type RequestBody = { kind: "body"; content: unknown };

/**
 * Reads a `tsRequest`. JSON when Content-Type says so; anything else is read as XML, because public clients post XML
 * with no Content-Type, with text/xml, and (curl's `-d`) with a form's. An empty body is an empty request.
 */
export async function readRequestBody(
  stream: Readable,
  contentType: string | undefined,
): Promise<RequestBody | Refusal> {
  const text = await readText(stream);
  return isRefusal(text) ? text : parseRequest(text, contentType);
}

/** Reads a body as text, whatever it is. */
export async function readText(stream: Readable): Promise<string | Refusal> {
  const bytes = await readAll(stream);
  if (bytes === "too large") return refuse("413000", `The request body is larger than ${largestParsedBody} bytes.`);
  if (bytes === "cut off") return refuse("400000", "The request body ended before it was complete.");
  return bytes.toString("utf8");
}

/** Reads a `tsRequest` that has come as a whole: a body, or the payload beside a published file. */
export function parseRequest(text: string, contentType: string | undefined): RequestBody | Refusal {
  const written = text.replace(/^\ufeff/, "");
  if (written.trim() === "") return { kind: "body", content: {} };
  const isJson = /^application\/json\b/i.test(contentType ?? "");
  return isJson ? parseJson(written) : parseXml(written);
}

async function readAll(stream: Readable): Promise<Buffer | "too large" | "cut off"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Read to the end even when it is too large, so that the client can finish sending and read the refusal.
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > largestParsedBody) chunks.length = 0;
      else chunks.push(chunk);
    }
  } catch {
    return "cut off";
  }
  return size > largestParsedBody ? "too large" : Buffer.concat(chunks);
}

function parseJson(written: string): RequestBody | Refusal {
  try {
    return { kind: "body", content: JSON.parse(written) };
  } catch {
    return refuse("400000", "Payload is either malformed or incomplete: not JSON.");
  }
}

function parseXml(written: string): RequestBody | Refusal {
  // Tableau's own words for a body that does not begin with a tag (often JSON sent as XML).
  if (!written.trimStart().startsWith("<")) {
    return refuse("400000", "Payload is either malformed or incomplete: Content is not allowed in prolog.");
  }
  // No Tableau request has a document type, and refusing them leaves no entity to expand.
  if (/<!DOCTYPE/i.test(written)) return refuse("400000", "A document type declaration is not allowed.");
  const root = parseDocument(written);
  if (root === undefined) return refuse("400000", "Payload is either malformed or incomplete: not well-formed XML.");
  if (!("tsRequest" in root)) return refuse("400000", "The payload must be a tsRequest element.");
  return { kind: "body", content: root.tsRequest === "" ? {} : root.tsRequest };
}

/** What the parser calls the text of an element: a name that no element can have. */
const textNodeName = "#text";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true, // for numeric character references
  textNodeName,
  maxNestedTags: 64,
});

function parseDocument(written: string): Record<string, unknown> | undefined {
  // The parser throws on what it cannot read, and on hostile names and nesting: all of it is a malformed payload.
  try {
    if (XMLValidator.validate(written) !== true) return undefined;
    const root = withText(parser.parse(written));
    return typeof root === "object" && root !== null ? { ...root } : undefined;
  } catch {
    return undefined;
  }
}

/** Text beside attributes or elements is called `value`, as in Tableau's JSON; white space around elements is none. */
function withText(parsed: unknown): unknown {
  if (Array.isArray(parsed)) return parsed.map(withText);
  if (typeof parsed !== "object" || parsed === null) return parsed;
  const parts = Object.entries(parsed).filter(([name, part]) => name !== textNodeName || String(part).trim() !== "");
  return Object.fromEntries(parts.map(([name, part]) => [name === textNodeName ? "value" : name, withText(part)]));
}
