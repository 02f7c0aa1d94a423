import type { IncomingMessage } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import { unreachableReason } from "../egress/failure.ts";
import { easelError } from "../http/errors.ts";
import { isPackingError } from "./decoding.ts";

/** A caller's body. What is held can be sent again after the session was renewed; what streams cannot. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "held"; readonly bytes: Buffer }
  | {
      readonly kind: "streamed";
      /** Its first bytes, which `open` gives again. */
      readonly start: Buffer;
      readonly length: string | null;
      /** The whole body, once. */
      open(): Readable;
    };

/** Bodies up to this size are held, in bytes. */
const HELD_LIMIT = 262_144;

/** Reads a body to its end, or far enough to know that it is too large to be held. Nothing is lost. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === "0")) return { kind: "none" };
  // Node takes `chunked` off, and leaves what it was laid over: the body would arrive as something else than it was.
  if (encoding !== undefined && encoding.trim().toLowerCase() !== "chunked")
    throw easelError("transfer_coding_unsupported", { coding: encoding.slice(0, 40) });
  const isKnownToBeLarge = length !== undefined && Number(length) > HELD_LIMIT;
  const chunks: Buffer[] = [];
  let size = 0;
  const reader = request.iterator({ destroyOnReturn: false });
  for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
    chunks.push(next.value);
    size += next.value.length;
    if (isKnownToBeLarge || size > HELD_LIMIT) {
      await reader.return?.();
      const start = Buffer.concat(chunks);
      return { kind: "streamed", start, length: length ?? null, open: () => openRest(request, start) };
    }
  }
  return size === 0 ? { kind: "none" } : { kind: "held", bytes: Buffer.concat(chunks) };
}

/**
 * A stream of its own, because undici destroys what it was sending when Tableau answers before it has read everything,
 * and the caller's connection must outlive that to carry the answer.
 */
function openRest(request: IncomingMessage, start: Buffer): Readable {
  const stream = new PassThrough();
  const fail = (error?: Error): void => void stream.destroy(error ?? new Error("The caller went away."));
  request.once("error", fail);
  request.once("close", () => {
    if (!request.complete) fail();
  });
  stream.once("close", () => {
    // What the caller still sends is read and dropped: a caller that cannot send does not read the answer.
    request.unpipe(stream);
    request.resume();
  });
  request.unshift(start);
  return request.pipe(stream);
}

/** The beginning of an answer's body. */
export interface Held {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/**
 * The first bytes of an answer's body, at most `limit`; the rest is thrown away. Of a body that breaks off, what came.
 * Throws where the caller went away.
 */
export async function readStart(body: AsyncIterable<Buffer>, limit: number): Promise<Held> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) return { bytes: Buffer.concat(chunks).subarray(0, limit), isWhole: false };
    }
  } catch (error) {
    if (unreachableReason(error) === null && !isPackingError(error)) throw error;
    return { bytes: Buffer.concat(chunks), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}
