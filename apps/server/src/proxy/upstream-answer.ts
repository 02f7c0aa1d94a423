import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";

/** What Tableau answers: the head, and a body that is taken once, in one of four ways. */
export interface UpstreamAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  /** All of the body, where it has come already, as small ones have; else null, and it is to be taken in another way. */
  takeWhole(): Buffer | null;
  /** Gives the body to a sink as it comes. */
  pour(sink: Sink): void;
  /** The body as a stream. */
  readonly body: Readable;
  /** Lets go of the body, after at most `limit` bytes of it: what ends within them leaves its connection for others. */
  dump(limit?: number): Promise<void>;
  /** More may come, after a sink wanted no more. */
  resume(): void;
}

/** What a body is given to. */
export interface Sink {
  /** False where no more should come until `resume`; what is on its way comes all the same. */
  write(chunk: Buffer): boolean;
  end(): void;
  /** It was cut: neither `write` nor `end` is called any more. */
  fail(error: Error): void;
}

/** Bytes held before anybody takes the body; then Tableau is held back. A socket is read in pieces of so many. */
const HELD = 65_536;

/**
 * Sends one request, and gives its answer when the head is there. Where the signal is aborted the request is given up at
 * once, whether it waits, is answered or streams. undici's `request` does the same with a stream for every answer; most
 * answers are small, and whole by the time that somebody looks at their head.
 */
export function ask(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new Asking(options, signal, { resolve, reject }));
  });
}

/** One request on its way, as undici tells of it; once it is answered, the answer. */
class Asking implements Dispatcher.DispatchHandler, UpstreamAnswer {
  statusCode = 0;
  headers: IncomingHttpHeaders = {};
  private readonly requestBody: Dispatcher.DispatchOptions["body"];
  private readonly signal: AbortSignal;
  /** Null once it is answered, or has failed. */
  private waiting: { resolve(answer: UpstreamAnswer): void; reject(error: unknown): void } | null;
  private controller: Dispatcher.DispatchController | null = null;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private sink: Sink | null = null;
  private stream: Readable | null = null;
  private isEnded = false;
  private failure: Error | null = null;
  private readonly giveUp = (): void => {
    const reason: Error = this.signal.reason;
    // Where it still waits for a connection there is nothing to abort, until it begins.
    if (this.controller === null) this.fail(reason);
    else this.controller.abort(reason);
  };

  constructor(
    { body }: Dispatcher.DispatchOptions,
    signal: AbortSignal,
    waiting: { resolve(answer: UpstreamAnswer): void; reject(error: unknown): void },
  ) {
    this.requestBody = body;
    this.signal = signal;
    this.waiting = waiting;
    if (signal.aborted) this.giveUp();
    else signal.addEventListener("abort", this.giveUp, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.failure !== null) controller.abort(this.failure);
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    // What is said before the answer (103, 102) is between Tableau and its next hop; undici takes no 100 or 101.
    if (statusCode < 200) return;
    this.statusCode = statusCode;
    this.headers = headers;
    this.waiting?.resolve(this);
    this.waiting = null;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.sink !== null) {
      if (!this.sink.write(chunk)) controller.pause();
      return;
    }
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes >= HELD) controller.pause();
  }

  onResponseEnd(): void {
    this.isEnded = true;
    this.signal.removeEventListener("abort", this.giveUp);
    this.sink?.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  takeWhole(): Buffer | null {
    if (!this.isEnded) return null;
    const [first] = this.held;
    return this.held.length === 1 && first !== undefined ? first : Buffer.concat(this.held);
  }

  pour(sink: Sink): void {
    this.sink = sink;
    const { held } = this;
    this.held = [];
    let isTaken = true;
    for (const chunk of held) isTaken = sink.write(chunk);
    if (this.failure !== null) sink.fail(this.failure);
    else if (this.isEnded) sink.end();
    else if (isTaken) this.resume();
  }

  resume(): void {
    this.controller?.resume();
  }

  get body(): Readable {
    this.stream ??= this.asStream();
    return this.stream;
  }

  async dump(limit = HELD): Promise<void> {
    let bytes = 0;
    try {
      for await (const chunk of this.body) {
        bytes += chunk.length;
        if (bytes > limit) return;
      }
    } catch {
      // It was cut, which is as good.
    }
  }

  private asStream(): Readable {
    const stream = new Readable({
      highWaterMark: HELD,
      read: () => this.resume(),
      destroy: (error, done) => {
        if (!this.isEnded) this.controller?.abort(error ?? new Error("The answer is not wanted."));
        done(error);
      },
    });
    this.pour({
      write: (chunk) => stream.push(chunk),
      end: () => void stream.push(null),
      fail: (error) => void stream.destroy(error),
    });
    return stream;
  }

  private fail(error: Error): void {
    if (this.failure !== null || this.isEnded) return;
    this.failure = error;
    this.signal.removeEventListener("abort", this.giveUp);
    // undici leaves a body that it has not begun to send to whoever made it.
    if (this.requestBody instanceof Readable) this.requestBody.once("error", () => {}).destroy(error);
    this.waiting?.reject(error);
    this.waiting = null;
    this.sink?.fail(error);
  }
}
