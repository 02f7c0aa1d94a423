import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

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
  readonly onStart: (pid: number) => void;
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
}

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 3000;
/** A companion that dies is started again, a little later each time, for as long as Easel runs. */
const RESTART_AFTER_MS = [500, 1000, 2000, 5000, 10_000];

/**
 * Starts the program; resolves with what `readReady` makes of a line of its output or of a message over IPC.
 * `readReady` gives back undefined for what is not the sign.
 */
export async function startCompanion<T>(
  options: CompanionOptions,
  readReady: (sign: { line: string } | { message: unknown }) => T | undefined,
): Promise<{ companion: Companion; ready: T }> {
  const { name, log } = options;
  let child: ChildProcess | null = null;
  let isStopping = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  const run = (onReady: (ready: T) => void, onEnd: (reason: string) => void): void => {
    const started = spawn(process.execPath, [options.file, ...(options.args ?? [])], {
      env: options.env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    if (started.pid !== undefined) options.onStart(started.pid);
    const hear = (sign: Parameters<typeof readReady>[0]): void => {
      const ready = readReady(sign);
      if (ready === undefined) return;
      failures = 0;
      onReady(ready);
    };
    if (started.stdout !== null) createInterface(started.stdout).on("line", (line) => hear({ line }));
    if (started.stderr !== null) createInterface(started.stderr).on("line", (line) => log("info", `${name}: ${line}`));
    started.on("message", (message) => hear({ message }));
    started.on("error", (error) => onEnd(error.message));
    started.on("exit", (code, signal) => {
      onEnd(`it ended with ${signal ?? `code ${code}`}`);
      if (!isStopping) restartLater();
    });
  };

  const restartLater = (): void => {
    const pause = RESTART_AFTER_MS[Math.min(failures, RESTART_AFTER_MS.length - 1)];
    failures += 1;
    log("warn", `${name} has ended and is started again.`);
    timer = setTimeout(
      () =>
        run(
          () => {},
          () => {},
        ),
      pause,
    );
    timer.unref();
  };

  const ready = await new Promise<T>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${name} did not start within ${READY_WITHIN_MS / 1000} s.`)),
      READY_WITHIN_MS,
    );
    run(
      (value) => {
        clearTimeout(late);
        resolve(value);
      },
      (reason) => {
        clearTimeout(late);
        reject(new Error(`${name} did not start: ${reason}.`));
      },
    );
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  async function stop(): Promise<void> {
    isStopping = true;
    clearTimeout(timer);
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => running.kill("SIGKILL"), STOP_WITHIN_MS);
      running.once("exit", () => {
        clearTimeout(late);
        resolve();
      });
      running.kill("SIGTERM");
    });
  }

  return { companion: { stop }, ready };
}
