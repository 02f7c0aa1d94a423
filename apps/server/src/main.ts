import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedPostgres, startPostgres } from "@easel/postgres";
import type { SandboxKeys } from "@easel/sandbox";
import pino, { type Logger } from "pino";
import { startCompanion } from "./companions/companion.ts";
import type { Easel } from "./compose.ts";
import { type Config, type DevelopmentKeys, demoFile, readConfig } from "./config.ts";
import { type ClaimedInstance, claimInstance } from "./instance/instance.ts";
import { loadKeyRing } from "./key-ring.ts";
import { inWords, Refusal } from "./refusal.ts";
import { seedDemoProject } from "./seed/demo-project.ts";
import { stopOnSignals } from "./stops.ts";

/** How long requests under way may take to end once Easel is told to stop, in milliseconds. */
const DRAIN_MS = 10_000;
/** After kill -9 of a launcher its server still drains: the next start waits that long for the database. */
const WAIT_FOR_DATABASE_MS = 15_000;

const UNUSABLE_DIRECTORY: Readonly<Record<string, string>> = {
  EACCES: "may not be written to",
  EPERM: "may not be written to",
  EROFS: "is on a disk that cannot be written to",
  ENOSPC: "is on a disk that is full",
  EEXIST: "is a file",
  ENOTDIR: "lies below a file",
};

const UNUSABLE_ADDRESS: Readonly<Record<string, string>> = {
  EADDRINUSE: "Another program uses ADDRESS. Choose another port with EASEL_PORT, or stop that program.",
  EACCES: "This user may not listen at ADDRESS. Choose a port from 1024 with EASEL_PORT.",
  EADDRNOTAVAIL:
    "Easel cannot listen at ADDRESS: the address is none of this machine's. Set EASEL_HOST to one that is.",
  ENOTFOUND: "Easel cannot listen at ADDRESS: nobody knows the name. Set EASEL_HOST to an address of this machine.",
};

const stops = stopOnSignals();
try {
  await start(readConfig(process.env, process.cwd()));
} catch (error) {
  // A start that was interrupted misses what has been stopped: that is no news.
  if (!stops.isStopping()) process.stderr.write(`${inWords(error)}\n`);
  await stops.run(1);
}

async function start(config: Config): Promise<void> {
  refusePortsOfChance(config);
  const log = pino({ level: config.logLevel, base: { name: "easel" } }, pino.destination({ fd: 2, sync: false }));
  stops.push("log", () => log.flush());
  for (const notice of config.notices) log.warn(notice);
  const instance = await claim(config);
  stops.push("instance", () => instance.release());
  // A start that comes from now on waits for our end, instead of giving way to us.
  stops.onBegin(() => instance.publish({ stopping: true }));
  // By name: the number of one that died may be another program's by now.
  const children = new Map<string, number>();
  const onStart = (name: string, pid: number): void => {
    children.set(name, pid);
    instance.publish({ children: [...children.values()] });
  };

  // Processes start while this one still loads its own code: on two cores that is a third of a second start.
  const postgres = config.database.kind === "embedded" ? runPostgres(config, log) : null;
  if (postgres !== null) stops.push("PostgreSQL", async () => (await postgres).stop());
  const sandbox = config.sandbox.enabled ? runSandbox(config, log, onStart) : null;
  if (sandbox !== null) stops.push("sandbox", sandbox.stop);
  const demo = config.demo.enabled ? runDemo(config, log, onStart) : null;
  if (demo !== null) stops.push("demo", demo.stop);
  // It is awaited last; until then a failure has a listener here.
  demo?.ready.catch(() => {});
  const [{ composeEasel }, keyRing, database, sandboxKeys] = await Promise.all([
    import("./compose.ts"),
    loadKeyRing(config),
    postgres,
    sandbox?.ready ?? null,
  ]);
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
  const origin = await listen(easel, config);
  await listenForMetrics(easel, config);
  instance.publish({ origin });
  if (config.demo.enabled && sandboxKeys !== null) {
    const path = demoFile(config.dataDirectory);
    await seedDemoProject({ ...easel, path, origin, demoOrigin: config.demo.origin, sandbox: sandboxKeys });
  }
  await demo?.ready;
  await announce(easel, { ...config, origin }, sandboxKeys);
}

