import type { FileStore, StoredFile } from "../../files/store.ts";
import type { User } from "../users/model.ts";
import type { Revision } from "./model.ts";

/** Revisions of one item that are kept (Tableau help, "Work with content revisions": 25 unless a site says otherwise). */
const mostRevisions = 25;

/** What has revisions. */
export type Revised = { revisions: Revision[]; size: number };

/** What was published last. */
export function currentRevision({ revisions }: Revised): Revision {
  const current = revisions.at(-1);
  if (current === undefined) throw new Error("An item without revisions: there is one from its start.");
  return current;
}

export type NewRevision = { publisher: User; publishedAt: number; file: StoredFile; fileType: string };

/** Makes a file an item's current revision. The oldest goes when there are too many. */
export function addRevision(item: Revised, files: FileStore, { file, ...revision }: NewRevision): void {
  const number = (item.revisions.at(-1)?.number ?? 0) + 1;
  item.revisions.push({ number, size: file.size, file, ...revision });
  item.size = megabytesOf(file.size);
  if (item.revisions.length > mostRevisions) forget(files, item.revisions.shift());
}

/** A size as Tableau shows it. inferred: rounded, and never 0. */
function megabytesOf(bytes: number): number {
  return Math.max(1, Math.round(bytes / 1024 / 1024));
}

/** Removes the file of a revision, if it has one. What can't be removed now is removed with the directory. */
export function forget(files: FileStore, revision: Revision | undefined): void {
  if (revision?.file !== undefined) files.remove(revision.file).catch(() => {});
}

/** Removes all files of an item that is deleted. */
export function forgetAll(files: FileStore, { revisions }: Revised): void {
  for (const revision of revisions) forget(files, revision);
}
