import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Refusal, ROOT } from "./checkout.mjs";

/** How long a child may take to stop after it was told to, in ms. The next start waits as long for a leftover. */
export const GRACE_MS = 15_000;

/** How often we look whether npm is still there, in ms. */
const PARENT_POLL_MS = 500;

/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ["SIGTERM", "SIGINT", "SIGHUP"];

/**
 * How a child ended.
 * @typedef {object} Ending
 * @property {number} code its exit code; 128 + n where signal n ended it
 * @property {NodeJS.Signals | null} stopped the signal with which somebody stopped us meanwhile; begin nothing new then
 */

/**
 * Runs a child (in the checkout, unless told otherwise) and stays until it has ended. A signal that reaches us is passed on, once: Ctrl-C reaches
 * the whole process group, so that the child may have had it from the terminal as well as from npm and from us. A child
 * that is not gone GRACE_MS later is killed.
 *
 * npm passes SIGTERM and SIGINT on but can be killed itself; its death shows in our parent's process id, and ends the
 * child as SIGTERM would. Our own death shows to a child with an IPC channel as `disconnect`.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ stdio: import("node:child_process").StdioOptions, cwd?: string, env?: NodeJS.ProcessEnv,
 *           onSpawn?: (child: import("node:child_process").ChildProcess) => void }} options
 * @returns {Promise<Ending>}
 */
export function supervise(command, args, { stdio, cwd = ROOT, env = process.env, onSpawn }) {
  const child = spawn(command, args, { cwd, env, stdio });
  onSpawn?.(child);
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.Signals | null} */
    let stopped = null;
    /** @type {NodeJS.Timeout | undefined} */
    let deadline;
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      if (stopped !== null) return;
      stopped = signal;
      child.kill(signal);
      deadline = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    };
    const watch = watchParent(() => stop("SIGTERM"));
    for (const signal of FORWARDED) process.on(signal, stop);
    const settle = () => {
      for (const signal of FORWARDED) process.off(signal, stop);
      clearInterval(watch);
      clearTimeout(deadline);
    };
    child.once("error", (error) => {
      settle();
      reject(new Refusal(`Could not run ${command}: ${error.message}`));
    });
    // "close" comes after "exit", once piped output has been read to its end.
    child.once("close", (code, signal) => {
      settle();
      resolve({ code: code ?? codeOf(signal), stopped });
    });
  });
}

/** @param {NodeJS.Signals | null} signal @returns {number} the exit code by which shells name a death by signal */
function codeOf(signal) {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * For steps on the way to something else: whoever stopped the step wants all of it stopped.
 * @param {Ending} ending
 */
export function leaveIfStopped(ending) {
  if (ending.stopped !== null) process.exit(codeOf(ending.stopped));
}

/**
 * @param {() => void} onDeath
 * @returns {NodeJS.Timeout | undefined} undefined when it was not npm that started us: a shell may well leave us behind
 */
function watchParent(onDeath) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) onDeath();
  }, PARENT_POLL_MS).unref();
}
