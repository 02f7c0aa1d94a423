import { randomBytes } from "node:crypto";
import { link, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type KeyRing, newKey, parseKeys } from "./keys.ts";

/** A key file that must not be used as it is. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly code: "key_file_exposed" | "key_file_not_a_file";
  constructor(code: KeyFileError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The keys of an instance that keeps its own (`<EASEL_DATA_DIR>/keys`): reads the file, or makes it, mode 0600, with one
 * new key. Processes that start together end up with the same key, and a crash never leaves half a file: a lost key
 * is every secret lost.
 *
 * @throws {KeyFileError} where others can read or write the file
 * @throws {import("./keys.ts").KeysError} where it holds something else than keys
 */
export async function loadOrCreateKeyFile(path: string): Promise<KeyRing> {
  const text = await readPrivately(path);
  if (text !== null) return parseKeys(text);
  await create(path, `${newKey()}\n`);
  // Read back rather than remembered: another process may have been first.
  const created = await readPrivately(path);
  if (created === null) throw new Error(`The key file ${path} was removed while it was made.`);
  return parseKeys(created);
}

async function readPrivately(path: string): Promise<string | null> {
  const file = await openIfThere(path);
  if (file === null) return null;
  try {
    // Asked of the open file, not of the path, so that what was checked is what is read.
    const facts = await file.stat();
    if (!facts.isFile()) throw new KeyFileError("key_file_not_a_file", `${path} is not a file.`);
    if ((facts.mode & 0o077) !== 0) {
      throw new KeyFileError(
        "key_file_exposed",
        `Others on this machine can read or change the key file ${path}. Run: chmod 600 ${path}`,
      );
    }
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Writes beside, then links: `link` refuses to replace, which `rename` would not. */
async function create(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await link(draft, path);
    await syncFolder(folder);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

/** Without it a power cut may take the new name away after secrets were sealed with the key. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
