import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Ended,
  freePorts,
  type InstanceProcess,
  newPlace,
  runToEnd,
  startInstance,
} from "./testing/instance-process.ts";
import { createTestDatabase } from "./testing/test-database.ts";
import { parseKeys } from "./vault/keys.ts";

const easel = (...args: string[]): Promise<Ended> => runToEnd("cli.ts", args, { EASEL_DATA_DIR: "/nonexistent/easel" });

/** One sentence or two for a person, and nothing where a script reads. */
function expectRefusal({ code, stdout, stderr }: Ended, sentence: RegExp): void {
  expect(stdout).toBe("");
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
}

describe.concurrent("Help", () => {
  test.each([
    [["--help"], /sandbox[\s\S]*demo[\s\S]*token[\s\S]*api-key[\s\S]*project[\s\S]*invite[\s\S]*keys/],
    [["sandbox", "--help"], /--port/],
    [["demo", "--help"], /--json/],
    [["token", "--help"], /--user[\s\S]*--claim[\s\S]*--expires/],
    [["api-key", "--help"], /create/],
    [["api-key", "create", "--help"], /--project[\s\S]*--role[\s\S]*--name/],
    [["project", "create", "--help"], /--name/],
    [["invite", "--help"], /--json/],
    [["keys", "--help"], /new/],
    [["keys", "new", "--help"], /EASEL_KEYS/],
    [["help", "token"], /--user/],
  ])("of %j is on stdout", async (args, text) => {
    const { code, stdout, stderr } = await easel(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(text);
    expect(stderr).toBe("");
  });

  test.each([
    [[]],
    [["nonsense"]],
    [["--nonsense"]],
    [["keys", "new", "--nonsense"]],
    [["keys", "new", "more"]],
    [["token"]],
    [["token", "--user", ""]],
    [["token", "--user", "ana", "--claim", "novalue"]],
    [["token", "--user", "ana", "--expires", "soon"]],
    [["api-key", "create"]],
    [["api-key", "create", "--project", "x", "--role", "owner"]],
    [["project", "create", "--name", " "]],
    [["sandbox", "--port", "x"]],
    [["sandbox", "--port", "65536"]],
  ])("is on stderr, and the code is not 0, after %j", async (args) => {
    const { code, stdout, stderr } = await easel(...args);
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/Usage: easel/);
  });
});

describe.concurrent("Without a running instance", () => {
  test.each([
    [["demo", "--json"]],
    [["token", "--user", "ana"]],
    [["invite"]],
    [["project", "create", "--name", "Acme"]],
  ])("%j says how to start one", async (args) => {
    expectRefusal(await easel(...args), /^No Easel runs with the data directory \S+\. Start it with npm start\.\n$/);
  });

  test("keys new prints a key that can be used", async () => {
    const { code, stdout, stderr } = await easel("keys", "new");
    expect([code, stderr]).toEqual([0, ""]);
    expect(parseKeys(stdout.trim()).keys.size).toBe(1);
    expect(stdout).toMatch(/^\S+\n$/);
  });

  test("a setting that cannot be read is said in a sentence", async () => {
    expectRefusal(await runToEnd("cli.ts", ["invite"], { EASEL_PORT: "many" }), /^EASEL_PORT must be a port[^\n]*\n$/);
    const keyless = { DATABASE_URL: "postgresql://localhost:1/easel" };
    expectRefusal(await runToEnd("cli.ts", ["invite"], keyless), /^EASEL_KEYS is not set\./);
  });
});

