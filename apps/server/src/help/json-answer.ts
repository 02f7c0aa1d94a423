import type { Readable } from "node:stream";
import { easelError } from "../http/errors.ts";
import { isJson } from "../proxy/answer.ts";
import type { ProxyCall } from "../proxy/call.ts";
import { isPackingError, packingOf, unpacked } from "../proxy/decoding.ts";
import { downstreamHeaders } from "../proxy/headers.ts";
import type { UpstreamAnswer } from "../proxy/upstream-answer.ts";
import { HEAVIEST, type Holding, weightOf } from "./room.ts";

/** Of an answer that is read whole, bytes. A page of a thousand items with all their fields is about 2 MB. */
const LIMIT = 16_777_216;

/** An answer that was read. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: UpstreamAnswer["headers"];
  readonly text: string;
  readonly value: unknown;
}

/** Is there JSON in this answer? */
export function holdsJson({ statusCode, headers }: UpstreamAnswer): boolean {
  const hasBody = statusCode !== 204 && statusCode !== 304 && statusCode !== 206;
  return hasBody && isJson(headers["content-type"]);
}

/** Reads an answer whole. Throws where it is larger than may be held, is no JSON, or breaks off. */
export async function readJson(answer: UpstreamAnswer, holding: Holding): Promise<JsonAnswer> {
  const text = await readText(answer, holding);
  const { statusCode: status, headers } = answer;
  try {
    return { status, headers, text, value: JSON.parse(text) };
  } catch {
    throw easelError("help_answer_unexpected", { wanted: "JSON" });
  }
}

async function readText({ headers, body }: UpstreamAnswer, holding: Holding): Promise<string> {
  const packing = packingOf(headers["content-encoding"]);
  if (packing.kind === "unknown") throw easelError("help_answer_unexpected", { wanted: UNPACKABLE });
  try {
    return await readHeld(packing.kind === "packed" ? unpacked(body, packing.unpack()) : body, holding);
  } catch (error) {
    throw isPackingError(error) ? easelError("help_answer_unexpected", { wanted: UNPACKABLE }) : error;
  }
}

const UNPACKABLE = "an answer that can be unpacked";

async function readHeld(stream: Readable, holding: Holding): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  let weight = 0;
  for await (const chunk of stream) {
    const more = weightOf(chunk);
    size += chunk.length;
    weight += more;
    if (size > LIMIT || weight > HEAVIEST)
      throw easelError("help_answer_too_large", { limit: "16 MB, or 64 MB in memory" });
    holding.add(more);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** What describes the body that came, and not the one that goes. */
const OF_THE_BODY = [
  "content-type",
  "content-length",
  "content-encoding",
  "content-md5",
  "content-digest",
  "repr-digest",
  "digest",
  "etag",
  "last-modified",
  "accept-ranges",
];

/** The head of an answer whose body is Easel's work. */
export function headersOf(
  call: ProxyCall,
  headers: UpstreamAnswer["headers"],
  type: string,
): Record<string, string | string[]> {
  const passed = downstreamHeaders(headers);
  for (const name of OF_THE_BODY) delete passed[name];
  return { ...passed, ...call.headers, "content-type": type, "cache-control": "no-store" };
}

/** JSON in the face's own wrapping. */
export function wrapped(call: ProxyCall, json: string): string {
  return call.isRaw ? json : `{"output":${json === "" ? "null" : json}}`;
}

/** Answers with JSON that is at hand. */
export function sendJson(call: ProxyCall, answer: Pick<JsonAnswer, "status" | "headers">, json: string): void {
  const bytes = Buffer.from(wrapped(call, json));
  const { response } = call;
  response.writeHead(answer.status, {
    ...headersOf(call, answer.headers, "application/json"),
    "content-length": String(bytes.length),
  });
  response.end(bytes);
}
