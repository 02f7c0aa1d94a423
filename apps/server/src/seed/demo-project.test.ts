import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { mintDemoToken } from "../cli/token.ts";
import { openDatabase } from "../database/database.ts";
import { startTestEasel } from "../testing/test-easel.ts";
import { type DemoFile, readDemoFile, seedDemoProject } from "./demo-project.ts";

type Running = Awaited<ReturnType<typeof startTestEasel>>;
let sandboxed: Running;
let easel: Running;
let directory: string;
let path: string;
beforeAll(async () => {
  sandboxed = await startTestEasel();
});
afterAll(() => sandboxed.close());
beforeEach(async () => {
  easel = await startEmptyEasel();
  directory = await mkdtemp(join(tmpdir(), "easel-seed-"));
  path = join(directory, "demo.json");
});
afterEach(async () => {
  await easel.close();
  await rm(directory, { recursive: true });
});

/** A server on a database without projects. */
async function startEmptyEasel(): Promise<Running> {
  const running = await startTestEasel({ sandbox: sandboxed.sandbox });
  const database = openDatabase(running.database.url, () => {});
  await database.db.deleteFrom("projects").execute();
  await database.close();
  return running;
}

function seed(into: Running = easel) {
  const { origin, sandbox } = into;
  return seedDemoProject({ ...into.easel, path, origin, demoOrigin: "http://localhost:4620", sandbox: sandbox.keys });
}

async function written(): Promise<DemoFile> {
  const file = await readDemoFile(path);
  if (file === null) throw new Error("There is no demo file.");
  return file;
}

async function expectItWorks(file: DemoFile): Promise<void> {
  const token = await mintDemoToken(file, { user: "ana", claims: {}, lifetimeS: 60, now: Date.now() });
  const response = await fetch(`${easel.origin}/projects/${file.projectId}/sdk/me`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
}

test("an empty database gets Acme, which may do everything, and a file for its owner alone", async () => {
  const project = await seed();
  expect(project).toMatchObject({ name: "Acme", integrations: [{ permissions: ["tableau:*:*"] }] });
  const file = await written();
  expect(file).toMatchObject({
    projectId: project.id,
    sandbox: { url: easel.sandbox.url, user: {}, connectedApp: {} },
  });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expectItWorks(file);
});

test("a second start keeps project and key, and tells the addresses anew", async () => {
  await seed();
  const before = await written();
  await writeFile(path, JSON.stringify({ ...before, origin: "http://localhost:9" }));
  await seed();
  expect(await written()).toEqual(before);
});

const damages: [what: string, damage: (file: DemoFile) => string | null][] = [
  ["lost", () => null],
  ["empty", () => ""],
  ["half written", (file) => JSON.stringify(file).slice(0, 200)],
  ["of another shape", () => '{"projectId": 1}'],
  [
    "with a key that is none",
    (file) => JSON.stringify({ ...file, signingKey: { ...file.signingKey, privateKey: "lost" } }),
  ],
  [
    "with another key",
    (file) => JSON.stringify({ ...file, signingKey: { ...file.signingKey, privateKey: anotherKey() } }),
  ],
  ["of another database", (file) => JSON.stringify({ ...file, projectId: crypto.randomUUID() })],
];
test.each(damages)(
  "a file that is %s is made anew, for the same project, with a key that works",
  async (_what, damage) => {
    const project = await seed();
    const text = damage(await written());
    if (text === null) await rm(path);
    else await writeFile(path, text, { mode: 0o644 });
    await seed();
    const file = await written();
    expect(file.projectId).toBe(project.id);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(createPrivateKey(file.signingKey.privateKey).asymmetricKeyType).toBe("rsa");
    await expectItWorks(file);
  },
);

test("a key that a member disabled is not used again", async () => {
  await seed();
  const before = await written();
  await easel.easel.signingKeys.disable(before.projectId, before.signingKey.kid);
  await seed();
  expect((await written()).signingKey.kid).not.toBe(before.signingKey.kid);
  await expectItWorks(await written());
});

test("a new database beside an old file gets a project of its own", async () => {
  await seed();
  const before = await written();
  await easel.close();
  easel = await startEmptyEasel();
  await seed();
  expect((await written()).projectId).not.toBe(before.projectId);
  await expectItWorks(await written());
});

test("a database with projects but no demo gets one beside them, once", async () => {
  await easel.easel.projects.create({ name: "Ours" });
  await seed();
  await seed();
  const projects = await easel.easel.projects.list();
  expect(projects.map(({ name, isDemo }) => [name, isDemo])).toEqual([
    ["Ours", false],
    ["Acme", true],
  ]);
  await expectItWorks(await written());
});

test("elsewhere than on a developer's machine the demo's key signs nothing", async () => {
  await seed();
  const file = await written();
  await expectItWorks(file);
  const published = await startTestEasel({
    database: easel.database,
    sandbox: sandboxed.sandbox,
    environment: { EASEL_PUBLIC_URL: "https://easel.example.com" },
  });
  const token = await mintDemoToken(file, { user: "ana", claims: {}, lifetimeS: 60, now: Date.now() });
  const response = await fetch(`${published.origin}/projects/${file.projectId}/sdk/me`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: "user_token_signature" });
  await published.close();
});

function anotherKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
