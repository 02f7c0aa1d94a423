import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dispatcher } from "undici";
import type { ProxyCall } from "./call.ts";
import { packingOf } from "./decoding.ts";
import { downstreamHeaders } from "./headers.ts";

const PREFIX = Buffer.from('{"output":');
const SUFFIX = Buffer.from("}");
const WRAPPING = PREFIX.length + SUFFIX.length;

/** What describes the body that came, and not the one that goes. */
const OF_THE_BODY = [
  "etag",
  "content-length",
  "content-encoding",
  "content-md5",
  "content-digest",
  "repr-digest",
  "digest",
  "accept-ranges",
];

/**
 * Streams Tableau's answer to the caller, JSON wrapped as `{"output": …}` unless it was asked for raw. When Tableau's
 * answer is cut short the caller's connection is cut too: a suffix would make half an answer look whole.
 */
export async function passOn(call: ProxyCall, answer: Dispatcher.ResponseData): Promise<void> {
  const { response } = call;
  const { statusCode: status } = answer;
  const headers = { ...downstreamHeaders(answer.headers), ...call.headers };
  const packing = packingOf(answer.headers["content-encoding"]);
  if (!isWrapped(call, answer) || packing.kind === "unknown") {
    response.writeHead(status, headers);
    await pipeline(answer.body, response);
    return;
  }
  const length = packing.kind === "none" ? Number(answer.headers["content-length"] ?? Number.NaN) : Number.NaN;
  for (const name of OF_THE_BODY) delete headers[name];
  if (Number.isInteger(length)) headers["content-length"] = String(lengthWrapped(length));
  response.writeHead(status, headers);
  if (packing.kind === "none") await pipeline(answer.body, wrap(), response);
  else await pipeline(answer.body, packing.unpack(), wrap(), response);
}

function isWrapped(call: ProxyCall, { statusCode: status, headers }: Dispatcher.ResponseData): boolean {
  const hasBody = call.request.method !== "HEAD" && status !== 204 && status !== 304;
  return hasBody && status !== 206 && !call.isRaw && isJson(headers["content-type"]);
}

function isJson(type: string | string[] | undefined): boolean {
  return typeof type === "string" && /^application\/(?:[\w.+-]+\+)?json\b/i.test(type);
}

/** An empty body is no JSON: `null` stands for it. */
const EMPTY = Buffer.from("null");

function lengthWrapped(length: number): number {
  return WRAPPING + (length === 0 ? EMPTY.length : length);
}

function wrap(): Transform {
  let isEmpty = true;
  return new Transform({
    transform(chunk, _encoding, done) {
      if (isEmpty) this.push(PREFIX);
      isEmpty = false;
      done(null, chunk);
    },
    flush(done) {
      if (isEmpty) this.push(Buffer.concat([PREFIX, EMPTY]));
      done(null, SUFFIX);
    },
  });
}
