import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { newClientKey, openClient, refusalSchema, signInAt, type TestClient } from "./clients.fixture.ts";

let now = Date.now();
let easel: TestEasel;
let other: TestEasel;
let client: TestClient;
beforeAll(async () => {
  const clock = () => now;
  easel = await startTestEasel({ clock });
  other = await startTestEasel({ clock, sandbox: easel.sandbox, database: easel.database });
  client = await openClient(easel, easel.project);
});
afterAll(async () => {
  await other.close();
  await easel.close();
});

const keysOf = async (credentialId: string) => {
  const response = await easel.project.manage(`/credentials/${credentialId}/client-keys`);
  return ((await response.json()) as { clientKeys: Record<string, unknown>[] }).clientKeys;
};
const isIn = async (response: Promise<Response>): Promise<boolean> => {
  const answer = await response;
  await answer.arrayBuffer();
  return answer.status === 200;
};

describe("A client key", () => {
  test("is shown once, and kept as a hash", async () => {
    const { id, key } = await newClientKey(easel.project, client.credentialId, { name: "nightly" });
    expect(key).toMatch(/^easel_client_[\w-]{43}$/);
    const [newest] = await keysOf(client.credentialId);
    expect(newest).toEqual({
      id,
      name: "nightly",
      createdAt: expect.any(String),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    const rows = await sql<{ row: string }>(
      easel.database.url,
      "select to_jsonb(client_keys)::text as row from client_keys",
    );
    for (const { row } of rows) expect(row).not.toContain(key.slice("easel_client_".length));
  });

  test("that is revoked is refused within a second in every process, and so is every session that it began", async () => {
    const { id, key } = await newClientKey(easel.project, client.credentialId);
    const there = client.prefix.replace(easel.origin, other.origin);
    const sessions = await Promise.all([client.signIn(key), client.signIn(key), client.signIn(key)]);
    const kept = await client.signIn();
    const carried = [key, ...sessions.map(({ token }) => token)];
    for (const token of carried) {
      expect(await isIn(client.list(token))).toBe(true);
      expect(await isIn(client.list(token, there))).toBe(true);
    }
    const path = `/credentials/${client.credentialId}/client-keys/${id}`;
    expect((await easel.project.manage(path, { method: "DELETE" })).status).toBe(204);
    const revoked = performance.now();
    // Where it was revoked, at once.
    for (const token of carried) expect(await isIn(client.list(token))).toBe(false);
    await Promise.all(carried.map((token) => waitFor(async () => !(await isIn(client.list(token, there))))));
    expect(performance.now() - revoked).toBeLessThan(1500);
    const refused = await signInAt(client.prefix, { name: "x", password: key });
    expect([refused.status, refusalSchema.parse(await refused.json()).error.code]).toEqual([401, "401001"]);
    expect(await isIn(client.list(kept.token))).toBe(true);
    expect((await easel.project.manage(path, { method: "DELETE" })).status).toBe(204);
    expect((await keysOf(client.credentialId)).find((one) => one.id === id)).toMatchObject({
      revokedAt: expect.any(String),
    });
  });

  test("ends when it was said to, and its sessions with it", async () => {
    const expiresAt = new Date(now + 60_000).toISOString();
    const { key } = await newClientKey(easel.project, client.credentialId, { expiresAt });
    const { token } = await client.signIn(key);
    expect(await isIn(client.list(token))).toBe(true);
    now += 61_000;
    expect(await isIn(client.list(token))).toBe(false);
    expect(await isIn(client.list(key))).toBe(false);
    await expect(client.signIn(key)).rejects.toThrow(/expired/);
  });

  test("says when it was last used, to the minute", async () => {
    const { id, key } = await newClientKey(easel.project, client.credentialId);
    now += 60_000;
    const at = new Date(now).toISOString();
    const { token } = await client.signIn(key);
    await client.list(token);
    await easel.easel.upkeep.run();
    expect((await keysOf(client.credentialId)).find((one) => one.id === id)).toMatchObject({ lastUsedAt: at });
  });

  test("opens no other credential, not even its own user's, and tells nothing of it", async () => {
    const theirs = await openClient(easel, await easel.newProject());
    for (const place of [theirs.prefix, `${easel.origin}/projects/${easel.project.id}/tableau/ext:none`]) {
      const response = await signInAt(place, { name: "x", password: client.key });
      const { error } = refusalSchema.parse(await response.json());
      expect([response.status, error.code, error.detail]).toEqual([
        401,
        "401001",
        expect.stringContaining("not valid"),
      ]);
      expect(await isIn(client.list(client.key, place))).toBe(false);
    }
    expect((await signInAt(easel.origin, { name: theirs.name, password: client.key })).status).toBe(401);
  });

  test("goes with the credential", async () => {
    const project = await easel.newProject();
    const gone = await openClient(easel, project, { user: "leaver" });
    const { token } = await gone.signIn();
    expect(await isIn(gone.list(token))).toBe(true);
    expect((await project.manage(`/credentials/${gone.credentialId}`, { method: "DELETE" })).status).toBe(204);
    expect(await isIn(gone.list(token))).toBe(false);
    expect(await isIn(gone.list(gone.key))).toBe(false);
    expect((await project.manage(`/credentials/${gone.credentialId}/client-keys`)).status).toBe(404);
    const left = await sql(easel.database.url, "select from client_keys where credential_id = $1", [gone.credentialId]);
    expect(left).toEqual([]);
  });

  test("is refused with a name that says nothing, an end that is no time, and fields that nobody knows", async () => {
    for (const json of [{}, { name: " " }, { name: "x", expiresAt: "tomorrow" }, { name: "x", role: "admin" }]) {
      const response = await easel.project.manage(`/credentials/${client.credentialId}/client-keys`, {
        method: "POST",
        json,
      });
      expect([json, response.status]).toEqual([json, 400]);
    }
  });

  test("is the hundredth at most that is in use; what is over does not count, and leaves the list in the end", async () => {
    const project = await easel.newProject();
    const { id } = await project.connect("many");
    const expiresAt = new Date(now + 60_000).toISOString();
    for (let count = 0; count < 10; count += 1)
      await Promise.all(Array.from({ length: 10 }, () => newClientKey(project, id, { expiresAt })));
    const path = `/credentials/${id}/client-keys`;
    const refused = await project.manage(path, { method: "POST", json: { name: "one more" } });
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({ code: "client_keys_too_many" }),
    ]);
    now += 61_000;
    await newClientKey(project, id);
    const listed = async () =>
      ((await (await project.manage(path)).json()) as { clientKeys: unknown[] }).clientKeys.length;
    expect(await listed()).toBe(101);
    now += 91 * 24 * 3_600_000;
    await easel.easel.upkeep.run();
    expect(await listed()).toBe(1);
  });
});
