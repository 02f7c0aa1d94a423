import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, type InstanceProcess, newPlace, runToEnd, startInstance } from "./testing/instance-process.ts";
import { sandboxControl } from "./testing/sandbox-control.ts";
import { waitFor } from "./testing/wait-for.ts";
import { newKey } from "./vault/keys.ts";

/** A start and its end under load. */
const SLOW_MS = 60_000;

function expectSentence({ code, stdout, stderr }: Ended, sentence: RegExp): void {
  const said = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  expect(said).toEqual([expect.stringMatching(sentence)]);
  expect(stdout).toBe("");
  expect(code).toBe(1);
}

describe("A start that cannot be", { timeout: SLOW_MS }, () => {
  test("for want of keys is refused in a sentence", async () => {
    expectSentence(
      await runToEnd("main.ts", [], { ...(await newPlace()), DATABASE_URL: "postgresql://localhost:1/easel" }),
      /^EASEL_KEYS is not set\. With DATABASE_URL the keys that seal secrets must come from you: .* keep it apart from the database\.$/,
    );
  });

  test("for a database that is not there is refused in a sentence without its password", async () => {
    const url = "postgresql://easel:hunter2@127.0.0.1:1/easel";
    const ended = await runToEnd(
      "main.ts",
      [],
      { ...(await newPlace()), DATABASE_URL: url, EASEL_KEYS: newKey() },
      30_000,
    );
    expectSentence(ended, /^Easel's database cannot be used: .*\. Check DATABASE_URL\.$/);
    expect(ended.stderr).not.toContain("hunter2");
  });

  test.each([
    ["EASEL_PORT", "many"],
    ["EASEL_KEYS", "k1:c2VjcmV0LXNlY3JldC1zZWNyZXQ="],
    ["EASEL_EGRESS_ALLOW", "not an address"],
    ["EASEL_CA_FILE", "/nonexistent/ca.pem"],
    ["EASEL_EGRESS_PINS", "tableau.example=abc"],
    ["EASEL_EGRESS_PROXY", "proxy"],
    ["EASEL_METRICS_LABELS", "user"],
    ["EASEL_SANDBOX_PORT", "0"],
    ["EASEL_HOST", "203.0.113.1"],
  ])("for its setting %s is refused in a sentence that names it, and nothing keeps running", async (name, value) => {
    const place = await newPlace();
    const ended = await runToEnd("main.ts", [], { ...place, [name]: value }, 30_000);
    expectSentence(ended, new RegExp(name));
    if (name === "EASEL_KEYS") expect(ended.stderr).not.toContain(value.slice(3));
    await expect(fetch(`http://127.0.0.1:${place.EASEL_SANDBOX_PORT}`)).rejects.toThrow();
  });

  test("in a data directory that is a file is refused in a sentence", async () => {
    const { EASEL_DATA_DIR = "", ...ports } = await newPlace();
    const file = join(EASEL_DATA_DIR, "file");
    await writeFile(file, "");
    expectSentence(
      await runToEnd("main.ts", [], { ...ports, EASEL_DATA_DIR: file }),
      /^The data directory .* is a file\. /,
    );
  });

  test("because a signal came while it started ends well, and the next one starts", async () => {
    const place = await newPlace();
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...place },
      stdio: ["ignore", "ignore", "pipe"],
    });
    await once(child.stderr, "data");
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    const next = await startInstance(place);
    await next.remove();
  });
});

