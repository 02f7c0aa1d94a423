import { createHash } from "node:crypto";
import { access, constants, mkdir, realpath } from "node:fs/promises";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { prepareBinaries } from "./binaries.ts";
import { clusterPath, ensureCluster } from "./cluster.ts";
import { asPostgresError, PostgresError } from "./errors.ts";
import { DATABASE, shakeHands, socketUrl } from "./handshake.ts";
import { evictLeftovers } from "./leftovers.ts";
import type { Log } from "./log.ts";
import { type Ownership, takeOwnership } from "./ownership.ts";
import { type PostmasterOptions, shutDown, startPostmaster } from "./postmaster.ts";
import { findServerAccount } from "./server-account.ts";
import { openServerLog } from "./server-log.ts";
import { readServerRecord, writeServerRecord } from "./server-record.ts";
import { writeSettings } from "./settings.ts";
import { claimSocketDirectory, removeSocketDirectory, restoreSocketDirectory } from "./socket-directory.ts";
import { supervise } from "./supervise.ts";

export { PostgresError, type PostgresErrorCode } from "./errors.ts";

/** A PostgreSQL server that runs beside this process and is kept running by it. */
export interface EmbeddedPostgres {
  /**
   * Connection URL of a database (default `easel`), for `pg` and libpq:
   * `postgresql://easel@localhost/easel?host=%2Ftmp%2Feasel-pg-x7Kq2b`. The role `easel` is superuser of this private server. The same
   * over restarts of the server. Holds no secret: the kernel vouches for who we are.
   */
  url(database?: string): string;
  readonly dataDirectory: string;
  /** Process id of the server; null while it is being restarted and after `stop`. */
  readonly pid: () => number | null;
  /** Stops the server and resolves when it has gone. Open connections are cut, what was committed stays. May be called again. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Made if absent. Holds the database in `cluster/`, `postgres.log`, `server.json` and the lock. */
  dataDirectory: string;
  log: Log;
  /** How long to wait, in ms, for another process that owns the directory to end. Default 0: refused at once. */
  waitForOwnerMs?: number;
}

/**
 * Starts the server, creating the database at the first call, and keeps it running until `stop`. Recovers from whatever an earlier
 * process left: a running server, its orphans, a stale lock. Rejects with a `PostgresError` only.
 *
 * @example
 * const postgres = await startPostgres({ dataDirectory: ".easel/postgres", log: ({ message }) => console.error(message) });
 * const pool = new pg.Pool({ connectionString: postgres.url() });
 */
export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  try {
    await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 });
    const dataDirectory = await realpath(options.dataDirectory);
    await access(dataDirectory, constants.R_OK | constants.W_OK | constants.X_OK);
    const ownership = await takeOwnership(dataDirectory, options.waitForOwnerMs ?? 0);
    if (ownership === null) throw await inUse(dataDirectory);
    try {
      return await startOwned(dataDirectory, ownership, options.log);
    } catch (error) {
      ownership.release();
      throw error;
    }
  } catch (error) {
    throw asPostgresError(error, resolve(options.dataDirectory));
  }
}

/**
 * The server that another process runs for this data directory, for commands beside it. Null when none answers, which includes one
 * that does not let this OS user in.
 */
export async function findPostgres(dataDirectory: string): Promise<{ url(database?: string): string } | null> {
  const record = await readServerRecord(dataDirectory);
  if (record === null) return null;
  const answer = await shakeHands(record.socketDirectory, 2_000);
  return answer.kind === "ready" ? { url: urlsOf(record.socketDirectory) } : null;
}

async function startOwned(dataDirectory: string, ownership: Ownership, log: Log): Promise<EmbeddedPostgres> {
  const began = performance.now();
  requireAccountName();
  const cluster = clusterPath(dataDirectory);
  const clusterName = `easel-${createHash("sha256").update(dataDirectory).digest("hex").slice(0, 8)}`;
  const account = await findServerAccount(cluster);
  const binaries = await prepareBinaries(account, dataDirectory);
  await ensureCluster({ dataDirectory, binaries, account, log });
  await evictLeftovers(cluster, clusterName, log);

  const remembered = (await readServerRecord(dataDirectory))?.socketDirectory ?? null;
  const socketDirectory = await claimSocketDirectory(remembered, account);
  await writeServerRecord(dataDirectory, { socketDirectory, supervisorPid: process.pid });
  const serverLog = openServerLog(dataDirectory);
  const program = binaries.postgres;
  const running: PostmasterOptions = { program, cluster, clusterName, socketDirectory, account, serverLog, log };
  const close = async () => {
    serverLog.close();
    await removeSocketDirectory(socketDirectory);
  };
  try {
    await writeSettings(running);
    const first = await startPostmaster(running);
    const took = Math.round(performance.now() - began);
    log({ level: "info", message: `PostgreSQL ${binaries.version} is ready (pid ${first.pid}, ${took} ms)` });
    const supervisor = supervise({
      first,
      start: () => startAgain(running),
      shutDown: (postmaster) => shutDown(postmaster, running),
      lastLines: () => serverLog.tail(),
      log,
    });
    let stopped: Promise<void> | null = null;
    const stop = () => (stopped ??= supervisor.stop().then(close).finally(ownership.release));
    return { url: urlsOf(socketDirectory), dataDirectory, pid: supervisor.pid, stop };
  } catch (error) {
    await close();
    throw error;
  }
}

/** After a death under supervision: its children may still be leaving, and a cleaner may have emptied /tmp. */
async function startAgain(running: PostmasterOptions) {
  await evictLeftovers(running.cluster, running.clusterName, running.log);
  if (!(await restoreSocketDirectory(running.socketDirectory, running.account))) {
    throw new PostgresError("postgres_start_failed", {
      message: `PostgreSQL's socket directory ${running.socketDirectory} was taken by somebody else.`,
      action: "Remove it, or restart Easel, which then chooses another.",
    });
  }
  return await startPostmaster(running);
}

function urlsOf(socketDirectory: string): (database?: string) => string {
  return (database = DATABASE) => socketUrl(socketDirectory, database);
}

/** initdb and peer authentication both look the account up by name; containers with an arbitrary user id have none. */
function requireAccountName(): void {
  try {
    userInfo();
  } catch {
    throw new PostgresError("postgres_start_failed", {
      message: `The user id ${process.geteuid?.()} that runs Easel has no entry in /etc/passwd, which PostgreSQL requires.`,
      action: "Run Easel as a user that has one, or set DATABASE_URL to a PostgreSQL server of your own.",
    });
  }
}

async function inUse(dataDirectory: string): Promise<PostgresError> {
  const supervisor = (await readServerRecord(dataDirectory))?.supervisorPid;
  const who = supervisor === undefined ? "Another process" : `Another process (probably ${supervisor})`;
  return new PostgresError("postgres_in_use", {
    message: `${who} already runs the database in ${dataDirectory}.`,
    action: "Stop that Easel first, or use another data directory.",
  });
}
