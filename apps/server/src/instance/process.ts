import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A process, told apart from a later one with the same number by when it began. `began` means nothing by itself: it is
 * in clock ticks since boot on Linux, a date elsewhere.
 */
export interface ProcessMark {
  readonly pid: number;
  readonly began: string;
}

/** What the system knows of a process that has not ended. */
export interface ProcessState extends ProcessMark {
  readonly parent: number;
}

/** @returns null when there is no such process, or nothing is left of it but its exit code */
export function processState(pid: number): ProcessState | null {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Whether exactly this process still runs. */
export function isAlive(mark: ProcessMark): boolean {
  return processState(mark.pid)?.began === mark.began;
}

/** Sends a signal to exactly this process; nothing happens when it has ended. */
export function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, name);
  } catch (error) {
    // It may have ended since, or belong to somebody else: either way it is out of our hands.
    if (!isSystemError(error, "ESRCH") && !isSystemError(error, "EPERM")) throw error;
  }
}

/** proc(5): state is field 3, ppid 4, starttime 22. Field 2, the name in parentheses, may hold spaces and parentheses. */
function fromProc(pid: number): ProcessState | null {
  const stat = readProc(pid);
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const began = rest[17];
  if (began === undefined || state === "Z" || state === "X") return null;
  return { pid, parent: Number(parent), began };
}

function readProc(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ESRCH")) return "";
    throw error;
  }
}

/** ps(1) of macOS and the BSDs: `stat` begins with Z for a zombie, `lstart` is a date with spaces. */
function fromPs(pid: number): ProcessState | null {
  const [state, parent, ...began] = ps(pid).trim().split(/\s+/);
  if (state === undefined || parent === undefined || began.length === 0 || state.startsWith("Z")) return null;
  return { pid, parent: Number(parent), began: began.join(" ") };
}

function ps(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "stat=,ppid=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    // ps ends with 1 when there is no such process.
    return "";
  }
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
