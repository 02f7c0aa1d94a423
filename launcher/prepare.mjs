/**
 * Installs and builds what is missing. Runs under the Node.js that Easel runs under, as a process of its own:
 *
 *     node launcher/prepare.mjs [web]
 *
 * Two starts in one checkout must not install at the same time. The lock is SQLite's, hence the kernel's: it is free
 * again however its holder dies, and stays taken while an install goes on whose launcher was killed.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KEPT, Refusal, say } from "./checkout.mjs";
import { install, isInstalled } from "./install.mjs";
import { buildPages } from "./web.mjs";

/** How long one start waits for another's install and build, in ms. */
const PATIENCE_MS = 600_000;

/** SQLite's result code for "somebody else has the lock" (SQLITE_BUSY). */
const BUSY = 5;

/** Waits for the lock; the process's end gives it back. */
function lock() {
  const database = openLock();
  if (take(database)) return database;
  say("Another start is installing or building in this checkout; waiting for it…");
  database.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
  if (take(database)) return database;
  throw new Refusal("Another start has been installing in this checkout for ten minutes. End it, then start again.");
}

function openLock() {
  try {
    mkdirSync(KEPT, { recursive: true });
    return new DatabaseSync(join(KEPT, "prepare.lock"));
  } catch {
    throw new Refusal(`Easel has to install or build something, but cannot write in ${KEPT}.`);
  }
}

/** @param {DatabaseSync} database */
function take(database) {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === BUSY) return false;
    throw error;
  }
}

try {
  const held = lock();
  const node = { path: process.execPath, version: process.versions.node };
  if (!isInstalled(node)) await install(node);
  if (process.argv.includes("web")) await buildPages(node);
  held.close();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(`easel: ${error.message}`);
  process.exitCode = 1;
}
