import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";

const run = promisify(execFile);
const sources = join(import.meta.dirname, "..");

/** Holds the tarball, and an npm cache of its own, so that what npm has from elsewhere can't help. */
let directory: string;
let tarball: string;
/** Where the tarball is installed: an empty directory before, far from any node_modules. */
let installed: string;

const environment = () => ({
  PATH: process.env.PATH,
  HOME: directory,
  npm_config_cache: join(directory, "cache"),
  npm_config_offline: "true",
  npm_config_update_notifier: "false",
});

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "easel-package-"));
  installed = join(directory, "installed");
  await mkdir(installed);
  const dist = join(directory, "dist");
  await run(process.execPath, [join(sources, "build/build.mjs"), dist]);
  const options = { cwd: directory, env: environment() };
  const { stdout } = await run("npm", ["pack", dist, "--json"], options);
  const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(stdout));
  tarball = join(directory, packed?.filename ?? "");
  await run("npm", ["install", "--no-audit", "--no-fund", tarball], { ...options, cwd: installed });
}, 180_000);
afterAll(() => rm(directory, { recursive: true }));

const started: ChildProcess[] = [];
afterAll(() => {
  for (const { pid } of started) if (pid !== undefined) endGroup(pid);
});

/** npx has a child of its own; it ends with its group. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended already.
  }
}

const keysSchema = z.object({
  url: z.url(),
  site: z.object({ contentUrl: z.string() }),
  pat: z.object({ name: z.string(), secret: z.string() }),
});

/** Starts a command that prints the sandbox's keys as its first line. */
async function start(command: string, parameters: string[], cwd: string) {
  const child = spawn(command, parameters, {
    cwd,
    env: environment(),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const complaint = once(child, "exit").then(([code]) => {
    throw new Error(`${command} ended with ${code}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), complaint]);
  return keysSchema.parse(JSON.parse(z.string().parse(line)));
}

async function signIn({ url, site, pat }: z.infer<typeof keysSchema>) {
  const names = { personalAccessTokenName: pat.name, personalAccessTokenSecret: pat.secret };
  const json = { accept: "application/json", "content-type": "application/json" };
  const body = JSON.stringify({ credentials: { ...names, site } });
  const answer = await fetch(`${url}/api/3.27/auth/signin`, { method: "POST", headers: json, body });
  const schema = z.object({ credentials: z.object({ token: z.string(), site: z.object({ id: z.string() }) }) });
  const { token, site: at } = schema.parse(await answer.json()).credentials;
  const headers = { accept: "application/json", "x-tableau-auth": token };
  return (path: string) => fetch(`${url}/api/3.27/sites/${at.id}${path}`, { headers });
}

const viewsSchema = z.object({ views: z.object({ view: z.array(z.object({ id: z.string() })) }) });

describe("the packed sandbox", () => {
  test("starts by npx from its tarball, in an empty directory without a network, and draws", async () => {
    const empty = join(directory, "empty");
    await mkdir(empty);
    const parameters = [
      "--yes",
      "--package",
      tarball,
      "easel-sandbox",
      "--port",
      "0",
      "--data-dir",
      join(empty, "kept"),
    ];
    const read = await signIn(await start("npx", parameters, empty));
    const [view] = viewsSchema.parse(await (await read("/views?pageSize=1")).json()).views.view;
    // A picture needs the thread that draws, the WebAssembly file and the fonts.
    for (const [kind, beginning] of [
      ["image", "\u0089PNG"],
      ["pdf", "%PDF"],
    ] as const) {
      const bytes = Buffer.from(await (await read(`/views/${view?.id}/${kind}`)).arrayBuffer());
      expect(bytes.subarray(0, 4).toString("latin1")).toBe(beginning);
      expect(bytes.length).toBeGreaterThan(2_000);
    }
  }, 60_000);

  test("starts from a program, with nothing installed beside it", async () => {
    const program = join(installed, "program.mjs");
    await writeFile(
      program,
      `import { startSandbox } from "@easel/sandbox";
       const { keys } = await startSandbox({ port: 0, host: "127.0.0.1", seed: "other", edition: "server" });
       console.log(JSON.stringify(keys));`,
    );
    const read = await signIn(await start(process.execPath, [program], installed));
    expect((await read("/workbooks")).status).toBe(200);
    expect(await readdir(join(installed, "node_modules"))).toEqual([".bin", ".package-lock.json", "@easel"]);
  }, 60_000);

  test("has types that need no other package", async () => {
    const program = join(installed, "typed.mts");
    await writeFile(
      program,
      `import { startSandbox, type Sandbox, type SandboxOptions } from "@easel/sandbox";
       const options: SandboxOptions = { port: 0, host: "127.0.0.1", faults: { throttle: { calls: 1, windowSeconds: 1 } } };
       const sandbox: Sandbox = await startSandbox(options);
       const secret: string = sandbox.keys.connectedApp.secretValue;
       // @ts-expect-error
       await startSandbox({ port: "0", host: secret });`,
    );
    const compiler = join(sources, "../../node_modules/typescript/bin/tsc");
    const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", ""];
    await run(process.execPath, [compiler, ...strict, program], { cwd: installed }).catch((error) => {
      throw new Error(error.stdout);
    });
  }, 60_000);

  test("holds what it needs and no more, and the licences of all that others wrote", async () => {
    const { stdout } = await run("tar", ["tzf", tarball]);
    const files = stdout.trim().split("\n");
    expect(files).toEqual(
      expect.arrayContaining(["README.md", "ROUTES.md", "LICENSE", "NOTICES.md"].map((name) => `package/${name}`)),
    );
    expect(files.filter((name) => /node_modules|\/src\/|test|\.ts$|\.map$/.test(name.replace(/\.d\.ts$/, "")))).toEqual(
      [],
    );
    const manifest = JSON.parse(await readFile(join(installed, "node_modules/@easel/sandbox/package.json"), "utf8"));
    expect(manifest).not.toHaveProperty("dependencies");
    const notices = await readFile(join(installed, "node_modules/@easel/sandbox/NOTICES.md"), "utf8");
    for (const name of ["fastify", "zod", "vega", "pdfkit", "@resvg/resvg-wasm", "@expo-google-fonts/inter"]) {
      expect(notices).toContain(`## ${name} `);
    }
    expect(notices).toContain("SIL OPEN FONT LICENSE");
  });
});
