import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { z } from "zod";
import { waitFor } from "./wait-for.ts";

/** A program of ours that has run to its end. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `main.ts` as a developer starts it: embedded database, sandbox and demo, in a directory and on ports of its own. */
export interface InstanceProcess {
  readonly pid: number;
  readonly origin: string;
  readonly sandboxUrl: string;
  readonly dataDirectory: string;
  /** With which this instance, and commands beside it, run. */
  readonly environment: Readonly<Record<string, string>>;
  stdout(): string;
  stderr(): string;
  /** `easel <args>` beside this instance. */
  cli(...args: string[]): Promise<Ended>;
  /** The processes that it runs beside itself, the oldest first; without PostgreSQL. */
  children(): Promise<number[]>;
  /** SIGTERM, and how it ended. The data directory stays for another start. */
  stop(): Promise<number | null>;
  /** Stops it and removes the data directory. */
  remove(): Promise<void>;
}

const source = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** The launcher's: what it compiled need not be compiled again for each process of a test. */
const COMPILE_CACHE = fileURLToPath(new URL("../../../../.launcher/compile-cache", import.meta.url));

/** Nothing of the tests' own environment reaches it: an Easel may be running in it. */
function cleanEnvironment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE: COMPILE_CACHE, ...variables };
}

/** Runs `main.ts` or `cli.ts` to its end; `ms` is how long it may take. */
export async function runToEnd(
  file: "main.ts" | "cli.ts",
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  ms = 15_000,
): Promise<Ended> {
  const child = spawn(process.execPath, [source(file), ...args], {
    env: cleanEnvironment(variables),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: ms,
  });
  const read = collect(child);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: read.stdout(), stderr: read.stderr() };
}

/** Ports that nobody listens on. They are let go of together, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Environment for an instance in a new data directory, which goes when the run ends. */
export async function newPlace(): Promise<Record<string, string>> {
  const [port, sandboxPort, demoPort] = await freePorts(3);
  return {
    EASEL_DATA_DIR: await mkdtemp(join(inject("temporaryDirectory"), "instance-")),
    EASEL_PORT: String(port),
    EASEL_SANDBOX_PORT: String(sandboxPort),
    EASEL_DEMO_PORT: String(demoPort),
  };
}

/** Starts an instance and waits until it says that it is ready. */
export async function startInstance(environment: Readonly<Record<string, string>>): Promise<InstanceProcess> {
  const dataDirectory = environment.EASEL_DATA_DIR ?? "";
  const child = spawn(process.execPath, [source("main.ts")], {
    env: cleanEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const read = collect(child);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitFor(() => {
    if (hasEnded()) throw new Error(`The instance ended: ${read.stderr()}`);
    return /^Easel is ready at/m.test(read.stdout());
  });
  const stop = async (): Promise<number | null> => {
    if (hasEnded()) return child.exitCode;
    const ended = once(child, "close");
    child.kill("SIGTERM");
    await ended;
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    origin: `http://localhost:${environment.EASEL_PORT}`,
    sandboxUrl: `http://127.0.0.1:${environment.EASEL_SANDBOX_PORT}`,
    dataDirectory,
    environment,
    ...read,
    cli: (...args) => runToEnd("cli.ts", args, environment),
    children: async () => {
      const record = JSON.parse(await readFile(join(dataDirectory, "instance.json"), "utf8")) as unknown;
      return recordSchema.parse(record).children.map(({ pid }) => pid);
    },
    stop,
    remove: async () => {
      await stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

const recordSchema = z.object({ children: z.array(z.object({ pid: z.int() })) });

function collect({ stdout, stderr }: ChildProcess): { stdout(): string; stderr(): string } {
  let out = "";
  let err = "";
  stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return { stdout: () => out, stderr: () => err };
}
