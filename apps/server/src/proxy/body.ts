import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

/** A caller's body. What is held can be sent again after the session was renewed; what streams cannot. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "held"; readonly bytes: Buffer }
  | {
      readonly kind: "streamed";
      readonly stream: Readable;
      readonly start: Buffer | null;
      readonly length: string | null;
    };

/** Bodies up to this size are held, in bytes. */
export const HELD_LIMIT = 262_144;

/** Reads a body to its end or to the limit, whichever comes first. Nothing is lost: what was read begins the stream. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === "0")) return { kind: "none" };
  if (length !== undefined && Number(length) > HELD_LIMIT)
    return { kind: "streamed", stream: request, start: null, length };
  const chunks: Buffer[] = [];
  let size = 0;
  const reader = request.iterator({ destroyOnReturn: false });
  for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > HELD_LIMIT) {
      await reader.return?.();
      const start = Buffer.concat(chunks);
      request.unshift(start);
      return { kind: "streamed", stream: request, start, length: length ?? null };
    }
  }
  return size === 0 ? { kind: "none" } : { kind: "held", bytes: Buffer.concat(chunks) };
}

/** The beginning of an answer's body. */
export interface Held {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/** The first bytes of an answer's body, at most `limit`; the rest is thrown away. */
export async function readStart(body: Readable, limit: number): Promise<Held> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) return { bytes: Buffer.concat(chunks).subarray(0, limit), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}
