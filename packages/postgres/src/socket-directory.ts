import { chmod, lchown, lstat, mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresError, systemCode } from "./errors.ts";
import { socketPath } from "./handshake.ts";
import type { ServerAccount } from "./server-account.ts";

/** `sun_path` with its final zero: 108 bytes on Linux, 104 on macOS and the BSDs (unix(7)). */
const MAX_SOCKET_PATH_BYTES = process.platform === "linux" ? 107 : 103;

/**
 * The directory that holds the socket: the remembered one if it is (or can again become) ours, else a new one with a random name.
 * A name that others could guess could be taken by them beforehand. It lies outside the data directory because socket paths are short,
 * and because the server's account may not be able to reach the data directory by name.
 */
export async function claimSocketDirectory(remembered: string | null, account: ServerAccount | null): Promise<string> {
  if (remembered !== null && (await restoreSocketDirectory(remembered, account))) return remembered;
  const refusals: string[] = [];
  // Not tmpdir() first: a long TMPDIR (macOS, CI) leaves no room for the name.
  for (const base of new Set(["/tmp", tmpdir()])) {
    try {
      const directory = await mkdtemp(join(base, "easel-pg-"));
      if (Buffer.byteLength(socketPath(directory)) <= MAX_SOCKET_PATH_BYTES) {
        await giveTo(directory, account);
        return directory;
      }
      await rmdir(directory);
      refusals.push(`${base}: the path is too long`);
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new PostgresError("postgres_start_failed", {
    message: `There is no place for PostgreSQL's socket (${refusals.join("; ")}).`,
    action: "Make /tmp writable, or point TMPDIR to a short path that is.",
  });
}

/**
 * Makes `directory` ready for a server to start in: present (a cleaner of /tmp may have removed it), private, and without
 * what a killed server left. False when it is somebody else's.
 */
export async function restoreSocketDirectory(directory: string, account: ServerAccount | null): Promise<boolean> {
  try {
    await mkdir(directory, { mode: 0o700 });
    await giveTo(directory, account);
    return true;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") return false;
  }
  const found = await lstat(directory);
  const owner = account?.uid ?? process.geteuid?.();
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) return false;
  await clear(directory);
  return true;
}

/** Removes the directory after a clean stop; left in place if it holds anything of others. */
export async function removeSocketDirectory(directory: string): Promise<void> {
  try {
    await clear(directory);
    await rmdir(directory);
  } catch (error) {
    const code = systemCode(error);
    if (code !== "ENOENT" && code !== "ENOTEMPTY") throw error;
  }
}

async function giveTo(directory: string, account: ServerAccount | null): Promise<void> {
  await chmod(directory, 0o700);
  if (account !== null) await lchown(directory, account.uid, account.gid);
}

/** PostgreSQL refuses a socket whose `.lock` names a pid that lives, even when that pid is by now another program's. */
async function clear(directory: string): Promise<void> {
  const path = socketPath(directory);
  await rm(path, { force: true });
  await rm(`${path}.lock`, { force: true });
}
