import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedPostgres, PostgresError, startPostgres } from "@easel/postgres";
import type { SandboxKeys } from "@easel/sandbox";
import pino, { type Logger } from "pino";
import { startCompanion } from "./companions/companion.ts";
import { composeEasel, type Easel } from "./compose.ts";
import { type Config, ConfigError, type DevelopmentKeys, demoFile, readConfig } from "./config.ts";
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

try {
  await start(readConfig(process.env, process.cwd()));
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { name: "easel" } }, pino.destination({ fd: 2, sync: false }));
  for (const notice of config.notices) log.warn(notice);
  const stopping = stopOnSignals(log);
  const instance = await claim(config);
  stopping.push(() => instance.release());
  const children: number[] = [];
  const publishChild = (pid: number): void => {
    children.push(pid);
    instance.publish({ children });
  };

  const [keyRing, postgres, sandbox] = await Promise.all([
    loadKeyRing(config),
    config.database.kind === "embedded" ? runPostgres(config, log) : null,
    config.sandbox.enabled ? runSandbox(config, log, publishChild) : null,
  ]);
  if (postgres !== null) stopping.push(() => postgres.stop());
  if (sandbox !== null) stopping.push(() => sandbox.companion.stop());

  const easel = await composeEasel({
    config,
    databaseUrl: config.database.kind === "external" ? config.database.url : databaseOf(postgres),
    keyRing,
    egressAllow: sandbox === null ? [] : [new URL(sandbox.ready.url).host],
    developmentKeys: config.developmentKeys ?? (sandbox === null ? null : sandboxApp(sandbox.ready)),
    clock: Date.now,
    log,
  });
  stopping.push(() => closeWithin(easel, DRAIN_MS));

  if (config.demo.enabled && sandbox !== null) {
    const path = demoFile(config.dataDirectory);
    const { origin } = config;
    await seedDemoProject({ ...easel, path, origin, demoOrigin: config.demo.origin, sandbox: sandbox.ready });
  }
  await listen(easel, config);
  if (config.demo.enabled) {
    const demo = await runDemo(config, log, publishChild);
    stopping.push(() => demo.companion.stop());
  }
  await announce(easel, config, sandbox?.ready ?? null);
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

function databaseOf(postgres: EmbeddedPostgres | null): string {
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
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
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
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        EASEL_DEMO_PORT: String(config.demo.port),
        EASEL_DEMO_FILE: demoFile(config.dataDirectory),
      },
      onStart,
      log: (level, message) => log[level](message),
    },
    (sign) => ("message" in sign ? true : undefined),
  );
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

/**
 * SIGTERM, SIGINT and the launcher's end stop Easel: what was started last is stopped first, so that the database goes
 * after everything that uses it. What is pushed while it stops is stopped as well.
 */
function stopOnSignals(log: Logger): { push(stop: () => unknown): void } {
  const stops: Array<() => unknown> = [];
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    let failed = false;
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      try {
        await next();
      } catch (error) {
        failed = true;
        log.error({ err: error }, "Easel did not stop cleanly");
      }
    }
    log.flush();
    process.exit(failed ? 1 : 0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "disconnect"]) process.on(signal, () => void stop());
  return {
    push: (next) => {
      stops.push(next);
    },
  };
}

function sentence(error: unknown): string {
  if (error instanceof PostgresError) return `${error.message} ${error.action}`;
  if (
    error instanceof ConfigError ||
    error instanceof StartError ||
    error instanceof KeysError ||
    error instanceof KeyFileError
  ) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
