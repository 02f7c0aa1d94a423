import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { systemCode } from "./errors.ts";

const PROGRAMS = new Set(["postgres", "initdb"]);

/**
 * The pids of PostgreSQL programs that work in this cluster directory. A pid from a file proves nothing (the machine may have given it
 * to another program since), so this asks the system: every PostgreSQL process has its cluster as working directory.
 */
export async function clusterProcesses(cluster: string, clusterName: string): Promise<number[]> {
  return process.platform === "linux" ? await fromProc(cluster) : await fromPs(cluster, clusterName);
}

async function fromProc(cluster: string): Promise<number[]> {
  const directory = await identity(cluster);
  if (directory === null) return [];
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const found = await Promise.all(
    pids.map(async (pid) => (await identity(`/proc/${pid}/cwd`)) === directory && (await isPostgres(pid))),
  );
  return pids.filter((_, index) => found[index]);
}

/** Device and inode, so that two names of one directory are one. Null: gone, or another user's process, which cannot be ours. */
async function identity(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (systemCode(error) !== null) return null;
    throw error;
  }
}

/** A shell whose user has changed into the cluster must not be taken for the server. */
async function isPostgres(pid: number): Promise<boolean> {
  try {
    return PROGRAMS.has((await readFile(`/proc/${pid}/comm`, "utf8")).trim());
  } catch (error) {
    if (systemCode(error) !== null) return false;
    throw error;
  }
}

/** Best effort where there is no /proc (macOS): the postmaster shows `-D <cluster>`, its children show the cluster's name. */
async function fromPs(cluster: string, clusterName: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)("/bin/ps", ["-axo", "pid=,command="], { maxBuffer: 16 * 1024 * 1024 });
  return stdout
    .split("\n")
    .filter((line) => line.endsWith(`-D ${cluster}`) || line.includes(`postgres: ${clusterName}:`))
    .map((line) => Number.parseInt(line, 10))
    .filter(Number.isInteger);
}

/** Waits until none is left and returns those that are. */
export async function waitUntilGone(cluster: string, clusterName: string, patienceMs: number): Promise<number[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = await clusterProcesses(cluster, clusterName);
    if (left.length === 0 || performance.now() >= deadline) return left;
    await delay(20);
  }
}

/** Sends a signal; a process that has left, or is not ours to signal, is not an error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const code = systemCode(error);
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

export interface PostmasterFile {
  readonly pid: number;
  readonly ready: boolean;
  readonly stopping: boolean;
}

/** What postmaster.pid says (PostgreSQL: miscadmin.h, "Data directory lock file" lines 1 and 8). Null when there is none. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
  try {
    const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8")).split("\n");
    const status = lines[7]?.trim();
    return { pid: Number(lines[0]), ready: status === "ready", stopping: status === "stopping" };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}
