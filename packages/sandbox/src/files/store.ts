import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A file that is kept on disk. Plain data, so it may stand in a site; one item owns it and removes it. */
export type StoredFile = {
  id: string;
  /** In bytes. */
  size: number;
  /** SHA-256 of its content, in hex. */
  hash: string;
};

export type FileStore = ReturnType<typeof openFileStore>;

/** All files together, in bytes: more than any test needs, less than what fills a disk unseen. */
const mostBytes = 16 * 2 ** 30;

/**
 * The files that clients publish or upload: on disk, never in memory. Without a directory of their own they are in a
 * temporary one, which is made with the first file and removed on `close`.
 */
export function openFileStore(directory: string | undefined) {
  let kept: Promise<string> | undefined;
  let total = 0;

  function opened(): Promise<string> {
    kept ??=
      directory === undefined
        ? mkdtemp(join(tmpdir(), "easel-sandbox-files-"))
        : mkdir(directory, { recursive: true }).then(() => directory);
    return kept;
  }

  async function pathOf({ id }: Pick<StoredFile, "id">): Promise<string> {
    return join(await opened(), id);
  }

  async function remove(file: StoredFile): Promise<void> {
    total -= file.size;
    await rm(await pathOf(file), { force: true });
  }

  return {
    /** Where a file is, for what must read it here and there, as zip files are read. */
    pathOf,
    remove,

    /** Keeps what comes; rejects when it breaks off, and keeps nothing then. */
    async put(content: AsyncIterable<Buffer>, most = mostBytes): Promise<StoredFile | "too large"> {
      const id = randomUUID();
      const path = await pathOf({ id });
      const written = await write(path, content, (size) => size <= most && total + size <= mostBytes);
      if (written === "too large") return written;
      total += written.size;
      return { id, ...written };
    },

    /** The file's bytes, `end` included as in an HTTP range. */
    async read(file: StoredFile, range: { start?: number; end?: number } = {}): Promise<Readable> {
      return createReadStream(await pathOf(file), range);
    },

    /** Removes what no item owns: uploads that were not finished when a kept site was last closed. */
    async keepOnly(files: Iterable<StoredFile>): Promise<void> {
      if (directory === undefined) return;
      const owned = new Map(Array.from(files, (file) => [file.id, file]));
      total = owned.values().reduce((sum, { size }) => sum + size, 0);
      const path = await opened();
      const lost = (await readdir(path)).filter((name) => !owned.has(name));
      await Promise.all(lost.map((name) => rm(join(path, name), { force: true })));
    },

    async close(): Promise<void> {
      if (directory === undefined && kept !== undefined) await rm(await kept, { recursive: true, force: true });
    },
  };
}

/** Writes a new file as long as it fits; a file that does not, or that breaks off, is removed. */
async function write(
  path: string,
  content: AsyncIterable<Buffer>,
  fits: (size: number) => boolean,
): Promise<Omit<StoredFile, "id"> | "too large"> {
  const hash = createHash("sha256");
  let size = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (!fits(size)) return;
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    await pipeline(content, counted, createWriteStream(path, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  if (fits(size)) return { size, hash: hash.digest("hex") };
  await rm(path, { force: true });
  return "too large";
}