describe("A running instance", { timeout: SLOW_MS }, () => {
  let instance: InstanceProcess;
  beforeAll(async () => {
    instance = await startInstance(await newPlace());
  }, SLOW_MS);
  afterAll(() => instance.remove(), SLOW_MS);

  test("says where everything is, and last that it is ready", () => {
    const lines = instance.stdout().trimEnd().split("\n");
    expect(lines.at(-1)).toBe(`Easel is ready at ${instance.origin}`);
    expect(lines.slice(0, -1).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["Demo", `http://localhost:${instance.environment.EASEL_DEMO_PORT}`],
      ["Tableau sandbox", instance.sandboxUrl],
      ["First run (once, 30 minutes)", expect.stringContaining(`${instance.origin}/app/first-run/`)],
    ]);
  });

  test("keeps its data directory and its ports from a second one, which says so in a sentence", async () => {
    const own = instance.environment;
    expectSentence(
      await runToEnd("main.ts", [], own),
      /^Easel is running already with this data directory, at http:\S+ \(process \d+\)\. /,
    );
    for (const name of ["EASEL_PORT", "EASEL_SANDBOX_PORT", "EASEL_DEMO_PORT"]) {
      const other = { ...(await newPlace()), [name]: own[name] ?? "" };
      expectSentence(await runToEnd("main.ts", [], other, 30_000), new RegExp(`${own[name]}.* ${name}`));
    }
    expect((await fetch(`${instance.origin}/health/ready`)).status).toBe(200);
  });

  test("starts the sandbox and the demo again when they die, with the same secrets", async () => {
    const patOf = async () => (JSON.parse((await instance.cli("demo", "--json")).stdout) as Demo).sandbox.pat.secret;
    const [secret, killed] = [await patOf(), await instance.children()];
    for (const pid of killed) process.kill(pid, "SIGKILL");
    const { EASEL_DEMO_PORT } = instance.environment;
    for (const url of [`${instance.sandboxUrl}/api/3.27/serverinfo`, `http://localhost:${EASEL_DEMO_PORT}/`]) {
      await waitFor(async () => (await fetch(url).catch(() => null))?.ok === true);
    }
    const restarted = await instance.children();
    expect(restarted).toHaveLength(2);
    expect(restarted.filter((pid) => killed.includes(pid))).toEqual([]);
    await connectAndCall(instance);
    expect(await patOf()).toBe(secret);
  });
});

test("a stop answers the call that is under way before the database goes, and a claimed instance shows no link", {
  timeout: SLOW_MS,
}, async () => {
  const place = await newPlace();
  const instance = await startInstance(place);
  const link = /\S+\/app\/first-run\/\S+/.exec(instance.stdout())?.[0] ?? "";
  expect((await fetch(link, { method: "POST" })).status).toBe(200);
  const { call } = await connectAndCall(instance);
  const { calls, order } = sandboxControl({ url: instance.sandboxUrl });
  const before = await calls("GET /sites/{siteId}/projects");
  await order({ slowMs: 1500 });
  const slow = call();
  await waitFor(async () => (await calls("GET /sites/{siteId}/projects")) > before);
  const stopping = instance.stop();
  const answer = await slow;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toHaveProperty("output.projects");
  expect(await stopping).toBe(0);
  expect(instance.stderr()).not.toMatch(/"level":[56]0/);

  const again = await startInstance(place);
  expect(again.stdout()).not.toContain("first-run");
  await connectAndCall(again);
  await again.remove();
});

interface Demo {
  readonly projectId: string;
  readonly integrationId: string;
  readonly sandbox: {
    readonly url: string;
    readonly site: { contentUrl: string };
    readonly user: { name: string; password: string };
    readonly users: { name: string; password: string; pat: { name: string; secret: string } }[];
    readonly pat: { name: string; secret: string };
    readonly connectedApp: { clientId: string; secretId: string; secretValue: string };
  };
}

/** Connects a new user by PAT and lists the projects, by the command line's words alone. */
async function connectAndCall(instance: InstanceProcess): Promise<{ demo: Demo; call: () => Promise<Response> }> {
  const demo = JSON.parse((await instance.cli("demo", "--json")).stdout) as Demo;
  const token = (await instance.cli("token", "--user", "ana")).stdout.trim();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const { pat, site, url } = demo.sandbox;
  const payload = {
    method: "pat",
    serverUrl: url,
    site: site.contentUrl,
    tokenName: pat.name,
    tokenSecret: pat.secret,
  };
  const connected = await fetch(`${instance.origin}/projects/${demo.projectId}/sdk/credentials`, {
    method: "POST",
    headers,
    body: JSON.stringify({ integrationId: demo.integrationId, payload }),
  });
  expect(connected.status).toBe(201);
  const call = () => fetch(`${instance.origin}/projects/${demo.projectId}/sdk/proxy/tableau/projects`, { headers });
  expect((await call()).status).toBe(200);
  return { demo, call };
}
