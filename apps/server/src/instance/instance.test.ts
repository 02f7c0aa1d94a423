import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { readInstance } from "./instance.ts";
import { isAlive, processState } from "./process.ts";

const FIXTURE = join(import.meta.dirname, "instance.fixture.ts");
const lineSchema = z.object({
  kind: z.string(),
  pid: z.number().optional(),
  child: z.number().optional(),
  parent: z.number().optional(),
});

let directory = "";
const started: number[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "easel-instance-"));
});

afterEach(() => {
  for (const pid of started.splice(0)) kill(pid, "SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

function kill(pid: number, name: NodeJS.Signals): void {
  if (processState(pid) !== null) process.kill(pid, name);
}

/** Starts a claimant; `next` reads what it says, line by line. */
function start(...options: string[]) {
  const child: ChildProcess = spawn(process.execPath, [FIXTURE, directory, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null || child.pid === undefined) throw new Error("The claimant did not start");
  const { pid } = child;
  started.push(pid);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await lines.next();
    const line = lineSchema.parse(JSON.parse(value ?? "null"));
    for (const left of [line.pid, line.child]) if (left !== undefined) started.push(left);
    return line;
  };
  return { pid, next, ended: once(child, "exit") };
}

async function isGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(processState(pid)).toBeNull(), { timeout: 5_000, interval: 20 });
}

describe("one instance per data directory", () => {
  test("a second start is told who runs, and where", async () => {
    const first = start();
    expect(await first.next()).toMatchObject({ kind: "claimed" });
    expect(await start().next()).toMatchObject({ kind: "running", pid: first.pid });
    expect(readInstance(directory)).toMatchObject({ pid: first.pid, origin: `http://localhost/${first.pid}` });
  });

  test("of eight starts at the same moment exactly one runs", async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => start().next()));
    expect(outcomes.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
    expect(new Set(outcomes.map(({ pid }) => pid)).size).toBe(1);
  }, 40_000);

  test("nothing runs after a release", async () => {
    const first = start();
    await first.next();
    kill(first.pid, "SIGTERM");
    await first.ended;
    expect(readInstance(directory)).toBeNull();
    expect(await start().next()).toMatchObject({ kind: "claimed" });
  });

  test("instance.json that cannot be read stops nobody", async () => {
    writeFileSync(join(directory, "instance.json"), "{");
    expect(await start().next()).toMatchObject({ kind: "claimed" });
  });

  test("only its owner can read instance.json", async () => {
    await start().next();
    const { mode } = statSync(join(directory, "instance.json"));
    expect(mode & 0o777).toBe(0o600);
  });
});

describe("leftovers", () => {
  test("a killed server is replaced at once, and the children that it left are ended", async () => {
    const first = start("--child");
    const { child = 0 } = await first.next();
    kill(first.pid, "SIGKILL");
    await first.ended;
    expect(processState(child)).not.toBeNull();
    expect(await start().next()).toMatchObject({ kind: "claimed" });
    await isGone(child);
  });

  test("a process that merely has a dead child's number is left alone", async () => {
    const stranger = start();
    await stranger.next();
    const record = JSON.parse(readFileSync(join(directory, "instance.json"), "utf8"));
    kill(stranger.pid, "SIGKILL");
    await stranger.ended;
    const bystander = { pid: process.pid, began: "before this process" };
    writeFileSync(join(directory, "instance.json"), JSON.stringify({ ...record, children: [bystander] }));
    expect(isAlive(bystander)).toBe(false);
    expect(await start().next()).toMatchObject({ kind: "claimed" });
  });

  test("a start waits for a server that drains", async () => {
    const first = start("--drain", "1500");
    await first.next();
    kill(first.pid, "SIGTERM");
    expect(await first.next()).toMatchObject({ kind: "stopping" });
    const second = start();
    expect(await second.next()).toMatchObject({ kind: "claimed", pid: second.pid });
    await isGone(first.pid);
  });

  test("a server whose launcher is gone and that does not end is killed, with its children", async () => {
    const launcher = start("--launch", "--stubborn", "--child");
    const { pid: server = 0, child = 0, parent } = await launcher.next();
    expect(parent).toBe(launcher.pid);
    kill(launcher.pid, "SIGKILL");
    await launcher.ended;
    expect(await start().next()).toMatchObject({ kind: "claimed" });
    await Promise.all([isGone(server), isGone(child)]);
  }, 40_000);

  test("a server whose launcher was left running by a shell that ended keeps its data directory", async () => {
    const launcher = start("--launch");
    const { pid: server } = await launcher.next();
    const record = JSON.parse(readFileSync(join(directory, "instance.json"), "utf8"));
    // As if the launcher's parent had been another process when the server began.
    const orphaned = { ...record, launcher: { ...record.launcher, parent: 1 } };
    writeFileSync(join(directory, "instance.json"), JSON.stringify(orphaned));
    expect(await start().next()).toMatchObject({ kind: "running", pid: server });
  });
});
