import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server in a process of its own, so that what it costs can be told apart. */
export interface Child {
  /** What it said once it listened: the first group of `ready`. */
  readonly origin: string;
  /** Processor time since its start, user and system, in milliseconds. Linux only. */
  cpuMs(): number;
  /** Memory that it has now (resident set), in bytes. Linux only. */
  memory(): number;
  stop(): Promise<void>;
}

/** Of `/proc/PID/stat`: a hundred a second on every Linux that Node runs on (proc(5), `sysconf(_SC_CLK_TCK)`). */
const TICK_MS = 10;
const PAGE_BYTES = 4096;
/** A server that does not end when it is told is killed. */
const PATIENCE_MS = 15_000;

/** Starts a script of Node's, and waits for the line in which it says where it listens. */
export async function startChild(
  script: string,
  options: {
    env?: Readonly<Record<string, string>>;
    args?: readonly string[];
    nodeArgs?: readonly string[];
    ready: RegExp;
  },
): Promise<Child> {
  const { args = [], env = {}, nodeArgs = [], ready } = options;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...nodeArgs, script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  let log = "";
  const origin = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code}:\n${log}`)));
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on("line", (line) => {
        log = `${log}${line}\n`.slice(-20_000);
        const [, said] = ready.exec(line) ?? [];
        if (said !== undefined) resolve(said);
      });
    }
  });
  let isStopping = false;
  child.once("exit", (code, signal) => {
    if (!isStopping) console.error(`${script} ended with ${code ?? signal}:\n${log}`);
  });
  const read = (file: string): string => readFileSync(`/proc/${child.pid}/${file}`, "utf8");
  return {
    origin,
    cpuMs: () => {
      // After the name in brackets, which may hold blanks: state is the first, utime and stime are the 12th and 13th.
      const fields = read("stat").split(") ").at(-1)?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    memory: () => Number(read("statm").split(" ")[1]) * PAGE_BYTES,
    stop: async () => {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await exit;
      clearTimeout(late);
    },
  };
}
