import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { ProxyCall } from "./call.ts";
import { packingOf, unpacked } from "./decoding.ts";
import { downstreamHeaders } from "./headers.ts";
import type { Sink, UpstreamAnswer } from "./upstream-answer.ts";

const PREFIX = '{"output":';
const SUFFIX = "}";
/** An empty body is no JSON: `null` stands for it. */
const EMPTY = "null";
const WRAPPING = PREFIX.length + SUFFIX.length;
/** Bodies up to this size that came whole leave in one piece with their head. */
const ONE_PIECE = 65_536;

/** What describes the body that came, and not the one that goes. */
const OF_THE_BODY: ReadonlySet<string> = new Set([
  "etag",
  "content-length",
  "content-encoding",
  "content-md5",
  "content-digest",
  "repr-digest",
  "digest",
  "accept-ranges",
]);
/** RFC 9110, section 8.6: nothing has no length. */
const OF_NOTHING: ReadonlySet<string> = new Set(["content-length"]);

/**
 * Gives Tableau's answer to the caller, JSON wrapped as `{"output": …}` unless it was asked for raw. When Tableau's
 * answer is cut short this fails, and nothing more is written: a suffix would make half an answer look whole.
 */
export function passOn(call: ProxyCall, answer: UpstreamAnswer): Promise<void> | void {
  const { response } = call;
  const { statusCode: status } = answer;
  const packing = packingOf(answer.headers["content-encoding"]);
  const isWrapped = mayBeWrapped(call, answer) && packing.kind !== "unknown";
  const changed = isWrapped ? OF_THE_BODY : status === 204 ? OF_NOTHING : undefined;
  const headers = { ...downstreamHeaders(answer.headers, changed), ...call.headers };

  if (!isWrapped || packing.kind === "none") {
    const whole = answer.takeWhole();
    if (whole !== null && whole.length <= ONE_PIECE) return sendWhole(call, { status, headers, whole, isWrapped });
    const length = Number(answer.headers["content-length"] ?? Number.NaN);
    if (isWrapped && Number.isInteger(length)) headers["content-length"] = String(lengthWrapped(length));
    response.writeHead(status, headers);
    return pourInto(response, answer, isWrapped);
  }
  response.writeHead(status, headers);
  return pourInto(response, sourceOf(unpacked(answer.body, packing.unpack())), isWrapped);
}

interface Whole {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number>;
  readonly whole: Buffer;
  readonly isWrapped: boolean;
}

/**
 * As one string with the head, which Node then writes at once, where buffers would be written beside it. Each byte is a
 * character of Latin-1, and becomes the same byte again.
 */
function sendWhole({ request, response }: ProxyCall, { status, headers, whole, isWrapped }: Whole): void {
  const text = whole.toString("latin1");
  const body = isWrapped ? PREFIX + (text === "" ? EMPTY : text) + SUFFIX : text;
  if (request.method !== "HEAD" && status !== 204 && status !== 304) headers["content-length"] = body.length;
  response.writeHead(status, headers);
  response.end(body, "latin1");
}

/** What a body comes from. */
interface Source {
  pour(sink: Sink): void;
  resume(): void;
}

/** Gives a body to the caller as fast as it is taken. Done when the answer has left, or nobody waits for it any more. */
function pourInto(response: ServerResponse, source: Source, isWrapped: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let isEmpty = true;
    response.on("drain", () => source.resume());
    response.once("close", resolve);
    source.pour({
      write: (chunk) => {
        if (isEmpty && isWrapped) response.write(PREFIX, "latin1");
        isEmpty = false;
        return response.write(chunk);
      },
      end: () => {
        if (!isWrapped) response.end();
        else response.end(isEmpty ? PREFIX + EMPTY + SUFFIX : SUFFIX, "latin1");
      },
      fail: reject,
    });
    // What was over before the caller of this could listen.
    if (response.closed) resolve();
  });
}

/** A body that is unpacked: Tableau packed it although it was not asked to, and what is packed cannot be wrapped. */
function sourceOf(stream: Readable): Source {
  return {
    pour: (sink) => {
      stream.once("error", (error: Error) => sink.fail(error));
      stream.once("end", () => sink.end());
      stream.on("data", (chunk: Buffer) => {
        if (!sink.write(chunk)) stream.pause();
      });
    },
    resume: () => void stream.resume(),
  };
}

function mayBeWrapped(call: ProxyCall, { statusCode: status, headers }: UpstreamAnswer): boolean {
  const hasBody = call.request.method !== "HEAD" && status !== 204 && status !== 304;
  return hasBody && status !== 206 && !call.isRaw && isJson(headers["content-type"]);
}

/** By a Content-Type. */
export function isJson(type: string | string[] | undefined): boolean {
  return typeof type === "string" && /^application\/(?:[\w.+-]+\+)?json\b/i.test(type);
}

function lengthWrapped(length: number): number {
  return WRAPPING + (length === 0 ? EMPTY.length : length);
}
