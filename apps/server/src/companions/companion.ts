import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { Refusal } from "../refusal.ts";

/** A process that Easel runs beside itself on a developer's machine: the sandbox, the demo. It ends with Easel. */
export interface Companion {
  stop(): Promise<void>;
}

export interface CompanionOptions {
  readonly name: string;
  /** The program's file, run by this very Node. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Its whole environment: nothing of Easel's own is handed on. */
  readonly env: NodeJS.ProcessEnv;
  /** Each time it is started, with its process id. */
  readonly onStart: (name: string, pid: number) => void;
  /** Said with the reason where it does not start: what to do. */
  readonly hint?: string;
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
}

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 3000;
/** What it wrote last to stderr is its reason for not starting; at most this many characters of it. */
const LAST_WORDS = 400;
/** A companion that dies is started again, a little later each time, for as long as Easel runs. */
const RESTART_AFTER_MS = [500, 1000, 2000, 5000, 10_000];

/** What a companion says when it is ready: a line of its output, or a message over IPC. */
export type Sign = { readonly line: string } | { readonly message: unknown };

/**
 * Starts the program. `ready` is what `readReady` makes of its first sign; undefined is for what is no sign. Rejects with
 * a `Refusal` that repeats the program's own reason.
 */
export function startCompanion<T>(
  options: CompanionOptions,
  readReady: (sign: Sign) => T | undefined,
): Companion & { readonly ready: Promise<T> } {
  const { name, log } = options;
  const { promise: ready, resolve, reject } = Promise.withResolvers<T>();
  const refuse = (reason: string): void => {
    reject(new Refusal([`${name} did not start.`, reason, options.hint ?? ""].join(" ").trim()));
  };
  let child: ChildProcess | null = null;
  let isStopping = false;
  let wasReady = false;
  let failures = 0;
  let restart: NodeJS.Timeout | undefined;

  const late = setTimeout(() => {
    refuse(`It was not ready within ${READY_WITHIN_MS / 1000} s.`);
    void stop();
  }, READY_WITHIN_MS).unref();

  const hear = (sign: Sign): void => {
    const answer = readReady(sign);
    if (answer === undefined) return;
    clearTimeout(late);
    failures = 0;
    wasReady = true;
    resolve(answer);
  };

  const run = (): void => {
    const started = spawn(process.execPath, [options.file, ...(options.args ?? [])], {
      env: options.env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    let lastWords = "";
    if (started.pid !== undefined) options.onStart(name, started.pid);
    eachLine(started.stdout, (line) => hear({ line }));
    eachLine(started.stderr, (line) => {
      lastWords = `${lastWords} ${line}`.trim().slice(-LAST_WORDS);
      log("info", `${name}: ${line}`);
    });
    started.on("message", (message) => hear({ message }));
    started.on("error", (error) => refuse(error.message));
    // `close` and not `exit`: by then its last words have been read.
    started.on("close", (code, signal) => {
      clearTimeout(late);
      refuse(lastWords === "" ? `It ended with ${signal ?? `code ${code}`}.` : lastWords);
      if (wasReady && !isStopping) runAgain();
    });
  };

  const runAgain = (): void => {
    const pause = RESTART_AFTER_MS[Math.min(failures, RESTART_AFTER_MS.length - 1)];
    failures += 1;
    log("warn", `${name} has ended and is started again.`);
    restart = setTimeout(run, pause).unref();
  };

  const stop = async (): Promise<void> => {
    isStopping = true;
    clearTimeout(late);
    clearTimeout(restart);
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const killer = setTimeout(() => running.kill("SIGKILL"), STOP_WITHIN_MS);
    const ended = once(running, "exit");
    running.kill("SIGTERM");
    await ended;
    clearTimeout(killer);
  };

  run();
  return { ready, stop };
}

function eachLine(stream: Readable | null, hear: (line: string) => void): void {
  if (stream !== null) createInterface(stream).on("line", hear);
}
