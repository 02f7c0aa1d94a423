/**
 * One running Easel per data directory, and the next start always recovers.
 *
 * Two files in the data directory: `instance.lock` says whether somebody runs there, `instance.json` says who. The lock
 * is SQLite's, hence the kernel's: however its holder dies it is free at once, and of two starts exactly one has it.
 * What stands in `instance.json` never decides who may run; it tells whom to wait for, and what a dead server left.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isAlive, type ProcessMark, processState, signal } from "./process.ts";

/** How long a leftover may take to drain, in ms. The launcher gives its server as long. */
const DRAIN_MS = 15_000;

/**
 * How long a server whose launcher has lost npm may take to begin stopping, in ms. The launcher looks every 500 ms; where
 * npm never was the launcher's parent (a shell that left it running), nothing begins, and the server stays.
 */
const NOTICE_MS = 2_000;

/** How long a dead server's children may take to notice, in ms. */
const ORPHAN_MS = 2_000;

/** How often we look again, in ms. */
const POLL_MS = 50;

/** SQLite's result code for "somebody else has the lock" (SQLITE_BUSY). */
const BUSY = 5;

const markSchema = z.object({ pid: z.int().positive(), began: z.string() });
const recordSchema = z.object({
  pid: z.int().positive(),
  began: z.string(),
  /** Null when the server was started without the launcher. `parent` is npm, or a shell. */
  launcher: markSchema.extend({ parent: z.int() }).nullable(),
  origin: z.string(),
  demoOrigin: z.string().optional(),
  children: z.array(markSchema),
  stopping: z.boolean(),
});
type InstanceRecord = z.infer<typeof recordSchema>;

/** What a running instance tells those who come later. */
export interface InstanceFacts {
  /** Where Easel answers, e.g. `http://localhost:4600`. */
  readonly origin: string;
  readonly demoOrigin?: string | undefined;
  /**
   * Process ids of children that must not outlive the server, because they hold ports: the sandbox, the demo. Not
   * PostgreSQL, which is never to be killed: packages/postgres recovers it.
   */
  readonly children?: readonly number[] | undefined;
  /** True once the server drains: a start that comes now waits for its end, instead of giving way to it. */
  readonly stopping?: boolean | undefined;
}

export interface ClaimedInstance {
  readonly kind: "claimed";
  /** Changes what others are told; facts that are left out stay as they are. */
  publish(facts: Partial<InstanceFacts>): void;
  /** The last thing a server does. A server that dies without it loses nothing: the kernel frees the lock. */
  release(): void;
}

export interface RunningInstance {
  readonly kind: "running";
  readonly pid: number;
  readonly origin: string;
  readonly demoOrigin?: string | undefined;
}

/**
 * Takes the data directory for this process, or says who has it. A server that is stopping, or whose launcher is gone,
 * is waited for; when it is not gone after DRAIN_MS it is killed, and so are the children that it left.
 */
export async function claimInstance(
  dataDirectory: string,
  facts: InstanceFacts,
): Promise<ClaimedInstance | RunningInstance> {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  let holder = readRecord(dataDirectory);
  let since = performance.now();
  for (;;) {
    const lock = takeLock(dataDirectory);
    if (lock !== null) return settleIn(dataDirectory, lock, facts);
    const before = holder;
    holder = readRecord(dataDirectory);
    if (holder?.pid !== before?.pid) since = performance.now();
    const waited = performance.now() - since;
    if (holder !== null) {
      const patience = patienceWith(holder);
      if (waited >= patience && patience < DRAIN_MS) return running(holder);
      if (waited >= DRAIN_MS) for (const mark of [holder, ...holder.children]) signal(mark, "SIGKILL");
    }
    // A killed process is gone within moments; one that is not ours to kill, never.
    if (waited >= DRAIN_MS + ORPHAN_MS) return unyielding(dataDirectory, holder);
    await delay(POLL_MS);
  }
}

/**
 * The running instance of a data directory, for the command line.
 * @returns null when none runs there
 */