/** The sandbox and the demo may be started again, and must then be where they were. */
function refusePortsOfChance({ sandbox, demo }: Config): void {
  if (sandbox.enabled && sandbox.port === 0) throw new Refusal("EASEL_SANDBOX_PORT must name a port.");
  if (demo.enabled && demo.port === 0) throw new Refusal("EASEL_DEMO_PORT must name a port.");
}

async function claim(config: Config): Promise<ClaimedInstance> {
  const demoOrigin = config.demo.enabled ? config.demo.origin : undefined;
  const result = await claimInstance(config.dataDirectory, { origin: config.origin, demoOrigin }).catch(
    (error: unknown) => {
      const reason = UNUSABLE_DIRECTORY[codeOf(error)];
      throw reason === undefined
        ? error
        : new Refusal(`The data directory ${config.dataDirectory} ${reason}. Choose another with EASEL_DATA_DIR.`);
    },
  );
  if (result.kind === "claimed") return result;
  throw new Refusal(
    `Easel is running already with this data directory, at ${result.origin} (process ${result.pid}). ` +
      "Stop it, or start this one with another EASEL_DATA_DIR and EASEL_PORT.",
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
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

type OnStart = (name: string, pid: number) => void;

function runSandbox(config: Config, log: Logger, onStart: OnStart) {
  return startCompanion<SandboxReady>(
    {
      name: "The sandbox",
      hint: "EASEL_SANDBOX_PORT chooses another port.",
      file: fileURLToPath(new URL("../../../packages/sandbox/src/cli.ts", import.meta.url)),
      args: ["--port", String(config.sandbox.port), "--data-dir", join(config.dataDirectory, "sandbox")],
      env: companionEnvironment(),
      onStart,
      log: (level, message) => log[level](message),
    },
    (sign) => ("line" in sign && sign.line.startsWith("{") ? JSON.parse(sign.line) : undefined),
  );
}

function runDemo(config: Config, log: Logger, onStart: OnStart) {
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

/** Gives back where people reach it: with `EASEL_PORT=0` that is known only now. */
async function listen({ app }: Easel, { host, port, origin }: Config): Promise<string> {
  try {
    const address = new URL(await app.listen({ host, port }));
    return port === 0 ? origin.replace(/:0$/, `:${address.port}`) : origin;
  } catch (error) {
    const reason = UNUSABLE_ADDRESS[codeOf(error)];
    throw reason === undefined ? error : new Refusal(reason.replace("ADDRESS", `port ${port} on ${host}`));
  }
}

async function listenForMetrics({ metricsServer }: Easel, { metrics }: Config): Promise<void> {
  if (metricsServer === null || metrics.port === null) return;
  try {
    await once(metricsServer.listen(metrics.port, metrics.host), "listening");
  } catch (error) {
    const reason = UNUSABLE_ADDRESS[codeOf(error)]?.replaceAll("EASEL_", "EASEL_METRICS_");
    throw reason === undefined
      ? error
      : new Refusal(reason.replace("ADDRESS", `port ${metrics.port} on ${metrics.host}`));
  }
}

/** What a newcomer reads; the last line is a promise that scripts wait for. */
async function announce(easel: Easel, config: Config, sandbox: SandboxReady | null): Promise<void> {
  const lines: [string, string][] = [];
  if (config.demo.enabled) lines.push(["Demo", config.demo.origin]);
  if (sandbox !== null) lines.push(["Tableau sandbox", sandbox.url]);
  const [first] = await easel.projects.list();
  const link = first === undefined || config.role === "worker" ? null : await easel.firstRun.link(first.id);
  if (link !== null) lines.push(["First run (once, 30 minutes)", `${config.origin}${link}`]);
  if (first === undefined) lines.push(["No project yet", "npm run -s easel -- project create --name NAME"]);
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
