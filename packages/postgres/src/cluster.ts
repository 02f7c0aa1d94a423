import { appendFile, lchown, mkdtemp, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { clusterProcesses, signal } from "./cluster-processes.ts";
import { PostgresError, systemCode } from "./errors.ts";
import { DATABASE, ROLE } from "./handshake.ts";
import type { Log } from "./log.ts";
import { type Command, run } from "./run.ts";
import type { ServerAccount } from "./server-account.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** Where the database files are, inside the data directory. */
export function clusterPath(dataDirectory: string): string {
  return join(dataDirectory, "cluster");
}

/**
 * How the server is told where its files are. On Linux by its working directory, which it keeps when it gives up our rights: so it
 * needs no way through the parents (a data directory under /root, mode 0700).
 */
export function clusterArgument(cluster: string): string {
  return process.platform === "linux" ? "/proc/self/cwd" : cluster;
}

const DRAFT = "cluster.new-";

export interface ClusterOptions {
  dataDirectory: string;
  binaries: Binaries;
  account: ServerAccount | null;
  log: Log;
}

/** Makes the cluster if there is none. It is built under another name and renamed when whole, so that an interrupted first start leaves none. */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const cluster = clusterPath(options.dataDirectory);
  const major = await readMajor(cluster);
  if (major === options.binaries.major) return;
  if (major !== null) throw otherMajor(cluster, major, options.binaries.major);

  await removeDrafts(options.dataDirectory);
  options.log({ level: "info", message: `Creating a PostgreSQL ${options.binaries.version} database in ${cluster}` });
  const draft = await mkdtemp(join(options.dataDirectory, DRAFT));
  try {
    if (options.account !== null) await lchown(draft, options.account.uid, options.account.gid);
    await initialise(draft, options);
    await rename(draft, cluster);
    await syncDirectory(options.dataDirectory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function readMajor(cluster: string): Promise<string | null> {
  try {
    return (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

function otherMajor(cluster: string, found: string, ours: string): PostgresError {
  return new PostgresError("postgres_version_mismatch", {
    message: `The database in ${cluster} was written by PostgreSQL ${found}; this Easel brings PostgreSQL ${ours}, which cannot read it.`,
    action: `Start the Easel version that wrote it, or move the data to a PostgreSQL server of your own with pg_dump ${found} and set DATABASE_URL.`,
  });
}

async function initialise(draft: string, { binaries, account }: ClusterOptions): Promise<void> {
  const at = { cwd: draft, account };
  const directory = ["-D", clusterArgument(draft)];
  await mustSucceed("initdb", {
    ...at,
    file: binaries.initdb,
    args: [
      ...directory,
      `--username=${ROLE}`,
      "--encoding=UTF8",
      // Built in: sorts the same on every machine, and no upgrade of a system library invalidates indexes.
      ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
      ...["--auth-local=peer", "--auth-host=reject"],
      ...["--no-instructions", "--no-sync"],
    ],
  });
  await mustSucceed("postgres --single", {
    ...at,
    file: binaries.postgres,
    args: ["--single", ...directory, "-c", "exit_on_error=on", "-c", "fsync=off", "template1"],
    input: `CREATE DATABASE ${DATABASE};\n`,
  });
  await appendFile(join(draft, "postgresql.conf"), `\ninclude = '${SETTINGS_FILE}'\n`);
  await mustSucceed("initdb --sync-only", { ...at, file: binaries.initdb, args: ["--sync-only", ...directory] });
}

async function mustSucceed(name: string, command: Command): Promise<void> {
  const result = await run(command);
  if (result.kind === "exited" && result.exitCode === 0) return;
  const reason = result.kind === "exited" ? `exit code ${result.exitCode}` : result.errorCode;
  throw new PostgresError("postgres_start_failed", {
    message: `The database could not be created: ${name} failed (${reason}).`,
    action: "Read the lines it wrote; a full disk and a read-only directory are the usual reasons.",
    logLines: result.kind === "exited" ? result.lines.slice(-20) : [],
  });
}

/** What a first start that was killed left, its initdb included. */
async function removeDrafts(dataDirectory: string): Promise<void> {
  const names = (await readdir(dataDirectory)).filter((name) => name.startsWith(DRAFT));
  for (const draft of names.map((name) => join(dataDirectory, name))) {
    for (const pid of await clusterProcesses(draft, DRAFT)) signal(pid, "SIGKILL");
    await rm(draft, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
