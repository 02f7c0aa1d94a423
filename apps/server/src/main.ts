import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedPostgres, PostgresError, startPostgres } from "@easel/postgres";
import type { SandboxKeys } from "@easel/sandbox";
import pino, { type Logger } from "pino";
import { startCompanion } from "./companions/companion.ts";
import type { Easel } from "./compose.ts";
import { type Config, ConfigError, type DevelopmentKeys, demoFile, readConfig } from "./config.ts";
import { EgressAllowError } from "./egress/allowance.ts";
import { type ClaimedInstance, claimInstance } from "./instance/instance.ts";
import { loadKeyRing } from "./key-ring.ts";
import { seedDemoProject } from "./seed/demo-project.ts";
import { KeyFileError } from "./vault/key-file.ts";
import { KeysError } from "./vault/keys.ts";

/** How long requests under way may take to end once Easel is told to stop, in milliseconds. */
const DRAIN_MS = 10_000;
/** After kill -9 of a launcher its server still drains: the next start waits that long for the database. */
const WAIT_FOR_DATABASE_MS = 15_000;

/** Something that a person can mend, in a sentence. */
class StartError extends Error {}

const stops = stopOnSignals();
try {
  await start(readConfig(process.env, process.cwd()));
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  await stops.run(1);
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { name: "easel" } }, pino.destination({ fd: 2, sync: false }));
  stops.push("log", () => log.flush());
  for (const notice of config.notices) log.warn(notice);
  const instance = await claim(config);
  stops.push("instance", () => instance.release());
  // A start that comes from now on waits for our end, instead of giving way to us.
  stops.onBegin(() => instance.publish({ stopping: true }));
  const children: number[] = [];
  const onStart = (pid: number): void => {
    children.push(pid);
    instance.publish({ children });
  };

  // Processes start while this one still loads its own code: on two cores that is a third of a second start.
  const postgres = config.database.kind === "embedded" ? runPostgres(config, log) : null;
  if (postgres !== null) stops.push("PostgreSQL", async () => (await postgres).stop());
  const sandbox = config.sandbox.enabled ? runSandbox(config, log, onStart) : null;
  if (sandbox !== null) stops.push("sandbox", async () => (await sandbox).companion.stop());
  const demo = config.demo.enabled ? runDemo(config, log, onStart) : null;
  if (demo !== null) stops.push("demo", async () => (await demo).companion.stop());
  const [{ composeEasel }, keyRing, database, tableau] = await Promise.all([
    import("./compose.ts"),
    loadKeyRing(config),
    postgres,
    sandbox,
  ]);

  const sandboxKeys = tableau?.ready ?? null;
  const easel = await composeEasel({
    config,
    databaseUrl: config.database.kind === "external" ? config.database.url : urlOf(database),
    keyRing,
    egressAllow: sandboxKeys === null ? [] : [new URL(sandboxKeys.url).host],
    developmentKeys: config.developmentKeys ?? (sandboxKeys === null ? null : sandboxApp(sandboxKeys)),
    clock: Date.now,
    log,
  });
  stops.push("server", () => closeWithin(easel, DRAIN_MS));
  if (config.demo.enabled && sandboxKeys !== null) {
    const path = demoFile(config.dataDirectory);
    const { origin, demo: acme } = config;
    await seedDemoProject({ ...easel, path, origin, demoOrigin: acme.origin, sandbox: sandboxKeys });
  }
  await listen(easel, config);
  await demo;
  await announce(easel, config, sandboxKeys);
}

async function claim(config: Config): Promise<ClaimedInstance> {
  const demoOrigin = config.demo.enabled ? config.demo.origin : undefined;
  const result = await claimInstance(config.dataDirectory, { origin: config.origin, demoOrigin });
  if (result.kind === "claimed") return result;
  throw new StartError(
    `Easel is running already with this data directory, at ${result.origin} (process ${result.pid}). ` +
      "Stop it, or start this one with another EASEL_DATA_DIR and EASEL_PORT.",
  );
}

function runPostgres(config: Config, log: Logger): Promise<EmbeddedPostgres> {
  return startPostgres({
    dataDirectory: join(config.dataDirectory, "postgres"),
    waitForOwnerMs: WAIT_FOR_DATABASE_MS,
    log: ({ level, message }) => log[level](message),
  });
}

