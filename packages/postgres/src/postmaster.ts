import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { clusterArgument } from "./cluster.ts";
import { clusterProcesses, readPostmasterFile, signal } from "./cluster-processes.ts";
import { PostgresError } from "./errors.ts";
import { shakeHands } from "./handshake.ts";
import type { Log } from "./log.ts";
import { serverEnvironment } from "./run.ts";
import type { ServerAccount } from "./server-account.ts";
import type { ServerLog } from "./server-log.ts";

export interface Postmaster {
  readonly pid: number;
  /** Resolves when the process has ended, with how, in words. */
  readonly exited: Promise<string>;
  /** Signals it, if it still runs: once it has been reaped, its pid may be another program's. */
  signal(name: NodeJS.Signals): void;
}

export interface PostmasterOptions {
  program: string;
  cluster: string;
  clusterName: string;
  socketDirectory: string;
  account: ServerAccount | null;
  serverLog: ServerLog;
  log: Log;
}

/** Recovery after a crash replays up to max_wal_size; only a server that makes no progress at all takes this long. */
const READY_WITHIN_MS = 300_000;
const SAY_SO_EVERY_MS = 10_000;
const HANDSHAKE_MS = 5_000;
/** Backends of a killed postmaster that we cannot see (another pid namespace) hold its shared memory until they leave. */
const SHARED_MEMORY_TRIES = 20;
const SHARED_MEMORY_RETRY_MS = 100;
const SHARED_MEMORY_IN_USE = /pre-existing shared memory block/;

/** Starts the server and resolves once it lets us in. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    options.serverLog.mark();
    const postmaster = await launch(options);
    const failure = await readyOrFailure(postmaster, options);
    if (failure === null) {
      hastenSmartShutdown(postmaster, options);
      return postmaster;
    }
    const retry = failure.logLines.some((line) => SHARED_MEMORY_IN_USE.test(line)) && attempt < SHARED_MEMORY_TRIES;
    if (!retry) throw failure;
    await delay(SHARED_MEMORY_RETRY_MS);
  }
}

async function launch({ program, cluster, account, serverLog }: PostmasterOptions): Promise<Postmaster> {
  const child = spawn(program, ["-D", clusterArgument(cluster)], {
    cwd: cluster,
    env: serverEnvironment,
    // A session of its own: Ctrl-C reaches every process of the terminal's group, and would stop the database before its clients.
    detached: true,
    stdio: ["ignore", serverLog.descriptor, serverLog.descriptor],
    ...account,
  });
  const exited = new Promise<string>((resolve) => {
    child.on("exit", (code, by) => resolve(by === null ? `exit code ${code}` : by));
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("spawn", () => (child.pid === undefined ? reject(new Error("it has no pid")) : resolve(child.pid)));
  });
  return { pid, exited, signal: (name) => void child.kill(name) };
}

/** Null once a connection is accepted; otherwise the server has gone and this is why. */
async function readyOrFailure(postmaster: Postmaster, options: PostmasterOptions): Promise<PostgresError | null> {
  try {
    const reason = await waitUntilReady(postmaster, options);
    if (reason === null) return null;
    await shutDown(postmaster, options);
    return failed(reason, options);
  } catch (error) {
    await shutDown(postmaster, options);
    throw error;
  }
}

async function waitUntilReady(postmaster: Postmaster, options: PostmasterOptions): Promise<string | null> {
  const began = performance.now();
  let saidAt = began;
  let end: string | null = null;
  void postmaster.exited.then((how) => {
    end = how;
  });
  for (;;) {
    if (end !== null) return `it ended (${end}) before it was ready`;
    const file = await readPostmasterFile(options.cluster);
    if (file?.pid === postmaster.pid && file.ready) {
      const answer = await shakeHands(options.socketDirectory, HANDSHAKE_MS);
      if (answer.kind === "ready") return null;
      if (answer.kind === "refused") return `it does not let us in: ${answer.message}`;
    }
    const now = performance.now();
    if (now - began > READY_WITHIN_MS) return `it was not ready after ${READY_WITHIN_MS / 1000} s`;
    if (now - saidAt > SAY_SO_EVERY_MS) {
      saidAt = now;
      options.log({ level: "info", message: "PostgreSQL is still starting (it may be recovering from a crash)" });
    }
    await delay(10);
  }
}

const LOOK_EVERY_MS = 500;

/**
 * A plain `kill` asks PostgreSQL for a smart shutdown: it takes no new connection and ends when the last client has left
 * (its manual, "Shutting Down the Server"). Easel's clients do not leave, so it would linger and refuse them for ever;
 * made fast it ends, and is started again.
 */
function hastenSmartShutdown(postmaster: Postmaster, { cluster, log }: PostmasterOptions): void {
  const look = async (): Promise<void> => {
    const file = await readPostmasterFile(cluster);
    if (file?.pid !== postmaster.pid || !file.stopping) return;
    clearInterval(timer);
    log({ level: "warn", message: "PostgreSQL was told to stop and waits for its clients: making it fast" });
    postmaster.signal("SIGINT");
  };
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS);
  timer.unref();
  void postmaster.exited.then(() => clearInterval(timer));
}

function failed(reason: string, { serverLog, cluster }: PostmasterOptions): PostgresError {
  return new PostgresError("postgres_start_failed", {
    message: `PostgreSQL could not be started in ${cluster}: ${reason}.`,
    action: "Read the lines it wrote (postgres.log in the data directory has more).",
    logLines: serverLog.tail(),
  });
}

/** Fast shutdown includes a checkpoint. */
const FAST_SHUTDOWN_MS = 30_000;
const FORCED_MS = 5_000;

/** Stops the server: fast; if it does not leave, at once; at last by force, from which the next start recovers. */
export async function shutDown(
  postmaster: Postmaster,
  { cluster, clusterName, log }: Pick<PostmasterOptions, "cluster" | "clusterName" | "log">,
): Promise<void> {
  postmaster.signal("SIGINT");
  if (await within(postmaster.exited, FAST_SHUTDOWN_MS)) return;
  log({ level: "error", message: "PostgreSQL does not stop: shutting it down at once; it recovers at the next start" });
  postmaster.signal("SIGQUIT");
  if (await within(postmaster.exited, FORCED_MS)) return;
  for (const pid of await clusterProcesses(cluster, clusterName)) signal(pid, "SIGKILL");
  await within(postmaster.exited, FORCED_MS);
}

async function within(done: Promise<unknown>, patienceMs: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      done.then(() => true),
      delay(patienceMs, false, { signal: timer.signal }).catch(() => false),
    ]);
  } finally {
    timer.abort();
  }
}
