/**
 * A checkout in miniature for the launcher's tests: the real launcher and npm, a server and tools that do as they are
 * told. Installs in a second and without a network.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Prints its process id, how it is told to stop, and its arguments; `--exit n`, `--stubborn` do what they say. */
const SERVER = `
import { parseArgs } from "node:util";
const say = (text: string) => process.stdout.write(text + "\\n");
const { values } = parseArgs({ strict: false, args: process.argv.slice(2) });
if (values.exit !== undefined) process.exit(Number(process.argv.at(-1)));
for (const name of ["SIGTERM", "SIGINT", "SIGHUP", "disconnect"] as const) {
  process.on(name, () => {
    say(name);
    if (!values.stubborn) setTimeout(() => process.exit(0), 200);
  });
}
setInterval(() => {}, 60_000);
say("ready " + process.pid);
`;

const CLI = `process.stdout.write(JSON.stringify({ args: process.argv.slice(2), node: process.execPath }) + "\\n");`;

/** Builds when the sources are in order. */
const VITE = `
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const source = readFileSync("web.txt", "utf8");
if (source.includes("broken")) { console.error("web.txt: this is broken"); process.exit(1); }
mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.html", source);
`;

/** Reports what tests.json says for the project, as Vitest's JSON reporter does. */
const VITEST = `
import { existsSync, readFileSync, writeFileSync } from "node:fs";
const given = (name) => process.argv.find((arg) => arg.startsWith(name + "="))?.slice(name.length + 1);
const project = given("--project");
const report = JSON.parse(readFileSync("tests.json", "utf8"))[project];
console.log("vitest " + project + " " + process.argv.slice(2).filter((arg) => !arg.startsWith("--")).join(" "));
if (report === undefined) process.exit(1);
writeFileSync(given("--outputFile.json"), JSON.stringify(report));
process.exit(report.numFailedTests > 0 || report.testResults?.some(({ status }) => status === "failed") ? 1 : 0);
`;

/** Fails when the checkout has a file of the tool's name. */
const checker = (name: string) => `
import { existsSync } from "node:fs";
if (existsSync("${name}-fails")) { console.log("${name} finds fault"); process.exit(1); }
`;

const TOOLS = {
  vite: { "bin/vite.js": VITE },
  vitest: { "vitest.mjs": VITEST },
  typescript: { "bin/tsc": checker("tsc") },
  "@biomejs/biome": { "bin/biome": checker("biome") },
} as const;

const EXIT_AT_LAST_MS = 40_000;

export interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface Checkout {
  readonly root: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Runs a command in the checkout with a HOME of its own, for EXIT_AT_LAST_MS at most. */
  run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Started;
  /** `node launcher/launch.mjs …` */
  launch(args: readonly string[], env?: NodeJS.ProcessEnv): Started;
  /** Kills what still runs, and removes the checkout. */
  dispose(): void;
}

export function makeCheckout(): Checkout {
  const root = mkdtempSync(join(tmpdir(), "easel-launcher-"));
  const started: ChildProcess[] = [];
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const remove = (path: string) => rmSync(join(root, path), { recursive: true, force: true });
  const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...ownEnvironment(join(root, "home")), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: EXIT_AT_LAST_MS,
      killSignal: "SIGKILL",
    });
    started.push(child);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
    return { child, stdout: () => stdout, stderr: () => stderr, ended };
  };
  furnish(root, write);
  return {
    root,
    write,
    remove,
    run,
    launch: (args, env) => run(process.execPath, [join(root, "launcher", "launch.mjs"), ...args], env),
    dispose() {
      for (const child of started) child.kill("SIGKILL");
      remove("");
    },
  };
}

/** Ours without what npm set for the test run: the launcher would take our npm for its own. */
function ownEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(lifecycle|package|command)|CI$)/i.test(name));
  return { ...Object.fromEntries(kept), HOME: home, XDG_CACHE_HOME: join(home, ".cache") };
}

function furnish(root: string, write: Checkout["write"]): void {
  const launcher = import.meta.dirname;
  cpSync(launcher, join(root, "launcher"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
  write("apps/server/src/main.ts", SERVER);
  write("apps/server/src/cli.ts", CLI);
  write("apps/portal/web.txt", "portal");
  write("apps/demo/web.txt", "demo");
  write("apps/demo/web/page.txt", "demo");
  write("tests.json", "{}");
  const packages: Record<string, object> = {};
  for (const [name, files] of Object.entries(TOOLS)) {
    const folder = `tools/${name.replaceAll("/", "-")}`;
    for (const [file, text] of Object.entries(files)) write(`${folder}/${file}`, text);
    write(`${folder}/package.json`, JSON.stringify({ name, version: "1.0.0", type: "module" }));
    packages[`node_modules/${name}`] = { resolved: folder, link: true };
    packages[folder] = { name, version: "1.0.0" };
  }
  const scripts = { start: "exec node launcher/launch.mjs start", easel: "exec node launcher/launch.mjs easel" };
  const project = { name: "stand-in", version: "1.0.0", type: "module", workspaces: ["tools/*"] };
  write("package.json", JSON.stringify({ ...project, scripts }));
  const lock = { name: project.name, version: "1.0.0", lockfileVersion: 3, requires: true };
  write("package-lock.json", JSON.stringify({ ...lock, packages: { "": project, ...packages } }));
}
