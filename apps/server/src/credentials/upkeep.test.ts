import { startSandbox } from "@easel/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { payloads } from "../testing/sign-in-methods.ts";
import { sql } from "../testing/sql.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

/** How far the clocks of Easel and of the sandbox are ahead, in ms. */
let ahead = 0;
let easel: TestEasel;
let control: SandboxControl;
let project: TestProject;
beforeAll(async () => {
  const clock = (): number => Date.now() + ahead;
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", clock });
  easel = await startTestEasel({ clock, sandbox });
  control = sandboxControl(sandbox);
});
afterAll(async () => {
  await easel.close();
  await easel.sandbox.close();
});
beforeEach(async () => {
  await control.order({ restore: true, killSessions: true });
  await sql(easel.database.url, "delete from sessions");
  // Those of other tests have the same token: to use one is to use all.
  await sql(easel.database.url, "delete from credentials");
  project = await easel.newProject();
});

interface Credential {
  readonly status: string;
  readonly last_used_at: Date;
  readonly kept_alive_at: Date | null;
  readonly secret_expires_at: Date | null;
}
async function credential(): Promise<Credential> {
  const [row] = await sql<Credential>(
    easel.database.url,
    "select status, last_used_at, kept_alive_at, secret_expires_at from credentials where project_id = $1",
    [project.id],
  );
  if (row === undefined) throw new Error("There is no credential.");
  return row;
}

/** As if nothing had been done with this project's credentials for so long. */
async function unused(days: number): Promise<void> {
  // No session lives that long.
  ahead += 5 * 3_600_000;
  await sql(
    easel.database.url,
    `update credentials set last_used_at = now() - make_interval(days => $2), created_at = now() - make_interval(days => 100),
       kept_alive_at = null, secret_read_at = now() where project_id = $1`,
    [project.id, days],
  );
}

async function events(): Promise<{ kind: string; days?: number; reason: { message: string } }[]> {
  const response = await project.manage("/events");
  return ((await response.json()) as { events: { kind: string; days?: number; reason: { message: string } }[] }).events;
}

async function call(): Promise<number> {
  const response = await project.call("ana", "/sdk/proxy/tableau/projects?pageSize=1");
  await response.arrayBuffer();
  return response.status;
}

test("what is used is written down, once an hour at most", async () => {
  await project.connect("ana");
  await unused(2);
  expect(await call()).toBe(200);
  await easel.easel.upkeep.run();
  const { last_used_at: first } = await credential();
  expect(Date.now() - first.getTime()).toBeLessThan(60_000);
  expect(await call()).toBe(200);
  await easel.easel.upkeep.run();
  expect((await credential()).last_used_at).toEqual(first);
});

describe("a token that nobody uses", () => {
  test("is signed in with before its fifteen days are over, and not before they nearly are", async () => {
    await project.connect("ana");
    await unused(11);
    const before = await control.signIns();
    await control.order({ killSessions: true });
    await sql(easel.database.url, "delete from sessions");
    await easel.easel.upkeep.run();
    expect(await control.signIns()).toBe(before);

    await unused(13);
    await easel.easel.upkeep.run();
    expect(await control.signIns()).toBe(before + 1);
    const { last_used_at } = await credential();
    expect(Date.now() - last_used_at.getTime()).toBeLessThan(60_000);
    await easel.easel.upkeep.run();
    expect(await control.signIns()).toBe(before + 1);
  });

  test("lives on at Tableau, where it would have ended", async () => {
    await project.connect("ana");
    for (let round = 0; round < 3; round += 1) {
      ahead += 13 * 86_400_000;
      await sql(easel.database.url, "delete from sessions");
      await unused(13);
      await easel.easel.upkeep.run();
    }
    expect(await call()).toBe(200);
    expect((await credential()).status).toBe("VALID");
  });

  test("is left alone where the integration says so, is off, or the user is disabled", async () => {
    await project.connect("ana");
    const before = await control.calls("POST /auth/signin");
    const settings = (json: object) =>
      project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json });
    expect(await (await settings({ keepTokensAlive: false })).json()).toMatchObject({ keepTokensAlive: false });
    await unused(14);
    await easel.easel.upkeep.run();
    await settings({ keepTokensAlive: true, isActive: false });
    await easel.easel.upkeep.run();
    await settings({ isActive: true });
    await sql(easel.database.url, "update users set disabled_at = now() where project_id = $1", [project.id]);
    await easel.easel.upkeep.run();
    expect(await control.calls("POST /auth/signin")).toBe(before);
    expect((await credential()).kept_alive_at).toBeNull();
  });

  test("that Tableau refuses goes the usual way", async () => {
    await project.connect("ana");
    await control.order({ revokePat: easel.sandbox.keys.pat.name });
    await sql(easel.database.url, "delete from sessions");
    await unused(13);
    await easel.easel.upkeep.run();
    expect((await credential()).status).toBe("VALID");
    ahead += 61_000;
    expect(await call()).toBe(409);
    expect((await credential()).status).toBe("INVALID");
    expect(await events()).toMatchObject([{ kind: "credential_invalid" }]);
    const asked = await control.calls("POST /auth/signin");
    await sql(easel.database.url, "update credentials set kept_alive_at = null");
    await easel.easel.upkeep.run();
    expect(await control.calls("POST /auth/signin")).toBe(asked);
  });

  test("has its turn among all of one server, over all processes", async () => {
    const other = await startTestEasel({ sandbox: easel.sandbox, database: easel.database });
    try {
      const [first] = easel.sandbox.keys.users;
      expect(first).toBeDefined();
      await project.connect("ana");
      // As if fifty people had connected tokens of their own, which Tableau has forgotten.
      await sql(
        easel.database.url,
        `insert into users (project_id, subject) select $1, 'user-' || n from generate_series(1, 50) n`,
        [project.id],
      );
      await sql(
        easel.database.url,
        `insert into credentials (project_id, integration_id, user_id, method, server_url, site, api_version, site_id,
           tableau_user_id, identity, secrets)
         select c.project_id, c.integration_id, u.id, c.method, c.server_url, c.site, c.api_version, c.site_id,
           c.tableau_user_id, 'of ' || u.subject, null
         from credentials c, users u where c.project_id = $1 and u.project_id = $1 and u.subject like 'user-%'`,
        [project.id],
      );
      await unused(14);
      const claimed = async () =>
        (
          await sql(easel.database.url, "select from credentials where project_id = $1 and kept_alive_at is not null", [
            project.id,
          ])
        ).length;
      await Promise.all([easel.easel.upkeep.run(), other.easel.upkeep.run()]);
      expect(await claimed()).toBe(20);
      await sql(
        easel.database.url,
        "update credentials set kept_alive_at = now() - interval '11 minutes' where kept_alive_at is not null",
      );
      await Promise.all([easel.easel.upkeep.run(), other.easel.upkeep.run()]);
      expect(await claimed()).toBe(40);
    } finally {
      await other.close();
    }
  });
});

