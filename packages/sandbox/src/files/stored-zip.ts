import { crc32 } from "node:zlib";

/** One file in a zip. */
export type ZipEntry = { name: string; content: Buffer };

/** When everything in it is said to have been written, so that the same entries make the same bytes: 1 January 2024. */
const fixedDate = ((2024 - 1980) << 9) | (1 << 5) | 1;

/** A zip file of few and small entries, uncompressed, the same every time (PKWARE's APPNOTE, sections 4.3.7 to 4.3.16). */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const header = headerOf(entry);
    const local = Buffer.concat([
      Buffer.from("PK\u0003\u0004", "latin1"),
      header,
      Buffer.from(entry.name),
      entry.content,
    ]);
    directory.push(directoryEntry(entry, header, offset));
    files.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}

/** What a file's own header and its place in the directory have in common, from the version to the lengths. */
function headerOf({ name, content }: ZipEntry): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0); // the version needed to read it: 2.0
  header.writeUInt16LE(0x0800, 2); // the name is in UTF-8
  header.writeUInt16LE(fixedDate, 8);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

function directoryEntry({ name }: ZipEntry, header: Buffer, offset: number): Buffer {
  const start = Buffer.alloc(6);
  start.write("PK\u0001\u0002", "latin1");
  start.writeUInt16LE(20, 4); // the version it was made by
  const end = Buffer.alloc(14);
  end.writeUInt32LE(offset, 10);
  return Buffer.concat([start, header, end, Buffer.from(name)]);
}
