import type { ProxyCall } from "../proxy/call.ts";
import { headersOf, type JsonAnswer } from "./json-answer.ts";

/**
 * Keeps what stands between Easel and the caller from taking a long wait for a dead connection: a blank now and then,
 * which may stand before any JSON (RFC 8259, section 2). With the first of them the head has left, and its status can
 * be no other than 200: so it is only done for those who ask for it, and who read from the body how it ended.
 */
export interface Heartbeat {
  /** Answers, with this status where none has left yet. */
  end(answer: Pick<JsonAnswer, "status" | "headers">, json: string): void;
  stop(): void;
}

/** @param everyMs null for none */
export function startHeartbeat(call: ProxyCall, everyMs: number | null): Heartbeat {
  const { response } = call;
  const timer =
    everyMs === null
      ? null
      : setInterval(() => {
          if (!response.headersSent) response.writeHead(200, headersOf(call, {}, "application/json"));
          // A caller that does not read needs no proof of life.
          if (response.writableLength === 0) response.write("\n");
        }, everyMs).unref();
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
  };
  return {
    stop,
    end: ({ status, headers }, json) => {
      stop();
      const bytes = Buffer.from(json);
      if (!response.headersSent) {
        response.writeHead(status, {
          ...headersOf(call, headers, "application/json"),
          "content-length": String(bytes.length),
        });
      }
      response.end(bytes);
    },
  };
}
