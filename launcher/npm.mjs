import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Refusal } from "./checkout.mjs";

/** Reaches a verdict in seconds where there is no network; npm's own defaults take minutes. */
const IMPATIENT = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=5000"];

/**
 * A command line that runs npm under a Node.js of our choice: npm leaves out optional packages (the platform binaries of
 * our build tools are such) whose `engines` do not fit the Node.js that it runs under. An old npm uses what a new Node.js
 * deprecates, which is nothing that the person who starts Easel could mend.
 *
 * @param {string} node path of the binary to run npm with
 * @param {readonly string[]} args npm's arguments
 * @returns {{ command: string, args: string[], env: NodeJS.ProcessEnv }}
 */
export function npm(node, args) {
  const cli = npmCli();
  return {
    command: node,
    args: ["--no-deprecation", cli, ...args, ...IMPATIENT, "--loglevel=error"],
    env: environment(cli),
  };
}

/** @returns {string} the path of npm's `npm-cli.js` */
function npmCli() {
  const starter = process.env.npm_execpath;
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? "").split(delimiter)];
  const candidates = [...(starter === undefined ? [] : [starter]), ...folders.map((folder) => join(folder, "npm"))];
  for (const candidate of candidates) {
    // The path may be that of yarn or pnpm, or of a version manager's shim: only the script itself can be run by any Node.
    const script = existsSync(candidate) ? realpathSync(candidate) : "";
    if (script.endsWith("npm-cli.js")) return script;
  }
  throw new Refusal("npm was not found beside Node.js nor in PATH. Install npm 9 or newer, then start again.");
}

/**
 * Debian's npm finds its parts in /usr/share/nodejs by a patch to Debian's Node.js; NODE_PATH tells every other Node.js.
 *
 * @param {string} cli
 * @returns {NodeJS.ProcessEnv}
 */
function environment(cli) {
  return cli.startsWith("/usr/share/nodejs/") ? { ...process.env, NODE_PATH: "/usr/share/nodejs" } : process.env;
}
