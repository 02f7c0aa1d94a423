import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that this launcher belongs to, without a trailing slash. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** What the launcher itself keeps between starts: where Node.js was found, who prepares. Not part of the repository. */
export const KEPT = join(ROOT, ".launcher");

/** Something a person can mend; shown as one sentence, without a stack. */
export class Refusal extends Error {}

/** Says something to the person at the terminal. Data alone goes to stdout, so this goes to stderr. @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * One hash over the names and contents of files and of everything below folders, so that a fresh clone, a `git switch`
 * and a touched file all give the right answer. A path that does not exist counts as such.
 *
 * @param {readonly string[]} paths relative to the checkout, with `/`
 * @param {(name: string) => boolean} [leaveOut] names of files and folders below the paths that do not count
 * @returns {string} 64 hex digits
 */
export function fingerprint(paths, leaveOut = () => false) {
  const hash = createHash("sha256");
  for (const path of [...paths].sort()) addTo(hash, path, leaveOut);
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} path
 * @param {(name: string) => boolean} leaveOut
 */
function addTo(hash, path, leaveOut) {
  const full = join(ROOT, ...path.split("/"));
  const found = statSync(full, { throwIfNoEntry: false });
  if (found === undefined) {
    hash.update(`absent ${path}\n`);
  } else if (found.isDirectory()) {
    const names = readdirSync(full).sort();
    for (const name of names) if (!leaveOut(name)) addTo(hash, `${path}/${name}`, leaveOut);
  } else {
    hash.update(`file ${path.split(sep).join("/")} ${found.size}\n`).update(readFileSync(full));
  }
}

/**
 * @param {string} file
 * @returns {string | null} the file's text; null when there is none or it cannot be read
 */
export function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
