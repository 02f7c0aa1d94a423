/**
 * The whole system, started as people start it, and what may be killed of it: npm, the launcher, the server, PostgreSQL,
 * alone and together, while clients write. The next start is ready, and has every row that was acknowledged.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");
const READY_MS = 60_000;
const CASE_MS = 3 * READY_MS;

const instanceSchema = z.object({
  pid: z.number(),
  launcher: z.object({ pid: z.number(), parent: z.number() }),
  origin: z.string(),
});
const demoSchema = z.object({ origin: z.string(), projectId: z.string() });

type Part = "npm" | "launcher" | "server" | "postgres";
type Pids = Readonly<Record<Part, number>>;

/** A running Easel, and what it has said. */
interface Running {
  readonly npm: ChildProcess;
  readonly output: () => string;
  readonly pids: Pids;
  readonly origin: string;
}

let directory = "";
let environment: NodeJS.ProcessEnv = {};
const started: ChildProcess[] = [];

beforeAll(async () => {
  if (!existsSync(join(ROOT, "node_modules", ".easel-install"))) {
    throw new Error("This test starts Easel in this checkout: let the launcher install it first (npm run build)");
  }
  directory = mkdtempSync(join(tmpdir(), "easel-kill-"));
  const [port, sandboxPort, demoPort] = [await freePort(), await freePort(), await freePort()];
  environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    EASEL_DATA_DIR: directory,
    EASEL_PORT: String(port),
    EASEL_SANDBOX_PORT: String(sandboxPort),
    EASEL_DEMO_PORT: String(demoPort),
  };
});

afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  if (directory !== "") rmSync(directory, { recursive: true, force: true });
});

/** Below the ports that the system gives out by itself, so that none is taken while Easel is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

function npm(args: readonly string[]): ChildProcess & { output: () => string } {
  // Its own process group: a signal to the group is what Ctrl-C is.
  const child = spawn("npm", args, { cwd: ROOT, env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  return Object.assign(child, { output: () => output });
}

async function start(): Promise<Running> {
  const child = npm(["start"]);
  const isReady = () => expect(child.output()).toContain("Easel is ready at ");
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`npm start ended: ${child.output()}`)));
  // Every start ends some day; only an end before it was ready counts.
  ended.catch(() => undefined);
  await Promise.race([vi.waitFor(isReady, { timeout: READY_MS, interval: 25 }), ended]);
  const instance = instanceSchema.parse(JSON.parse(readFileSync(join(directory, "instance.json"), "utf8")));
  const postmaster = readFileSync(join(directory, "postgres", "cluster", "postmaster.pid"), "utf8");
  return {
    npm: child,
    output: child.output,
    origin: instance.origin,
    pids: {
      npm: instance.launcher.parent,
      launcher: instance.launcher.pid,
      server: instance.pid,
      postgres: Number.parseInt(postmaster, 10),
    },
  };
}

/** Runs the command line; its stdout. */
async function easel(...args: string[]): Promise<string> {
  const child = spawn("npm", ["run", "-s", "easel", "--", ...args], { cwd: ROOT, env: environment });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  const [code] = await once(child, "close");
  expect(code, complaint).toBe(0);
  return output.trim();
}

interface Writer {
  /** Every name that was acknowledged so far. */
  readonly acknowledged: readonly string[];
  stop(): Promise<void>;
}

/** Creates API keys, one after the other, for as long as there is somebody to answer. */
function write({ origin }: Running, projectId: string, key: string): Writer {
  const acknowledged: string[] = [];
  const abort = new AbortController();
  const loop = async () => {
    for (let number = 0; !abort.signal.aborted; number += 1) {
      const name = `kill-${process.pid}-${performance.now()}-${number}`;
      const answer = await fetch(`${origin}/manage/v1/projects/${projectId}/api-keys`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ name, role: "support" }),
        signal: abort.signal,
      }).catch(() => null);
      if (answer?.ok === true) acknowledged.push(name);
      else await delay(20);
    }
  };
  const done = Promise.all([loop(), loop()]);
  return {
    acknowledged,
    async stop() {
      abort.abort();
      await done;
    },
  };
}

const listSchema = z.object({ apiKeys: z.array(z.object({ name: z.string() })) });

