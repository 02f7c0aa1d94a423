import { crc32 } from "node:zlib";

/** One file in a zip, as its headers know it. `size` is unpacked, `packedSize` as it lies in the zip. */
export type ZipHeader = {
  name: string;
  size: number;
  packedSize: number;
  crc: number;
  /** 0: as it is, 8: deflated. */
  method: number;
};

/** What stands before each file's bytes, what stands after the last, and how long all of it is. */
export type ZipLayout = { headers: Buffer[]; end: Buffer; length: number };

/** A file with its bytes; they are stored as they are. */
export type ZipEntry = { name: string; content: Buffer };

/** Zip files as they are written here (without ZIP64) hold less than this, in bytes. */
export const largestZip = 2 ** 32 - 1;

/** When everything in it is said to have been written, so that the same entries make the same bytes: 1 January 2024. */
const fixedDate = ((2024 - 1980) << 9) | (1 << 5) | 1;

/** A zip file of few and small entries, uncompressed, the same every time. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const { headers, end } = layOut(
    entries.map(({ name, content }) => storedHeader(name, content.length, crc32(content))),
  );
  const files = entries.flatMap(({ content }, index) => [headers[index] ?? Buffer.alloc(0), content]);
  return Buffer.concat([...files, end]);
}

export function storedHeader(name: string, size: number, crc: number): ZipHeader {
  return { name, size, packedSize: size, crc, method: 0 };
}

/** A zip file without its files' bytes (PKWARE's APPNOTE, sections 4.3.7 to 4.3.16): to be sent while they are read. */
export function layOut(files: readonly ZipHeader[]): ZipLayout {
  const headers: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const header = headerOf(file);
    const name = Buffer.from(file.name);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), header, name]);
    directory.push(directoryEntry(header, name, offset));
    headers.push(local);
    offset += local.length + file.packedSize;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return { headers, end: Buffer.concat([listed, end]), length: offset + listed.length + end.length };
}

/** What a file's own header and its place in the directory have in common, from the version to the lengths. */
function headerOf({ name, size, packedSize, crc, method }: ZipHeader): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0); // the version needed to read it: 2.0
  header.writeUInt16LE(0x0800, 2); // the name is in UTF-8
  header.writeUInt16LE(method, 4);
  header.writeUInt16LE(fixedDate, 8);
  header.writeUInt32LE(crc, 10);
  header.writeUInt32LE(packedSize, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

function directoryEntry(header: Buffer, name: Buffer, offset: number): Buffer {
  const start = Buffer.alloc(6);
  start.write("PK\u0001\u0002", "latin1");
  start.writeUInt16LE(20, 4); // the version it was made by
  const end = Buffer.alloc(14);
  end.writeUInt32LE(offset, 10);
  return Buffer.concat([start, header, end, name]);
}
