import { once } from "node:events";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";

const cuts = new WeakMap<object, number>();

/** Lets an answer break off after so many bytes of its body: its length is announced in full, the rest never comes. */
export function cutBody(reply: FastifyReply, afterBytes: number): void {
  cuts.set(reply, afterBytes);
}

export function registerCuts(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply, payload) => {
    const afterBytes = cuts.get(reply);
    if (afterBytes === undefined || payload === null || payload === undefined) return payload;
    if (typeof payload === "string" || Buffer.isBuffer(payload)) {
      const body = Buffer.from(payload);
      reply.header("content-length", body.length);
      return Readable.from(cut([body], afterBytes, reply));
    }
    return payload instanceof Readable ? Readable.from(cut(payload, afterBytes, reply)) : payload;
  });
}

async function* cut(body: AsyncIterable<Uint8Array> | Uint8Array[], afterBytes: number, reply: FastifyReply) {
  const { raw } = reply;
  // A body that is shorter is cut before its last byte.
  let left = Math.max(0, Math.min(afterBytes, Number(reply.getHeader("content-length") ?? Infinity) - 1));
  for await (const chunk of body) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) break;
  }
  raw.flushHeaders();
  // What was given to the socket is sent first.
  raw.socket?.end(() => raw.socket?.destroy());
  if (!raw.destroyed) await once(raw, "close");
}