async function written({ origin }: Running, projectId: string, key: string): Promise<Set<string>> {
  const answer = await fetch(`${origin}/manage/v1/projects/${projectId}/api-keys`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return new Set(listSchema.parse(await answer.json()).apiKeys.map(({ name }) => name));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGKILL"] as const;
const EVERYTHING: readonly Part[] = ["npm", "launcher", "server", "postgres"];
const ALONE_OR_ALL: readonly (readonly Part[])[] = [["npm"], ["launcher"], ["server"], EVERYTHING];
const KILLED: readonly (readonly Part[])[] = [
  ["npm", "launcher"],
  ["launcher", "server"],
  ["server", "postgres"],
  ["npm", "launcher", "server"],
];
const CASES = [
  ...ALONE_OR_ALL.flatMap((parts) => SIGNALS.map((signal) => ({ parts, signal }))),
  ...KILLED.map((parts) => ({ parts, signal: "SIGKILL" as const })),
].map((harm) => ({ ...harm, name: `${harm.signal} on ${harm.parts.join(", ")}` }));

describe("the next start recovers and has lost nothing", () => {
  let projectId = "";
  let key = "";
  /** What the last case started; the next one harms it. */
  let running: Running | null = null;
  const promised: string[] = [];

  beforeAll(async () => {
    running = await start();
    ({ projectId } = demoSchema.parse(JSON.parse(await easel("demo", "--json"))));
    key = await easel("api-key", "create", "--project", projectId, "--role", "admin");
  }, CASE_MS);

  afterAll(async () => {
    if (running === null) return;
    running.npm.kill("SIGTERM");
    await once(running.npm, "exit");
  }, CASE_MS);

  // After a failure: what it left must not be the next case's.
  afterEach(async () => {
    const left = started.filter(
      (child) => child.exitCode === null && child.signalCode === null && child !== running?.npm,
    );
    for (const child of left) child.kill("SIGTERM");
    await Promise.all(left.map((child) => once(child, "exit")));
  }, CASE_MS);

  /** Lets clients write, does the harm, starts again at once, and counts. */
  async function survive(harm: (harmed: Running) => Promise<void>): Promise<void> {
    const harmed: Running = running ?? (await start());
    running = null;
    const writer = write(harmed, projectId, key);
    await vi.waitFor(() => expect(writer.acknowledged.length).toBeGreaterThan(5), { timeout: 10_000 });
    await harm(harmed);
    const next = await start();
    await writer.stop();
    promised.push(...writer.acknowledged);
    const found = await written(next, projectId, key);
    expect(promised.filter((name) => !found.has(name))).toEqual([]);
    for (const part of ["npm", "launcher", "server"] as const) {
      await vi.waitFor(() => expect(isRunning(harmed.pids[part]), part).toBe(false), { timeout: 20_000 });
    }
    running = next;
  }

  test.for(CASES)("$name", { timeout: CASE_MS }, async ({ parts, signal }) => {
    await survive(async ({ pids }) => {
      for (const part of parts) if (isRunning(pids[part])) process.kill(pids[part], signal);
    });
  });

  test("Ctrl-C", { timeout: CASE_MS }, async () => {
    await survive(async ({ npm: { pid = 0 } }) => {
      process.kill(-pid, "SIGINT");
    });
  });

  test.for(SIGNALS)("%s on PostgreSQL alone: Easel goes on", { timeout: CASE_MS }, async (signal) => {
    await survive(async ({ npm: server, origin, pids }) => {
      process.kill(pids.postgres, signal);
      // SIGTERM lets PostgreSQL wait until its clients have gone, and we do not go.
      if (signal !== "SIGTERM") {
        await vi.waitFor(() => expect(isRunning(pids.postgres)).toBe(false), { timeout: READY_MS });
      }
      const health = async () => (await fetch(`${origin}/health/ready`)).status;
      await vi.waitFor(async () => expect(await health()).toBe(200), { timeout: READY_MS, interval: 100 });
      expect(isRunning(pids.server)).toBe(true);
      server.kill("SIGTERM");
    });
  });

  test("SIGTERM while a request has not come to its end", { timeout: CASE_MS }, async () => {
    await survive(async ({ npm: server, origin }) => {
      const { hostname, port } = new URL(origin);
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.write("POST /manage/v1/projects HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{");
      server.kill("SIGTERM");
    });
  });
});