describe("when a token ends", () => {
  test("is asked when it is connected, and told at 30, 7 and 1 days, each once", async () => {
    await project.connect("ana");
    await easel.easel.upkeep.run();
    const { secret_expires_at: end } = await credential();
    // The sandbox gives its tokens a year.
    expect(end?.getTime()).toBeGreaterThan(Date.now() + 300 * 86_400_000);
    expect(await events()).toEqual([]);
    const shown = await project.manage("/credentials");
    expect(await shown.json()).toMatchObject({
      credentials: [{ secretExpiresAt: end?.toISOString(), lastUsedAt: expect.any(String), warning: null }],
    });

    for (const [left, days] of [
      ["29 days", 30],
      ["6 days", 7],
      ["20 hours", 1],
    ] as const) {
      await sql(
        easel.database.url,
        "update credentials set secret_expires_at = now() + $2::interval where project_id = $1",
        [project.id, left],
      );
      await easel.easel.upkeep.run();
      await easel.easel.upkeep.run();
      const [latest] = await events();
      expect(latest).toMatchObject({ kind: "credential_expires", days });
    }
    expect((await events()).map(({ days }) => days)).toEqual([1, 7, 30]);
  });

  test("is told late to who is connected late, and only the nearest", async () => {
    await project.connect("ana");
    await sql(
      easel.database.url,
      "update credentials set secret_expires_at = now() + interval '5 days', secret_read_at = now() where project_id = $1",
      [project.id],
    );
    await easel.easel.upkeep.run();
    expect((await events()).map(({ days }) => days)).toEqual([7]);
    // A new token, of another end, is another matter.
    await project.connect("ana", { ...payloads(easel.sandbox).password }).catch(() => {});
    await project.connect("ana");
    expect((await credential()).secret_expires_at).toBeNull();
  });

  test("is not asked for where nobody uses it: asking would be using it", async () => {
    await project.connect("ana");
    await unused(3);
    await sql(easel.database.url, "update credentials set secret_read_at = null where project_id = $1", [project.id]);
    await control.order({ killSessions: true });
    await sql(easel.database.url, "delete from sessions");
    const asked = await control.calls("POST /auth/signin");
    await easel.easel.upkeep.run();
    expect(await control.calls("POST /auth/signin")).toBe(asked);
    expect((await credential()).secret_expires_at).toBeNull();
  });

  test("is told by one process of several", async () => {
    const other = await startTestEasel({ sandbox: easel.sandbox, database: easel.database });
    try {
      await project.connect("ana");
      await sql(
        easel.database.url,
        "update credentials set secret_expires_at = now() + interval '20 days', secret_read_at = now() where project_id = $1",
        [project.id],
      );
      await Promise.all([easel.easel.upkeep.run(), other.easel.upkeep.run(), easel.easel.upkeep.run()]);
      await waitFor(async () => (await events()).length > 0);
      expect((await events()).map(({ days }) => days)).toEqual([30]);
    } finally {
      await other.close();
    }
  });
});
