import { Readable } from "node:stream";
import type { Body } from "../proxy/body.ts";

/** The next part of a file, ready to be sent. */
export interface FilePart {
  readonly body: Body;
  /** Has all of it been taken? Whoever answers earlier does not have it, whatever it says. */
  isTaken(): boolean;
}

export interface FileParts {
  /** Null where the file has ended. The part before must have been sent. */
  next(frame: { readonly before: string; readonly after: string }): Promise<FilePart | null>;
}

/** A part up to this size is held, in bytes, and can be sent again: most workbooks are no larger. */
const HELD_LIMIT = 262_144;

/**
 * Cuts a file into parts of at most `limit` bytes, in order, as it comes. A small part is held; a large one streams
 * through, and waits at the caller for whoever takes it.
 */
export function cutIntoParts(file: AsyncIterable<Buffer>, limit: number): FileParts {
  const chunks = file[Symbol.asyncIterator]();
  let rest: Buffer | null = null;

  const read = async (most: number): Promise<Buffer | null> => {
    let chunk = rest;
    rest = null;
    while (chunk === null || chunk.length === 0) {
      const result = await chunks.next();
      if (result.done === true) return null;
      chunk = result.value;
    }
    if (chunk.length <= most) return chunk;
    rest = chunk.subarray(most);
    return chunk.subarray(0, most);
  };

  return {
    next: async ({ before, after }) => {
      const held: Buffer[] = [];
      let size = 0;
      const most = Math.min(limit, HELD_LIMIT);
      while (size < most) {
        const chunk = await read(most - size);
        if (chunk === null) break;
        held.push(chunk);
        size += chunk.length;
      }
      if (size === 0) return null;
      const isWhole = size < most || limit <= HELD_LIMIT;
      const start = Buffer.concat([Buffer.from(before), ...held]);
      if (isWhole) {
        return { body: { kind: "held", bytes: Buffer.concat([start, Buffer.from(after)]) }, isTaken: () => true };
      }
      let isTaken = false;
      const body = async function* (): AsyncGenerator<Buffer> {
        yield start;
        while (size < limit) {
          const chunk = await read(limit - size);
          if (chunk === null) break;
          size += chunk.length;
          yield chunk;
        }
        yield Buffer.from(after);
        isTaken = true;
      };
      const open = () => Readable.from(body(), { objectMode: false });
      // inferred: Tableau takes a body whose length is not told, as every server of HTTP/1.1 has to.
      return { body: { kind: "streamed", start, length: null, open }, isTaken: () => isTaken };
    },
  };
}