describe("Beside a running instance", () => {
  let instance: InstanceProcess;
  beforeAll(async () => {
    instance = await startInstance(await newPlace());
  });
  afterAll(() => instance.remove());

  const data = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await instance.cli(...args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^[^\n]+\n$/);
    return stdout.trim();
  };
  const demo = async () =>
    JSON.parse(await data("demo", "--json")) as {
      origin: string;
      projectId: string;
      integrationId: string;
      sandbox: Record<string, unknown>;
    };

  test("demo --json names everything that a script needs, and not the signing key", async () => {
    const facts = await demo();
    expect(Object.keys(facts).sort()).toEqual(["demoOrigin", "integrationId", "origin", "projectId", "sandbox"]);
    expect(facts).toMatchObject({
      origin: instance.origin,
      demoOrigin: `http://localhost:${instance.environment.EASEL_DEMO_PORT}`,
      sandbox: {
        url: instance.sandboxUrl,
        site: { contentUrl: expect.any(String) },
        user: { name: expect.any(String), password: expect.any(String) },
        pat: { name: expect.any(String), secret: expect.any(String) },
        connectedApp: { clientId: expect.any(String), secretId: expect.any(String), secretValue: expect.any(String) },
      },
    });
    expect(facts.sandbox.users).toHaveLength(3);
  });

  test("token signs what it is told, for an hour or as long as it is told, and Easel takes it", async () => {
    const { projectId } = await demo();
    const token = await data(
      "token",
      "--user",
      "ana",
      "--claim",
      "tableau.username=ana",
      "--claim",
      "email_verified=true",
    );
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      sub: "ana",
      aud: `useparagon.com/${projectId}`,
      "tableau.username": "ana",
      email_verified: true,
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "RS256", kid: expect.any(String) });
    const short = decodeJwt(await data("token", "--user", "ana", "--expires", "90s"));
    expect((short.exp ?? 0) - (short.iat ?? 0)).toBe(90);

    const me = (bearer: string) =>
      fetch(`${instance.origin}/projects/${projectId}/sdk/me`, { headers: { authorization: `Bearer ${bearer}` } });
    expect((await me(token)).status).toBe(200);
    const expired = await me(await data("token", "--user", "ana", "--expires=-1m"));
    expect(expired.status).toBe(401);
    expect(await expired.json()).toMatchObject({ code: "user_token_expired" });
  });

  test("api-key create prints a key that opens its project with its role", async () => {
    const { projectId } = await demo();
    const key = await data("api-key", "create", "--project", projectId, "--role", "admin");
    const change = await fetch(`${instance.origin}/manage/v1/projects/${projectId}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ accentColor: "#123456" }),
    });
    expect(change.status).toBe(200);
    const lesser = await data("api-key", "create", "--project", projectId);
    const refused = await fetch(`${instance.origin}/manage/v1/projects/${projectId}/api-keys`, {
      headers: { authorization: `Bearer ${lesser}` },
    });
    expect(refused.status).toBe(403);
    expectRefusal(await instance.cli("api-key", "create", "--project", "none"), /^There is no such project\./);
  });

  test("project create prints both ids and a key whose tokens Easel takes", async () => {
    const made = JSON.parse(await data("project", "create", "--name", "Ours")) as Record<string, unknown>;
    expect(made).toEqual({
      projectId: expect.any(String),
      integrationId: expect.any(String),
      signingKey: { kid: expect.any(String), privateKey: expect.stringContaining("BEGIN PRIVATE KEY") },
    });
  });

  test("invite gives a link to the running instance, whatever this shell's variables say, until it is claimed", async () => {
    const { EASEL_DATA_DIR = "" } = instance.environment;
    const elsewhere = await runToEnd("cli.ts", ["invite", "--json"], { EASEL_DATA_DIR, EASEL_PORT: "9" });
    const { url } = JSON.parse(elsewhere.stdout) as { url: string };
    expect(url).toMatch(new RegExp(`^${instance.origin}/app/first-run/[\\w-]{43}$`));
    expect((await fetch(url)).status).toBe(200);
    const bare = await data("invite");
    expect((await fetch(bare, { method: "POST" })).status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
    expectRefusal(await instance.cli("invite"), /^This instance is claimed already\./);
  });
});

describe("sandbox", () => {
  test("prints one line when it is ready, keeps its secrets, and ends with SIGTERM", async () => {
    const { EASEL_DATA_DIR = "" } = await newPlace();
    const lines = [await runSandbox(EASEL_DATA_DIR), await runSandbox(EASEL_DATA_DIR)].map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    );
    for (const { url: _url, ...secrets } of lines) {
      const { url: _first, ...expected } = lines[0] ?? {};
      expect(secrets).toEqual(expected);
    }
    expect(Object.keys(lines[0] ?? {}).sort()).toEqual(["connectedApp", "pat", "site", "url", "user", "users"]);
  });

  test("on a port that is taken says so in a sentence", async () => {
    const place = await newPlace();
    const [port = 0] = await freePorts(1);
    const taken = createServer().listen(port, "127.0.0.1");
    expectRefusal(
      await runToEnd("cli.ts", ["sandbox", "--port", String(port)], place),
      new RegExp(`^Another program uses port ${port}\\.`),
    );
    taken.close();
  });

  async function runSandbox(dataDirectory: string): Promise<string> {
    const cli = fileURLToPath(new URL("cli.ts", import.meta.url));
    const child = spawn(process.execPath, [cli, "sandbox", "--port", "0"], {
      env: { PATH: process.env.PATH, EASEL_DATA_DIR: dataDirectory },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const line = chunk.toString();
    expect(line).toMatch(/^\{[^\n]*\}\n$/);
    const { url } = JSON.parse(line) as { url: string };
    expect((await fetch(`${url}/api/3.27/serverinfo`)).status).toBe(200);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    return line;
  }
});

test("with DATABASE_URL there is no sandbox and no demo, and the commands work on that database", async () => {
  const key = (await easel("keys", "new")).stdout.trim();
  const place = await newPlace();
  const variables = { ...place, DATABASE_URL: await createTestDatabase(), EASEL_KEYS: key };
  expectRefusal(await runToEnd("cli.ts", ["invite"], variables), /^There is no project yet:/);
  const made = JSON.parse((await runToEnd("cli.ts", ["project", "create", "--name", "Ours"], variables)).stdout) as {
    projectId: string;
  };
  const instance = await startInstance(variables);
  expect(instance.stdout()).not.toMatch(/Demo|sandbox/);
  expect(instance.stdout()).toMatch(/First run/);
  await expect(fetch(instance.sandboxUrl)).rejects.toThrow();
  expectRefusal(await instance.cli("demo", "--json"), /^This instance has no demo:/);
  expectRefusal(await instance.cli("token", "--user", "ana"), /^This instance has no demo:/);
  const apiKey = (
    await instance.cli("api-key", "create", "--project", made.projectId, "--role", "admin")
  ).stdout.trim();
  const blank = await fetch(`${instance.origin}/manage/v1/projects/${made.projectId}/integrations/tableau`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ clientId: "", clientSecret: "" }),
  });
  expect(await blank.json()).toMatchObject({ code: "trust_development_keys" });
  await instance.remove();
});
