import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { openClient, refusalSchema, type TestClient } from "./clients.fixture.ts";

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

const MINUTE = 60_000;
const there = (): string => client.prefix.replace(easel.origin, other.origin);

/** Refused as Tableau refuses a session that is over: clients sign in again. */
async function expectOver(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  const text = await response.text();
  expect([response.status, /<error code="(\d+)"/.exec(text)?.[1]]).toEqual([401, "401002"]);
}
async function expectLive(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("<projects>")]);
}

describe("A client's session", () => {
  test("is random, and kept as a hash", async () => {
    const { token } = await client.signIn();
    const rows = await sql<{ row: string }>(
      easel.database.url,
      "select to_jsonb(s)::text as row from client_sessions s",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) for (const part of token.split("|").slice(0, 2)) expect(row).not.toContain(part);
  });

  test("keeps whatever the user token claims", async () => {
    const claims = { note: "half \ud800, none \u0000, \\u0000", deep: [{ a: null }] };
    const { token } = await client.signIn(await easel.project.token("ana", claims));
    await expectLive(client.list(token));
    await expectLive(client.list(token, there()));
  });

  test("is good at its own credential's address and at the root, and nowhere else", async () => {
    const { token } = await client.signIn();
    const mine = await openClient(easel, easel.project, { user: "bo" });
    const theirs = await openClient(easel, await easel.newProject());
    await expectLive(client.list(token));
    await expectLive(client.list(token, easel.origin));
    await expectLive(client.list(token, there()));
    await expectOver(client.list(token, mine.prefix));
    await expectOver(client.list(token, theirs.prefix));
    const asUser = await easel.project.call("ana", "/sdk/me", { token });
    expect(asUser.status).toBe(401);
    // At Tableau it is nothing at all.
    expect((await client.list(token, easel.sandbox.url)).status).toBe(401);
  });

  test("ends with the user token that it was begun with", async () => {
    const iat = Math.floor(now / 1000);
    const { token } = await client.signIn(await easel.project.token("ana", { iat, exp: iat + 600 }));
    now += 9 * MINUTE;
    await expectLive(client.list(token));
    now += 2 * MINUTE;
    await expectOver(client.list(token));
    await expectOver(client.list(token, there()));
  });

  test("ends with the key that signed its user token", async () => {
    const project = await easel.newProject();
    const mine = await openClient(easel, project);
    const byToken = await mine.signIn(await project.token("ana"));
    const byKey = await mine.signIn();
    await expectLive(mine.list(byToken.token));
    await project.manage("/signing-keys", { method: "POST", json: {} });
    await expectLive(mine.list(byToken.token));
    expect((await project.manage(`/signing-keys/${project.signingKey.id}`, { method: "DELETE" })).status).toBe(204);
    await expectOver(mine.list(byToken.token));
    await waitFor(
      async () => (await mine.list(byToken.token, mine.prefix.replace(easel.origin, other.origin))).status === 401,
    );
    await expectLive(mine.list(byKey.token));
  });

  test("ends by a sign-out, within a second in every process, and nothing ends at Tableau", async () => {
    const [mine, colleague] = await Promise.all([client.signIn(), client.signIn()]);
    await expectLive(client.list(mine.token, there()));
    const out = await fetch(`${client.prefix}/api/3.27/auth/signout`, {
      method: "POST",
      headers: { "x-tableau-auth": mine.token, "content-type": "application/x-www-form-urlencoded" },
    });
    expect([out.status, await out.text()]).toEqual([204, ""]);
    await expectOver(client.list(mine.token));
    const since = performance.now();
    await waitFor(async () => (await client.list(mine.token, there())).status === 401);
    expect(performance.now() - since).toBeLessThan(1500);
    await expectLive(client.list(colleague.token));
  });

  test("ends after four hours without use, and not while another process has it in use", async () => {
    const [idle, used] = await Promise.all([client.signIn(), client.signIn()]);
    for (const { token } of [idle, used]) await expectLive(client.list(token));
    for (let hour = 0; hour < 4; hour += 1) {
      now += 61 * MINUTE;
      await expectLive(client.list(used.token, there()));
      await other.easel.upkeep.run();
    }
    await expectLive(client.list(used.token));
    await expectOver(client.list(idle.token));
    await expectOver(client.list(idle.token, there()));
  });

  test("that is over leaves no row", async () => {
    const iat = Math.floor(now / 1000);
    await client.signIn(await easel.project.token("ana", { iat, exp: iat + 60 }));
    await client.signIn();
    const count = async () => Number((await sql(easel.database.url, "select count(*) from client_sessions"))[0]?.count);
    expect(await count()).toBeGreaterThan(0);
    now += 300 * MINUTE;
    await easel.easel.upkeep.run();
    expect(await count()).toBe(0);
  });

  test("is one of a thousand of a credential at most: the one that was used longest ago goes", async () => {
    const first = await client.signIn();
    await expectLive(client.list(first.token));
    now += MINUTE;
    await sql(
      easel.database.url,
      `insert into client_sessions (hash, project_id, credential_id, last_used_at)
       select sha256(n::text::bytea), $1, $2, to_timestamp($3::float8 / 1000) from generate_series(1, 999) n`,
      [easel.project.id, client.credentialId, now],
    );
    const last = await client.signIn();
    await expectLive(client.list(last.token));
    await expectOver(client.list(first.token));
  });
});

describe("What a call carries", () => {
  let project: TestProject;
  beforeAll(() => {
    project = easel.project;
  });

  test("may be a user token or a client key itself, in either header", async () => {
    for (const secret of [client.key, await project.token("ana")]) {
      await expectLive(client.list(secret));
      const path = new URL((await client.list(secret)).url).pathname;
      await expectLive(fetch(easel.origin + path, { headers: { authorization: `Bearer ${secret}` } }));
    }
  });

  test("may be a client key at the root, which knows its credential, and no user token, which does not", async () => {
    await expectLive(client.list(client.key, easel.origin));
    await expectOver(client.list(await project.token("ana"), easel.origin));
  });

  test("is refused with words where it is nothing", async () => {
    for (const token of ["", "x", "a|b|c", "x".repeat(10_000), "easel_client_", "eyJhbGciOiJSUzI1NiJ9.e30.x"]) {
      const response = await fetch(`${client.prefix}/api/3.27/sites/x/projects`, {
        headers: { "x-tableau-auth": token, accept: "application/json" },
      });
      const { error } = refusalSchema.parse(await response.json());
      expect([token, response.status, error.code]).toEqual([token, 401, "401002"]);
    }
  });

  test("of another user is told apart from nothing by nobody", async () => {
    const eve = await project.token("eve");
    for (const id of [client.credentialId, "00000000-0000-4000-8000-000000000000"]) {
      const server = `${easel.origin}/projects/${project.id}/tableau/${id}`;
      const response = await client.list(eve, server);
      expect([response.status, (await response.text()).replace(id, "ID")]).toEqual([
        404,
        expect.stringContaining("credential ID"),
      ]);
    }
  });
});
