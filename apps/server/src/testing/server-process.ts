import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The server as it is deployed: `main.ts` in a process of its own, on a database that others use too. */
export interface ServerProcess {
  readonly origin: string;
  /** To the process itself, e.g. SIGKILL, SIGSTOP, SIGCONT. */
  signal(name: NodeJS.Signals): void;
  /** The most memory that the process has had since its start, in MB. Linux only. */
  peakMemory(): Promise<number>;
  hasEnded(): boolean;
  /** Everything that it logged. */
  log(): string;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** Of the log, characters kept. */
const LOG_KEPT = 1_000_000;

export async function startServerProcess(options: {
  database: { url: string; keys: string };
  egressAllow: readonly string[];
}): Promise<ServerProcess> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "easel-process-"));
  const child = spawn(process.execPath, [MAIN], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      EASEL_PORT: "0",
      EASEL_DATA_DIR: dataDirectory,
      DATABASE_URL: options.database.url,
      EASEL_KEYS: options.database.keys,
      EASEL_EGRESS_ALLOW: options.egressAllow.join(","),
    },
  });
  let log = "";
  const origin = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${log}`)));
    if (child.stderr === null) return reject(new Error("The server has no log."));
    createInterface({ input: child.stderr }).on("line", (line) => {
      log = `${log}${line}\n`.slice(-LOG_KEPT);
      const [, address] = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    origin,
    signal: (name) => void child.kill(name),
    peakMemory: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    hasEnded: () => hasEnded(child),
    log: () => log,
    stop: async () => {
      if (!hasEnded(child)) {
        const exit = once(child, "exit");
        child.kill("SIGCONT");
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await exit;
        clearTimeout(late);
      }
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
