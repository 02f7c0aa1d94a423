import type { Readable } from "node:stream";
import { isExtract, withPackage } from "./package.ts";
import type { FileStore, StoredFile } from "./store.ts";
import { largestZip, layOut } from "./stored-zip.ts";
import { zipBody } from "./zip-body.ts";

/** A package without the extracts in it, as `includeExtract=False` asks; undefined when there are none, or it is none. */
export async function withoutExtracts(
  files: FileStore,
  file: StoredFile,
): Promise<{ length: number; body: Readable } | undefined> {
  if (file.size > largestZip) return undefined;
  const kept = await withPackage(await files.pathOf(file), async ({ entries, startOf }) => {
    const left = entries.filter((entry) => !isExtract(entry));
    // Files that lie over each other are more than the package; and who makes such a package has its bytes as they are.
    const size = left.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
    if (left.length === entries.length || size > file.size) return undefined;
    return Promise.all(left.map(async (entry) => ({ entry, start: await startOf(entry) })));
  });
  if (kept === undefined || "fault" in kept) return undefined;
  const layout = layOut(
    kept.map(({ entry: { fileName, uncompressedSize, compressedSize, crc32, compressionMethod } }) => ({
      name: fileName,
      size: uncompressedSize,
      packedSize: compressedSize,
      crc: crc32,
      method: compressionMethod,
    })),
  );
  const contents = kept.map(
    ({ entry: { compressedSize }, start }) =>
      async function* () {
        if (compressedSize > 0) yield* await files.read(file, { start, end: start + compressedSize - 1 });
      },
  );
  return { length: layout.length, body: zipBody(layout, contents) };
}
