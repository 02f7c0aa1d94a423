import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../apps/server/src/main.ts", import.meta.url));
const CLI = fileURLToPath(new URL("../apps/server/src/cli.ts", import.meta.url));
const READY_WITHIN_MS = 60_000;

/** A person of the sandbox. */
export interface Person {
  readonly name: string;
  readonly password: string;
  readonly role: string;
  readonly pat: { readonly name: string; readonly secret: string };
}

/** What a test knows about the instance that it runs against; nothing in it is more than JSON. */
export interface Instance {
  readonly origin: string;
  readonly demoOrigin: string;
  readonly dataDirectory: string;
  readonly sandbox: {
    readonly url: string;
    readonly site: { readonly contentUrl: string };
    readonly users: readonly Person[];
  };
}

export interface RunningEasel extends Instance {
  /** What its log calls an error: none of what a test does may bring one about. */
  errors(): string[];
  stop(): Promise<void>;
}

/** A port that was free may be taken before Easel has it, by another program that was given it. */
const STARTS = 3;

/**
 * Starts a whole Easel as people run it (server, PostgreSQL, sandbox, demo), in a directory of its own and on ports that
 * nobody uses. It ends with this process, however that ends.
 */
export async function startEasel(environment: Record<string, string> = {}): Promise<RunningEasel> {
  for (let left = STARTS - 1; ; left -= 1) {
    try {
      return await startOnce(environment);
    } catch (error) {
      if (left === 0 || !/in use|EADDRINUSE/.test(String(error))) throw error;
    }
  }
}

async function startOnce(environment: Record<string, string>): Promise<RunningEasel> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "easel-e2e-"));
  const [port, sandboxPort, demoPort] = await freePorts(3);
  const server = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      EASEL_DATA_DIR: dataDirectory,
      EASEL_PORT: String(port),
      EASEL_SANDBOX_PORT: String(sandboxPort),
      EASEL_DEMO_PORT: String(demoPort),
      EASEL_LOG_LEVEL: "warn",
      ...environment,
    },
    // The channel carries nothing: when it closes, the server knows that we are gone.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const errors: string[] = [];
  if (server.stderr !== null)
    createInterface(server.stderr).on("line", (line) => {
      if (/"level":(50|60)/.test(line)) errors.push(line);
    });
  await ready(server);
  const demo = JSON.parse(await readFile(join(dataDirectory, "demo.json"), "utf8"));
  return {
    origin: demo.origin,
    demoOrigin: demo.demoOrigin,
    dataDirectory,
    sandbox: demo.sandbox,
    errors: () => errors,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill("SIGTERM");
        await once(server, "exit");
      }
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Runs `easel <args>` on the instance, as its operator would; gives back what it printed. */
export async function easel({ dataDirectory }: Pick<Instance, "dataDirectory">, ...args: string[]): Promise<string> {
  const command = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, EASEL_DATA_DIR: dataDirectory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let said = "";
  command.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  command.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(command, "close");
  if (code !== 0) throw new Error(`easel ${args.join(" ")} ended with ${code}: ${said}`);
  return printed.trim();
}

async function ready(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  const { stdout, stderr } = server;
  if (stdout === null || stderr === null) throw new Error("The server has no output.");
  createInterface(stderr).on("line", (line) => said.push(line));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("Easel did not become ready.")), READY_WITHIN_MS);
  createInterface(stdout).on("line", (line) => {
    said.push(line);
    if (line.startsWith("Easel is ready at ")) resolve();
  });
  server.once("exit", (code) => reject(new Error(`Easel ended with ${code}:\n${said.slice(-20).join("\n")}`)));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Ports of 127.0.0.1 that nobody listened on a moment ago. All are held until the last is known, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = held.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("A server on a port has no port.");
    return address.port;
  });
  await Promise.all(held.map((server) => once(server.close(), "close")));
  return ports;
}
