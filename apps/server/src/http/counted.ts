import { IncomingMessage, ServerResponse } from "node:http";

/**
 * Requests and answers that know how many bytes of body went over them. The counters of the socket do not: one is shared by
 * all that a caller sends over it, may hold the beginning of the next request, and counts heads and chunks.
 */
export class CountedRequest extends IncomingMessage {
  bodyBytes = 0;
  private onRead: (() => void) | null = null;

  /** Hears once that somebody begins to read the body, unless it has come by then. */
  whenRead(listener: () => void): void {
    this.onRead = listener;
  }

  override _read(size: number): void {
    this.onRead?.();
    this.onRead = null;
    super._read(size);
  }

  /** How Node's parser gives over what came of the body. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk instanceof Uint8Array) this.bodyBytes += chunk.length;
    this.onRead = null;
    return super.push(chunk, encoding);
  }
}

export class CountedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  bodyBytes = 0;

  override write(...chunk: unknown[]): boolean {
    this.bodyBytes += this.sizeOf(chunk[0], chunk[1]);
    return Reflect.apply(super.write, this, chunk);
  }

  override end(...chunk: unknown[]): this {
    this.bodyBytes += this.sizeOf(chunk[0], chunk[1]);
    return Reflect.apply(super.end, this, chunk);
  }

  private sizeOf(chunk: unknown, encoding: unknown): number {
    // Node sends no body here, whatever is written.
    if (this.req.method === "HEAD" || this.statusCode === 204 || this.statusCode === 304) return 0;
    if (chunk instanceof Uint8Array) return chunk.length;
    if (typeof chunk !== "string") return 0;
    return Buffer.byteLength(chunk, typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8");
  }
}

/** Of its body, bytes that have come from the caller. */
export function bytesReceived(request: IncomingMessage): number {
  return request instanceof CountedRequest ? request.bodyBytes : 0;
}

/** Of its body, bytes that were given to the caller's connection. */
export function bytesAnswered(response: ServerResponse): number {
  return response instanceof CountedResponse ? response.bodyBytes : 0;
}
