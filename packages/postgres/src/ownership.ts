import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { systemCode } from "./errors.ts";

/** Held by the one process that may start, stop and recover the server of a data directory. */
export interface Ownership {
  release(): void;
}

/** SQLite's SQLITE_BUSY. */
const BUSY = 5;

/**
 * Takes the data directory's lock, or returns null when another process still has it after `patienceMs`.
 *
 * Node has no flock. An exclusive SQLite transaction on an empty file is a POSIX record lock: the kernel drops it when the process
 * dies, however it dies, so there is nothing stale to judge, no pid that another process may have inherited, and it holds
 * between containers that share a volume. Never open this file in any other way: closing any descriptor of it drops the lock.
 */
export async function takeOwnership(dataDirectory: string, patienceMs: number): Promise<Ownership | null> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const ownership = tryOnce(join(dataDirectory, "owner.lock"));
    if (ownership !== null || performance.now() >= deadline) return ownership;
    await delay(100);
  }
}

function tryOnce(path: string): Ownership | null {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // Whoever can open the file can hold the lock against us.
    chmodSync(path, 0o600);
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (systemCode(error) === "ERR_SQLITE_ERROR" && error instanceof Error && Reflect.get(error, "errcode") === BUSY) {
      return null;
    }
    throw error;
  }
  let held = true;
  return {
    release() {
      if (held) lock.close();
      held = false;
    },
  };
}
