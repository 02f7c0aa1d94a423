import type { ServerResponse } from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Dispatcher } from "undici";
import { downstreamHeaders, PROXIED_ANSWER_HEADERS } from "./headers.ts";

const PREFIX = Buffer.from('{"output":');
const SUFFIX = Buffer.from("}");

export interface AnswerOptions {
  readonly method: string;
  /** `X-Paragon-Use-Raw-Response`: nothing is touched. */
  readonly isRaw: boolean;
  /** CORS and the request id. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Streams Tableau's answer to the caller, JSON wrapped as `{"output": …}` unless it was asked for raw. When Tableau's
 * answer is cut short the caller's connection is cut too: a suffix would make half an answer look whole.
 */
export async function passOn(
  answer: Dispatcher.ResponseData,
  response: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  const { statusCode: status } = answer;
  const headers: Record<string, string | string[]> = {
    ...downstreamHeaders(answer.headers),
    ...PROXIED_ANSWER_HEADERS,
    ...options.headers,
  };
  const hasBody = options.method !== "HEAD" && status !== 204 && status !== 304;
  if (options.isRaw || !hasBody || status === 206 || !isJson(answer.headers["content-type"])) {
    response.writeHead(status, headers);
    await pipeline(answer.body, response);
    return;
  }
  // A wrapped body is another body: what describes the old one goes.
  const {
    etag: _etag,
    "content-length": length,
    "content-encoding": encoding,
    "content-md5": _digest,
    ...rest
  } = headers;
  const decode = decoder(encoding);
  const wrappedLength =
    decode === null && typeof length === "string" ? { "content-length": String(Number(length) + WRAPPING) } : {};
  response.writeHead(status, { ...rest, ...wrappedLength });
  if (decode === null) await pipeline(answer.body, wrap(), response);
  else await pipeline(answer.body, decode, wrap(), response);
}

const WRAPPING = PREFIX.length + SUFFIX.length;

function isJson(type: string | string[] | undefined): boolean {
  return typeof type === "string" && /^application\/(?:[\w.+-]+\+)?json\b/i.test(type);
}

/** Identity was asked for; a server that compresses all the same is undone, since a compressed body cannot be wrapped. */
function decoder(encoding: string | string[] | undefined): NodeJS.ReadWriteStream | null {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return null;
  }
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
      done(null, isEmpty ? Buffer.from('{"output":null}') : SUFFIX);
    },
  });
}