export function readInstance(dataDirectory: string): RunningInstance | null {
  const record = readRecord(dataDirectory);
  return record !== null && isAlive(record) ? running(record) : null;
}

function running({ pid, origin, demoOrigin }: InstanceRecord): RunningInstance {
  return { kind: "running", pid, origin, demoOrigin };
}

/** How long to wait for the one who has the lock before giving way, in ms; DRAIN_MS where its end is certain. */
function patienceWith(holder: InstanceRecord): number {
  // The file is a dead predecessor's until the new holder has written its own.
  if (!isAlive(holder)) return DRAIN_MS;
  if (holder.stopping) return DRAIN_MS;
  if (holder.launcher === null) return 0;
  if (!isAlive(holder.launcher)) return DRAIN_MS;
  return processState(holder.launcher.pid)?.parent === holder.launcher.parent ? 0 : NOTICE_MS;
}

function unyielding(dataDirectory: string, holder: InstanceRecord | null): RunningInstance {
  if (holder !== null && isAlive(holder)) return running(holder);
  throw new Error(`Another process has ${lockFile(dataDirectory)} open and does not let go of it.`);
}

/** Ends what a dead server left, then says who runs now. */
async function settleIn(dataDirectory: string, lock: DatabaseSync, facts: InstanceFacts): Promise<ClaimedInstance> {
  const left = readRecord(dataDirectory);
  if (left !== null) await endAll(left.children);
  let current = withFacts({ ...ownRecord(), origin: facts.origin, children: [], stopping: false }, facts);
  writeRecord(dataDirectory, current);
  return {
    kind: "claimed",
    publish(changed) {
      current = withFacts(current, changed);
      writeRecord(dataDirectory, current);
    },
    release() {
      rmSync(recordFile(dataDirectory), { force: true });
      lock.close();
    },
  };
}

function ownRecord() {
  const { pid } = process;
  return { pid, began: processState(pid)?.began ?? "", launcher: launcher() };
}

/** The launcher is the parent that holds the other end of our IPC channel. */
function launcher(): InstanceRecord["launcher"] {
  const state = process.connected ? processState(process.ppid) : null;
  return state === null ? null : { pid: state.pid, began: state.began, parent: state.parent };
}

function withFacts(record: InstanceRecord, { children, ...facts }: Partial<InstanceFacts>): InstanceRecord {
  const marks = children?.flatMap((pid) => processState(pid) ?? []);
  return recordSchema.parse({ ...record, ...facts, children: marks ?? record.children });
}

/** Waits until these have ended by themselves (they notice that their parent is gone), and no longer than ORPHAN_MS. */
async function endAll(marks: readonly ProcessMark[]): Promise<void> {
  const began = performance.now();
  for (;;) {
    const alive = marks.filter(isAlive);
    if (alive.length === 0) return;
    const waited = performance.now() - began;
    if (waited >= ORPHAN_MS) for (const mark of alive) signal(mark, "SIGKILL");
    if (waited >= 2 * ORPHAN_MS) return;
    await delay(POLL_MS);
  }
}

function takeLock(dataDirectory: string): DatabaseSync | null {
  const database = new DatabaseSync(lockFile(dataDirectory), { timeout: 0 });
  try {
    // Whoever may read the file could hold a lock on it.
    chmodSync(lockFile(dataDirectory), 0o600);
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === BUSY) return null;
    throw error;
  }
}

const lockFile = (dataDirectory: string) => join(dataDirectory, "instance.lock");
const recordFile = (dataDirectory: string) => join(dataDirectory, "instance.json");

/** @returns null when there is none, or it cannot be understood: it never decides, so a broken one costs only words */
function readRecord(dataDirectory: string): InstanceRecord | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordFile(dataDirectory), "utf8")));
  } catch {
    return null;
  }
}

/** By rename: whoever reads sees one record or the other, never half of one. */
function writeRecord(dataDirectory: string, record: InstanceRecord): void {
  const draft = `${recordFile(dataDirectory)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(draft, recordFile(dataDirectory));
}
