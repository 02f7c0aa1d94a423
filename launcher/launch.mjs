/**
 * What package.json's scripts run: brings a fresh clone to where Easel's own code can run, then runs it.
 *
 *     node launcher/launch.mjs start          the server, until a signal
 *     node launcher/launch.mjs test [...]     every check; further arguments go to Vitest
 *     node launcher/launch.mjs build          the web pages alone
 *     node launcher/launch.mjs easel [...]    the command line
 *     node launcher/launch.mjs bench [...]    how fast it is, beside others: bench/README.md
 *
 * The launcher is plain JavaScript without dependencies, because it runs before anything is installed, on Node.js 18 too.
 */
import { join } from "node:path";
import { Refusal, ROOT, say } from "./checkout.mjs";
import { runChecks } from "./checks.mjs";
import { isInstalled } from "./install.mjs";
import { nodeRuntime } from "./node-runtime.mjs";
import { leaveIfStopped, supervise } from "./supervise.mjs";
import { stalePages } from "./web.mjs";

/** @typedef {import("./node-runtime.mjs").NodeRuntime} NodeRuntime */

const USAGE = "Usage: node launcher/launch.mjs <start|test|build|easel|bench> [arguments]";

/** @type {Readonly<Record<string, (node: NodeRuntime, args: readonly string[]) => Promise<number>>>} */
const COMMANDS = {
  async start(node, args) {
    await prepare(node, { web: true });
    return run(node, "apps/server/src/main.ts", args);
  },
  async test(node, args) {
    await prepare(node, { web: true });
    return runChecks(node, args);
  },
  async build(node) {
    await prepare(node, { web: true });
    return 0;
  },
  async easel(node, args) {
    await prepare(node, { web: false });
    return run(node, "apps/server/src/cli.ts", args);
  },
  async bench(node, args) {
    await prepare(node, { web: false });
    return run(node, "bench/main.ts", args);
  },
};

/**
 * Installs and builds when there is something to do; says nothing when there is not.
 * @param {NodeRuntime} node
 * @param {{ web: boolean }} needs
 */
async function prepare(node, { web }) {
  if (isInstalled(node) && !(web && stalePages().length > 0)) return;
  const script = join(ROOT, "launcher", "prepare.mjs");
  const ending = await supervise(node.path, [...QUIET, script, ...(web ? ["web"] : [])], { stdio: ["ignore", 2, 2] });
  leaveIfStopped(ending);
  if (ending.code !== 0) process.exit(ending.code);
}

/** Early releases of Node.js 24 warn of features that Easel relies on and that have not changed since. */
const QUIET = ["--disable-warning=ExperimentalWarning"];

/**
 * The IPC channel carries no messages: that it closes is how the process learns that we were killed.
 * @param {NodeRuntime} node
 * @param {string} file
 * @param {readonly string[]} args
 */
async function run(node, file, args) {
  const script = join(ROOT, file);
  const { code } = await supervise(node.path, [...QUIET, script, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // What Node compiled last time, TypeScript stripped: a third of a second start's work.
    env: { NODE_COMPILE_CACHE: join(ROOT, ".launcher", "compile-cache"), ...process.env },
  });
  return code;
}

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  say(USAGE);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await command(await nodeRuntime(), args);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(`easel: ${error.message}`);
    process.exitCode = 1;
  }
}
