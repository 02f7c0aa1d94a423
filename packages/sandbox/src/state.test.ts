import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SandboxOptions } from "./sandbox.ts";
import { errorOf, objectOf, openTestSandbox, pageOf, pat, type SignedIn, type TestSandbox } from "./testing/client.ts";
import { publishFile, twb, twbx } from "./testing/publishing.ts";

let directory: string;
let open: TestSandbox[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sandbox-state-"));
  open = [];
});
afterEach(async () => {
  for (const sandbox of open) await sandbox.close();
  await rm(directory, { recursive: true });
});

const file = () => join(directory, "site.state");

async function start(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const sandbox = await openTestSandbox({ dataDirectory: directory, stateFile: file(), ...options });
  open.push(sandbox);
  return sandbox;
}

async function stop(sandbox: TestSandbox): Promise<void> {
  open.splice(open.indexOf(sandbox), 1);
  await sandbox.close();
}

const newProject = async (session: SignedIn, name: string) =>
  objectOf(
    await session.onSite("/projects", { method: "POST", body: `<tsRequest><project name="${name}"/></tsRequest>` }),
    "project",
  );

const projectNamed = async (session: SignedIn, name: string) =>
  (await pageOf(await session.onSite(`/projects?filter=name:eq:${name}`), "projects", "project")).items;

describe("a state file", () => {
  test("keeps the sites over a restart, and the keys still sign in; sessions are over", async () => {
    const first = await start();
    const before = await first.administrator();
    const project = await newProject(before, "Kept");
    const users = (await pageOf(await before.onSite("/users"), "users", "user")).pagination?.totalAvailable;
    await stop(first);
    const second = await start();
    expect(second.keys.pat).toEqual(first.keys.pat);
    const session = await second.administrator();
    expect(session.site.id).toBe(before.site.id);
    expect(await projectNamed(session, "Kept")).toMatchObject([{ id: project.id, owner: { id: before.user.id } }]);
    expect((await pageOf(await session.onSite("/users"), "users", "user")).pagination?.totalAvailable).toBe(users);
    const old = await second.call("/api/3.27/sessions/current", {
      headers: { accept: "application/json", "x-tableau-auth": before.token },
    });
    expect(await errorOf(old)).toMatchObject({ code: "401002" });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  test("keeps published files beside it, and none that no item has", async () => {
    const first = await start();
    const session = await first.administrator();
    const content = twbx(twb("Sheet of its own"));
    const answer = await publishFile(session, "Kept", { filename: "Kept.twbx", content });
    const { id } = await objectOf(answer, "workbook");
    await stop(first);
    const files = `${file()}.files`;
    await writeFile(join(files, "lost"), "of an upload that was not finished");
    const again = await (await start()).administrator();
    const download = await again.onSite(`/workbooks/${id}/content`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(content);
    expect(await readdir(files)).toHaveLength(1);
  });

  test("is written soon after a change, not only at the end", async () => {
    const sandbox = await start();
    const session = await sandbox.administrator();
    await newProject(session, "Unmistakable");
    await vi.waitFor(async () => expect((await readFile(file())).includes("Unmistakable")).toBe(true), 15_000);
  });

  test("keeps what was revoked, the clock, the edition, and jobs that go on", async () => {
    const first = await start({ edition: "server", seed: "other" });
    const session = await first.administrator();
    await session.call("/auth/revokeAllServerAdminTokens", { method: "POST" });
    await first.order({ advanceClockMs: 3_600_000 });
    const byPassword = await first.as({ name: first.keys.user.name, password: first.keys.user.password });
    const job = await objectOf(await byPassword.onSite("/encrypt-extracts", { method: "POST" }), "job");
    await stop(first);
    const second = await start();
    expect((await second.signIn(pat(second, 0))).status).toBe(401);
    expect((await second.signIn(pat(second, 1))).status).toBe(200);
    expect(await (await second.call("/__sandbox/faults")).json()).toMatchObject({ clockAheadMs: 3_600_000 });
    const again = await second.as({ name: second.keys.user.name, password: second.keys.user.password });
    const jobAlone = async () => objectOf(await again.onSite(`/jobs/${job.id}`), "job");
    expect(await jobAlone()).toMatchObject({ createdAt: job.createdAt });
    await second.order({ advanceClockMs: 60_000 });
    expect(await jobAlone()).toMatchObject({ finishCode: "0" });
  });

  test("hands out new keys when the old ones are lost", async () => {
    const first = await start();
    await stop(first);
    await rm(join(directory, "secrets.json"));
    const second = await start();
    expect(second.keys.pat).not.toEqual(first.keys.pat);
    await second.administrator();
    await second.byJwt([]);
    expect((await second.signIn(pat(first, 0))).status).toBe(401);
  });

  test.each([
    ["is something else", Buffer.from("text"), /does not hold the state of a sandbox/],
    ["holds other data", serialize({ some: "data" }), /does not hold the state of a sandbox/],
    [
      "is of another version",
      serialize({ format: "easel-sandbox state", version: 0, state: { sites: [] } }),
      /another version/,
    ],
  ])("that %s is refused with a sentence, and left as it is", async (_what, content, sentence) => {
    await writeFile(file(), content);
    await expect(start()).rejects.toThrow(sentence);
    expect(await readFile(file())).toEqual(content);
  });

  test("of another edition, seed or scale is refused", async () => {
    await stop(await start());
    await expect(start({ edition: "server" })).rejects.toThrow(/holds a site with the edition cloud, not server/);
    await expect(start({ scale: 2 })).rejects.toThrow(/scale 1, not 2/);
    await start({ edition: "cloud", seed: "acme", scale: 1 });
  });

  test("that can't be written is known at the start", async () => {
    await expect(start({ stateFile: join(directory, "missing", "site.state") })).rejects.toThrow(/can't be kept in/);
  });
});

test.each([0, 101, 1.5])("a scale of %d is refused", async (scale) => {
  await expect(openTestSandbox({ scale })).rejects.toThrow(/from 1 to 100/);
});
