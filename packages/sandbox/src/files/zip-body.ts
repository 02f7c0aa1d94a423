import { Readable } from "node:stream";
import type { ZipLayout } from "./stored-zip.ts";

/** The bytes of a zip file, made while they are sent: `contents` are its files' packed bytes, in the layout's order. */
export function zipBody(
  { headers, end }: ZipLayout,
  contents: readonly (() => AsyncIterable<Buffer> | Iterable<Buffer>)[],
): Readable {
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const [index, header] of headers.entries()) {
      yield header;
      yield* contents[index]?.() ?? [];
    }
    yield end;
  }
  return Readable.from(bytes(), { objectMode: false });
}
