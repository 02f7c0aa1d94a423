import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadSandboxKeys } from "./sandbox.ts";

const cli = new URL("cli.ts", import.meta.url).pathname;

let directory: string;
let children: ChildProcess[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sandbox-cli-"));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(directory, { recursive: true });
});

/** What one start compiled is there for the next: most of a start is spent with that. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "easel-sandbox-compile-cache") };

function start(...options: string[]) {
  const child = spawn(process.execPath, [cli, "--data-dir", directory, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  children.push(child);
  return child;
}

async function ready(child: { stdout: NodeJS.ReadableStream }) {
  const [line] = await once(createInterface(child.stdout), "line");
  return JSON.parse(line);
}

async function ended(child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }) {
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    output.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.err += chunk;
  });
  const [code] = await once(child, "close");
  return { code, ...output };
}

describe("the command line", () => {
  test("prints one line of keys that work, ends on SIGTERM, and keeps its secrets over a restart", async () => {
    const first = start("--port", "0");
    const keys = await ready(first);
    expect(keys).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      site: { contentUrl: "acme" },
      user: { name: "ana.silva@acme.example", password: expect.any(String) },
      users: ["SiteAdministratorCreator", "Explorer", "Viewer"].map((role) => ({
        name: expect.stringMatching(/@acme\.example$/),
        password: expect.any(String),
        role,
        pat: { name: expect.any(String), secret: expect.any(String) },
      })),
      pat: keys.users[0].pat,
      connectedApp: { clientId: expect.any(String), secretId: expect.any(String), secretValue: expect.any(String) },
    });
    const body = JSON.stringify({ credentials: { ...keys.user, site: keys.site } });
    const headers = { "content-type": "application/json" };
    const signIn = await fetch(`${keys.url}/api/3.27/auth/signin`, { method: "POST", body, headers });
    expect(signIn.status).toBe(200);

    const rest = ended(first);
    first.kill("SIGTERM");
    expect(await rest).toEqual({ code: 0, out: "", err: "" });
    const { url: _url, ...again } = await ready(start("--port", "0"));
    expect(again).toEqual(await loadSandboxKeys(directory));
    expect({ url: keys.url, ...again }).toEqual(keys);
    expect((await stat(join(directory, "secrets.json"))).mode & 0o777).toBe(0o600);
  });

  test("ends with its parent when it has an IPC channel", async () => {
    const child = fork(cli, ["--data-dir", directory, "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      env,
    });
    children.push(child);
    const { stdout } = child;
    if (stdout === null) throw new Error("The child has no stdout.");
    await ready({ stdout });
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("a port in use is one clear sentence", async () => {
    const { url } = await ready(start("--port", "0"));
    const { port } = new URL(url);
    expect(await ended(start("--port", port))).toEqual({
      code: 1,
      out: "",
      err: `Port ${port} on 127.0.0.1 is already in use. Choose another with --port.\n`,
    });
  });

  test("broken secrets are one clear sentence, and are left as they are", async () => {
    await writeFile(join(directory, "secrets.json"), "{");
    const { code, err } = await ended(start("--port", "0"));
    expect([code, err.split("\n").length]).toEqual([1, 2]);
    expect(await readFile(join(directory, "secrets.json"), "utf8")).toBe("{");
  });

  test("stands for Tableau Server, with a seed, and with faults from the start, when it is told to", async () => {
    const faults = [
      "--fault",
      "slowMs=5",
      "--fault",
      'fail={"status":503,"route":"/projects"}',
      "--fault",
      "revokePat=ana-automation",
    ];
    const keys = await ready(
      start("--port", "0", "--edition", "server", "--seed", "other", "--mfa", "--no-tokens", ...faults),
    );
    expect(keys.users[0].role).toBe("ServerAdministrator");
    expect(await (await fetch(`${keys.url}/__sandbox/faults`)).json()).toMatchObject({
      slowMs: 5,
      fail: { status: 503, route: "/projects" },
      revokedPats: ["ana-automation"],
      mfa: true,
      tokensOff: { everywhere: true },
    });
  });

  test("keeps its state in a file, and says in a sentence why one is of no use", async () => {
    const state = join(directory, "site.state");
    const first = start("--port", "0", "--state", state);
    await ready(first);
    const rest = ended(first);
    first.kill("SIGTERM");
    expect(await rest).toEqual({ code: 0, out: "", err: "" });
    await ready(start("--port", "0", "--state", state));
    expect(await ended(start("--port", "0", "--state", state, "--scale", "3"))).toEqual({
      code: 1,
      out: "",
      err: `${state} holds a site with the scale 1, not 3. Name another file.\n`,
    });
  });

  test("explains itself, and refuses what it does not know", async () => {
    const help = ended(start("--help"));
    const mistakes = [
      ["--nothing"],
      ["--port", "many"],
      ["extra"],
      ["--edition", "desktop"],
      ["--scale", "101"],
      ["--seed", ""],
      ["--fault", "slowMs"],
      ["--fault", "slow=5"],
      ["--fault", "slowMs=long"],
    ];
    const refused = mistakes.map((options) => ended(start(...options)));
    expect(await help).toMatchObject({ code: 0, out: expect.stringContaining("--data-dir") });
    for (const output of await Promise.all(refused)) expect(output).toMatchObject({ code: 1, out: "" });
  });
});

test("secrets made by several at once are the same", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => loadSandboxKeys(directory)));
  for (const keys of all) expect(keys).toEqual(all[0]);
});
