import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** What the server writes to stderr. A file, not a pipe: the server outlives us when we are killed, and must not block on us. */
export interface ServerLog {
  /** Handed to the server as stdout and stderr. */
  readonly descriptor: number;
  /** The last lines written since `mark()` was last called, at most 20. */
  tail(): string[];
  /** Begins a new attempt: earlier lines are no longer part of `tail()`. */
  mark(): void;
  close(): void;
}

/** The file is emptied at this size; what it held stays in `postgres.log.1`. Together they take at most about twice that. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;
const CHECK_EVERY_MS = 10_000;
const TAIL_BYTES = 8 * 1024;
const TAIL_LINES = 20;

export function openServerLog(dataDirectory: string): ServerLog {
  const path = join(dataDirectory, "postgres.log");
  // Appending: after a truncation the server goes on at the new end.
  const descriptor = openSync(path, "a+", 0o600);
  let marked = 0;

  const size = () => fstatSync(descriptor).size;
  const bound = () => {
    if (size() <= MAX_LOG_BYTES) return;
    try {
      copyFileSync(path, `${path}.1`);
    } catch {
      // A full disk must not keep us from freeing it.
    }
    ftruncateSync(descriptor, 0);
    marked = 0;
  };
  bound();
  const timer = setInterval(bound, CHECK_EVERY_MS).unref();

  return {
    descriptor,
    tail() {
      const end = size();
      const start = Math.max(marked, end - TAIL_BYTES);
      const bytes = Buffer.alloc(Math.max(0, end - start));
      const length = readSync(descriptor, bytes, 0, bytes.length, start);
      return bytes
        .toString("utf8", 0, length)
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-TAIL_LINES);
    },
    mark() {
      marked = size();
    },
    close() {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}
