import type { OutboundAnswer, Send } from "@easel/connector";
import type { Dispatcher } from "undici";
import { unreachableReason } from "./failure.ts";
import type { Guard } from "./guard.ts";

/** How much of an answer is kept, in bytes: `OutboundAnswer` promises no more. */
const keptBytes = 64 * 1024;

/**
 * Sends the small requests of a connector. Redirects come back as answers; a failure is a value; whatever is not a
 * failure of the network is thrown.
 *
 * @param options.deadlineMs for everything, from resolving the name to the last byte that is kept
 */
export function createSend(options: { guard: Guard; dispatcher: Dispatcher; deadlineMs: number }): Send {
  const { guard, dispatcher, deadlineMs } = options;
  return async (request): Promise<OutboundAnswer> => {
    // The whole URL: the dispatcher sees an origin and a path, and neither holds a name and password.
    if (guard.judge(request.url).kind === "forbidden") return { kind: "unreachable", reason: "forbidden" };
    const url = new URL(request.url);
    try {
      const answer = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: withIdentityEncoding(request.headers),
        body: request.body ?? null,
        signal: AbortSignal.timeout(deadlineMs),
      });
      const body = await readSome(answer.body);
      return { kind: "answered", status: answer.statusCode, headers: answer.headers, body };
    } catch (error) {
      const reason = unreachableReason(error);
      if (reason === null) throw error;
      return { kind: "unreachable", reason };
    }
  };
}

/** Nothing here unpacks, and an answer that unpacks to gigabytes is thereby no concern. */
function withIdentityEncoding(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...Object.fromEntries(lowerCase), "accept-encoding": "identity" };
}

/** The first 64 KB as text; leaving the loop early ends the connection. */
async function readSome(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= keptBytes) break;
  }
  // `stream`, so that a character on the edge is left out and not turned into another.
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, keptBytes), { stream: true });
}
