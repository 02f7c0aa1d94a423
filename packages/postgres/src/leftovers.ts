import { rm } from "node:fs/promises";
import { join } from "node:path";
import { clusterProcesses, readPostmasterFile, signal, waitUntilGone } from "./cluster-processes.ts";
import { PostgresError } from "./errors.ts";
import type { Log } from "./log.ts";

/** Fast shutdown writes a checkpoint; on a slow disk with a full buffer cache that takes its time. */
const FAST_SHUTDOWN_MS = 30_000;
/** Children of a killed postmaster notice and leave by themselves, usually within milliseconds. */
const ORPHANED_CHILDREN_MS = 2_000;
const FORCED_MS = 5_000;

/**
 * Clears the way for a start when an earlier supervisor was killed. Called only by the owner of the data directory, so whatever still
 * works in the cluster is an orphan. A live postmaster is not adopted but stopped (fast) and started anew: only a child of ours
 * tells us when it dies, and it may run with the settings or the binaries of an older Easel. Nothing acknowledged is lost either way.
 */
export async function evictLeftovers(cluster: string, clusterName: string, log: Log): Promise<void> {
  let left = await clusterProcesses(cluster, clusterName);
  if (left.length > 0) {
    const postmaster = (await readPostmasterFile(cluster))?.pid;
    if (postmaster !== undefined && left.includes(postmaster)) {
      log({ level: "warn", message: `PostgreSQL ${postmaster} of an earlier start still runs here: stopping it` });
      signal(postmaster, "SIGINT");
      left = await waitUntilGone(cluster, clusterName, FAST_SHUTDOWN_MS);
    } else {
      log({ level: "warn", message: "PostgreSQL was killed and left processes behind: waiting for them to leave" });
      left = await waitUntilGone(cluster, clusterName, ORPHANED_CHILDREN_MS);
    }
  }
  // SIGQUIT: immediate shutdown. What was committed is in the write-ahead log and comes back at the next start.
  for (const force of ["SIGQUIT", "SIGKILL"] as const) {
    if (left.length === 0) break;
    log({ level: "warn", message: `PostgreSQL processes ${left.join(", ")} do not leave: sending ${force}` });
    for (const pid of left) signal(pid, force);
    left = await waitUntilGone(cluster, clusterName, FORCED_MS);
  }
  if (left.length > 0) {
    throw new PostgresError("postgres_start_failed", {
      message: `PostgreSQL processes of an earlier start still use ${cluster} and cannot be stopped: ${left.join(", ")}.`,
      action: "Stop these processes, then start again.",
    });
  }
  // PostgreSQL refuses to start while the pid in this file exists, even as another program or as a zombie that nobody reaps (a
  // container whose first process is Node). We know that it is none of this cluster's; PostgreSQL's own guard, the shared memory
  // block, works without the file.
  await rm(join(cluster, "postmaster.pid"), { force: true });
}
