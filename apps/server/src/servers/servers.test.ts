import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../database/database.ts";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let fake: FakeTableau;
let easel: TestEasel;
beforeEach(async () => {
  fake = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [fake.host] });
  await connect(easel.project);
});
afterEach(async () => {
  await easel.close();
  await fake.close();
});

const connect = (project: TestProject) =>
  project.connect("ana", { serverUrl: fake.url, site: "acme", tokenName: "t", tokenSecret: "s" });

async function call(project = easel.project, path = "/projects"): Promise<number> {
  return (await project.call("ana", `/sdk/proxy/tableau${path}`)).status;
}
/** The version of the last call of projects. */
function asked(): string | undefined {
  return fake.received
    .map(({ url }) => /^\/api\/([^/]+)\/sites\/.*\/projects$/.exec(url)?.[1])
    .findLast((version) => version !== undefined);
}
const probes = () => fake.received.filter(({ url }) => url.endsWith("/serverinfo")).length;

async function query(statement: string): Promise<readonly Record<string, unknown>[]> {
  const database = openDatabase(easel.database.url, () => {});
  const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(database.db);
  await database.close();
  return rows;
}
const makeDue = () => query("update servers set due_at = now() - interval '1 second'");

describe("a server's version", () => {
  test("follows an upgrade within a day, with the sessions that live, and without anyone reconnecting", async () => {
    fake.speak("3.20");
    await makeDue();
    await easel.easel.servers.askDue();
    expect(await call()).toBe(200);
    expect(asked()).toBe("3.20");
    fake.speak("3.27");
    await makeDue();
    await easel.easel.servers.askDue();
    expect(await call()).toBe(200);
    expect(asked()).toBe("3.27");
    expect(fake.received.filter(({ url }) => url.endsWith("/auth/signin"))).toHaveLength(1);
  });

  test("is not asked again before its day is over", async () => {
    const before = probes();
    await easel.easel.servers.askDue();
    expect(probes()).toBe(before);
    const [row] = await query("select extract(epoch from due_at - now()) / 3600 as hours from servers");
    expect(Number(row?.hours)).toBeGreaterThan(21);
    expect(Number(row?.hours)).toBeLessThan(27);
  });

  test("that was set back is noticed by the next sign-in, and spoken from then on", async () => {
    const database = openDatabase(easel.database.url, () => {});
    await sql`update sessions set expires_at = now()`.execute(database.db);
    await database.close();
    const other = await startTestEasel({ egressAllow: [fake.host], sandbox: easel.sandbox, database: easel.database });
    fake.speak("3.19");
    fake.endSessions();
    expect(await call(easel.project.at(other.origin))).toBe(200);
    expect(asked()).toBe("3.19");
    expect(await query("select api_version from servers")).toEqual([{ api_version: "3.19" }]);
    await other.close();
  });

  test("that was set back is noticed by the first call that it has no address for, and the next one is served", async () => {
    expect(await call()).toBe(200);
    fake.speak("3.19");
    const refused = await easel.project.call("ana", "/sdk/proxy/tableau/projects");
    expect(await refused.json()).toMatchObject({
      code: "tableau_call_missing",
      message: expect.stringContaining("speaks 3.19 at most"),
    });
    expect(await call()).toBe(200);
    expect(asked()).toBe("3.19");
  });

  test("is asked by one of two processes, and spoken by both", async () => {
    const other = await startTestEasel({ egressAllow: [fake.host], sandbox: easel.sandbox, database: easel.database });
    const there = easel.project.at(other.origin);
    expect(await call(there)).toBe(200);
    fake.speak("3.24");
    await makeDue();
    const before = probes();
    await Promise.all([easel.easel.servers.askDue(), other.easel.servers.askDue()]);
    expect(probes() - before).toBe(1);
    for (const project of [easel.project, there]) {
      await vi.waitFor(async () => {
        expect(await call(project)).toBe(200);
        expect(asked()).toBe("3.24");
      });
    }
    await other.close();
  });

  test("is kept while the server is away, and asked for again in an hour", async () => {
    await fake.close();
    await makeDue();
    await easel.easel.servers.askDue();
    const [row] = await query(
      "select api_version, due_at between now() + interval '50 minutes' and now() + interval '70 minutes' as soon from servers",
    );
    expect(row).toEqual({ api_version: "3.27", soon: true });
  });

  test("is forgotten when nobody is connected there any more", async () => {
    const { status } = await easel.project.call("ana", "/sdk/integrations/tableau", { method: "DELETE" });
    expect(status).toBe(204);
    await makeDue();
    await easel.easel.servers.askDue();
    expect(await query("select server_url from servers")).toEqual([]);
  });
});

describe("who names a version", () => {
  test("in the path is served at it", async () => {
    expect(await call(easel.project, "/api/3.21/sites/{siteId}/projects")).toBe(200);
    expect(asked()).toBe("3.21");
  });

  test("in the integration's settings is served at it, until the setting is taken back", async () => {
    const set = (apiVersion: unknown) =>
      easel.project.manage(`/integrations/${easel.project.integrationId}`, { method: "PATCH", json: { apiVersion } });
    expect(await (await set("3.22")).json()).toMatchObject({ apiVersion: "3.22" });
    expect(await call()).toBe(200);
    expect(asked()).toBe("3.22");
    expect(await call(easel.project, "/api/3.21/sites/{siteId}/projects")).toBe(200);
    expect(asked()).toBe("3.21");
    expect((await set("three")).status).toBe(400);
    expect(await (await set(null)).json()).toMatchObject({ apiVersion: null });
    expect(await call()).toBe(200);
    expect(asked()).toBe("3.27");
  });
});
