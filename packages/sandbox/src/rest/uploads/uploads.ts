import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";

/** Upload sessions that are remembered; more than this and the oldest are forgotten. */
const mostUploads = 1_000;

export type Uploads = ReturnType<typeof openUploads>;

/** File uploads in parts. Nothing is kept of them but their length, so that they may be of any size. */
export function openUploads() {
  const received = new Map<string, number>();
  return {
    /** The id of a new session, in the schema's form: colons and all. */
    begin(): string {
      const id = `${1000 + received.size}:${randomBytes(16).toString("hex").toUpperCase()}-1:0`;
      received.set(id, 0);
      const oldest = received.keys().next();
      if (received.size > mostUploads && !oldest.done) received.delete(oldest.value);
      return id;
    },

    /** Reads a part to its end and returns how many bytes the session has had in all. A part cut off counts nothing. */
    async append(id: string, part: Readable): Promise<number | "no such session" | "cut off"> {
      if (!received.has(id)) return "no such session";
      let length = 0;
      try {
        for await (const chunk of part) length += chunk.length;
      } catch {
        return "cut off";
      }
      const total = (received.get(id) ?? 0) + length;
      received.set(id, total);
      return total;
    },
  };
}
