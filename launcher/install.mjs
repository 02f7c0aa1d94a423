import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, Refusal, ROOT, say, textOf } from "./checkout.mjs";
import { npm } from "./npm.mjs";
import { leaveIfStopped, supervise } from "./supervise.mjs";

/** Written last, so that an install that was cut off is done again. */
const STAMP = join(ROOT, "node_modules", ".easel-install");

/** @typedef {import("./node-runtime.mjs").NodeRuntime} NodeRuntime */

/**
 * Whether node_modules holds what package-lock.json and every package.json ask for, put there for this Node.js.
 * @param {NodeRuntime} node
 */
export function isInstalled(node) {
  return textOf(STAMP)?.trim() === wanted(node);
}

/** @param {NodeRuntime} node */
function wanted(node) {
  const packages = workspaces().map((folder) => `${folder}/package.json`);
  const files = fingerprint(["package.json", "package-lock.json", ...packages]);
  return `${files} node-${Number.parseInt(node.version, 10)}-${process.platform}-${process.arch}`;
}

/** @returns {string[]} the workspaces' folders, as the root package.json names them */
function workspaces() {
  const { workspaces: patterns = [] } = JSON.parse(textOf(join(ROOT, "package.json")) ?? "{}");
  return patterns.flatMap((/** @type {string} */ pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`);
  });
}

/**
 * Installs exactly what the lockfile says. Development packages too: the web pages are built here.
 * @param {NodeRuntime} node
 */
export async function install(node) {
  say("Installing Easel's packages with npm ci; the first time takes a minute…");
  const flags = ["--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  const { command, args, env } = npm(node.path, ["ci", ...flags]);
  const ending = await supervise(command, args, { stdio: ["ignore", 2, 2], env });
  leaveIfStopped(ending);
  if (ending.code !== 0) throw new Refusal(`npm ci failed (exit code ${ending.code}); its words are above.`);
  writeFileSync(STAMP, `${wanted(node)}\n`);
}