function urlOf(postgres: EmbeddedPostgres | null): string {
  if (postgres === null) throw new Error("There is no embedded database.");
  return postgres.url();
}

type SandboxReady = SandboxKeys & { url: string };

function runSandbox(config: Config, log: Logger, onStart: (pid: number) => void) {
  return startCompanion<SandboxReady>(
    {
      name: "The sandbox",
      file: fileURLToPath(new URL("../../../packages/sandbox/src/cli.ts", import.meta.url)),
      args: ["--port", String(config.sandbox.port), "--data-dir", join(config.dataDirectory, "sandbox")],
      env: companionEnvironment(),
      onStart,
      log: (level, message) => log[level](message),
    },
    (sign) => ("line" in sign && sign.line.startsWith("{") ? JSON.parse(sign.line) : undefined),
  );
}

function runDemo(config: Config, log: Logger, onStart: (pid: number) => void) {
  return startCompanion<true>(
    {
      name: "The demo",
      file: fileURLToPath(new URL("../../demo/src/main.ts", import.meta.url)),
      env: {
        ...companionEnvironment(),
        EASEL_DEMO_PORT: String(config.demo.port),
        EASEL_DEMO_FILE: demoFile(config.dataDirectory),
      },
      onStart,
      log: (level, message) => log[level](message),
    },
    (sign) => ("message" in sign ? true : undefined),
  );
}

/** Nothing of Easel's own environment is theirs: it holds keys. */
function companionEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE };
}

/** The development keys of a developer's machine are the sandbox's, good for its address and site only. */
function sandboxApp({ url, site, connectedApp }: SandboxReady): DevelopmentKeys {
  return { ...connectedApp, serverUrl: url, site: site.contentUrl };
}

async function listen({ app }: Easel, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new StartError(`Port ${port} on ${host} is in use by another program. Choose another with EASEL_PORT.`);
    }
    throw error;
  }
}

/** What a newcomer reads; the last line is a promise that scripts wait for. */
async function announce(easel: Easel, config: Config, sandbox: SandboxReady | null): Promise<void> {
  const lines: [string, string][] = [];
  if (config.demo.enabled) lines.push(["Demo", config.demo.origin]);
  if (sandbox !== null) lines.push(["Tableau sandbox", sandbox.url]);
  const [first] = await easel.projects.list();
  const link = first === undefined ? null : await easel.firstRun.link(first.id);
  if (link !== null) lines.push(["First run (once, 30 minutes)", `${config.origin}${link}`]);
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  for (const [name, address] of lines) process.stdout.write(`  ${name.padEnd(width)}  ${address}\n`);
  process.stdout.write(`Easel is ready at ${config.origin}\n`);
}

/** Lets requests under way end, and cuts what is left after `ms`. */
async function closeWithin(easel: Easel, ms: number): Promise<void> {
  const late = setTimeout(() => easel.app.server.closeAllConnections(), ms);
  try {
    await easel.close();
  } finally {
    clearTimeout(late);
  }
}

interface Stops {
  push(name: string, stop: () => unknown): void;
  onBegin(listener: () => void): void;
  run(code: number): Promise<void>;
}

/**
 * SIGTERM, SIGINT and the launcher's end stop Easel: what was started last is stopped first, so that the database goes
 * after everything that uses it. What is pushed while it stops is stopped as well.
 */
function stopOnSignals(): Stops {
  const stops: Array<{ name: string; stop: () => unknown }> = [];
  const listeners: Array<() => void> = [];
  let isStopping = false;
  const run = async (code: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    for (const listener of listeners) listener();
    let exitCode = code;
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      try {
        await next.stop();
      } catch (error) {
        exitCode = 1;
        // What failed to start fails here once more: that has been said.
        if (code === 0) process.stderr.write(`Stopping ${next.name} failed: ${sentence(error)}\n`);
      }
    }
    process.exit(exitCode);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "disconnect"]) process.on(signal, () => void run(0));
  return {
    push: (name, stop) => void stops.push({ name, stop }),
    onBegin: (listener) => void listeners.push(listener),
    run,
  };
}

function sentence(error: unknown): string {
  if (error instanceof PostgresError) return `${error.message} ${error.action}`;
  if (
    error instanceof ConfigError ||
    error instanceof EgressAllowError ||
    error instanceof StartError ||
    error instanceof KeysError ||
    error instanceof KeyFileError
  ) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
