import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { say } from "./checkout.mjs";
import { leaveIfStopped, supervise } from "./supervise.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Debian's own lock on packages may be held by somebody else's installation; in seconds. */
const APT_PATIENCE = "DPkg::Lock::Timeout=300";

/**
 * The browser for the browser tests: EASEL_CHROMIUM, else one that is installed, else Debian's, which root may install.
 * @returns {Promise<string | null>} its path; null when there is none, and a sentence has said how to get one
 */
export async function chromium() {
  const found = find() ?? (await installed());
  if (found === null) {
    say("No Chromium was found for the browser tests. Install it (Debian: apt-get install chromium), or set");
    say("EASEL_CHROMIUM to the path of a Chromium or Chrome.");
  }
  return found;
}

/** @returns {string | null} */
function find() {
  const chosen = process.env.EASEL_CHROMIUM;
  if (chosen !== undefined && chosen !== "") return isExecutable(chosen) ? chosen : null;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<string | null>} what apt-get installed; null where that is not ours to do, or did not work */
async function installed() {
  const isOurs = process.getuid?.() === 0 && process.env.EASEL_CHROMIUM === undefined;
  if (!isOurs || spawnSync("apt-get", ["--version"]).status !== 0) return null;
  say("Installing Chromium for the browser tests (apt-get install chromium)…");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const ending = await supervise("apt-get", ["-q", "-o", APT_PATIENCE, ...args], { stdio: ["ignore", 2, 2], env });
    leaveIfStopped(ending);
    if (ending.code !== 0) say(`apt-get ${args[0]} failed (exit code ${ending.code}).`);
  }
  return find();
}
