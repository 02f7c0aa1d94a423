import { randomBytes } from "node:crypto";
import type { FileStore, StoredFile } from "../../files/store.ts";
import type { Site } from "../../site/site.ts";

/** Upload sessions at once; more than this and the oldest are forgotten. */
const mostUploads = 1_000;
/** Parts of one upload (Tableau REST reference, "Append to File Upload"). */
const mostBlocks = 1_000;
/** Of one part, and of a file published in one request, in bytes (Tableau REST reference, "Publishing Resources"). */
export const largestInOneRequest = 64 * 1024 * 1024;
/** How long a session is kept without a new part, in ms. inferred. */
const idleLimit = 24 * 60 * 60 * 1000;

export type Uploads = ReturnType<typeof openUploads>;

/** A file that comes in parts. They are on disk until it is published or forgotten. */
export type Upload = {
  id: string;
  site: Site;
  /** By their order: the client's `sequenceID`, or when they came. */
  blocks: Map<number, StoredFile>;
  /** A request is publishing it: to others it is not there, for a file has one owner. */
  isTaken: boolean;
  usedAt: number;
};

/** File uploads in parts, on a clock that tests can move. */
export function openUploads(files: FileStore, clock: () => number) {
  const uploads = new Map<string, Upload>();
  let begun = 1_000;

  function forget({ id, blocks }: Upload): void {
    uploads.delete(id);
    // What can't be removed now is removed with its directory.
    for (const block of blocks.values()) files.remove(block).catch(() => {});
  }

  function forgetOld(): void {
    const [oldest] = uploads.size > mostUploads ? uploads.values() : [];
    if (oldest !== undefined) forget(oldest);
    for (const upload of uploads.values()) if (clock() - upload.usedAt > idleLimit) forget(upload);
  }

  return {
    /** A new session; its id is in the schema's form, colons and all. */
    begin(site: Site): Upload {
      begun += 1;
      const id = `${begun}:${randomBytes(16).toString("hex")}-1:0`;
      const upload: Upload = { id, site, blocks: new Map(), isTaken: false, usedAt: clock() };
      uploads.set(id, upload);
      forgetOld();
      return upload;
    },

    find(site: Site, id: string): Upload | undefined {
      forgetOld();
      const upload = uploads.get(id.toLowerCase());
      return upload?.site === site && !upload.isTaken ? upload : undefined;
    },

    /**
     * Adds a part, at its place when it has a number; a part with a number that was there before replaces it. A part
     * takes its time to come: meanwhile its upload may have been published or forgotten, and then it is of no use.
     */
    async append(
      upload: Upload,
      block: StoredFile,
      sequence: number | undefined,
    ): Promise<"added" | "too many" | "gone"> {
      if (uploads.get(upload.id) !== upload || upload.isTaken) return "gone";
      const place = sequence ?? Math.max(-1, ...upload.blocks.keys()) + 1;
      const former = upload.blocks.get(place);
      if (former === undefined && upload.blocks.size >= mostBlocks) return "too many";
      upload.blocks.set(place, block);
      upload.usedAt = clock();
      if (former !== undefined) await files.remove(former);
      return "added";
    },

    /** The whole file, its parts in their order. It stays the session's until `release`. */
    assemble: (upload: Upload) => assemble(files, upload),

    /** Ends a session, its parts with it. */
    drop: forget,

    /** Ends a session whose file now belongs to what was published of it. */
    release(upload: Upload): void {
      uploads.delete(upload.id);
    },
  };
}

async function assemble(files: FileStore, upload: Upload): Promise<StoredFile | "too large"> {
  const ordered = [...upload.blocks].sort(([one], [other]) => one - other).map(([, block]) => block);
  const [only] = ordered;
  if (only !== undefined && ordered.length === 1) return only;
  const whole = await files.put(
    (async function* () {
      for (const block of ordered) yield* await files.read(block);
    })(),
  );
  if (whole === "too large") return whole;
  upload.blocks = new Map([[0, whole]]);
  for (const block of ordered) await files.remove(block);
  return whole;
}

/** How many bytes a session has had in all. */
export function receivedBytes({ blocks }: Upload): number {
  return blocks.values().reduce((sum, { size }) => sum + size, 0);
}
