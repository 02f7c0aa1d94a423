import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Workbook } from "./model.ts";

const megabyte = 1024 * 1024;

/**
 * The bytes of a workbook's download: as long as its size says, the same every time, made while they are sent. They
 * begin as a packaged workbook does (it is a zip file), and are no real one.
 */
export function workbookContent(workbook: Workbook): { length: number; body: Readable } {
  return { length: workbook.size * megabyte, body: Readable.from(megabytes(workbook), { objectMode: false }) };
}

function* megabytes({ id, size }: Workbook): Generator<Buffer> {
  const pattern = createHash("sha512").update(id).digest();
  for (let index = 0; index < size; index++) {
    const block = Buffer.alloc(megabyte, pattern);
    block.writeUInt32BE(index, 8); // no two blocks are the same, so that a lost or doubled one shows
    if (index === 0) block.write("PK\u0003\u0004", "latin1");
    yield block;
  }
}
