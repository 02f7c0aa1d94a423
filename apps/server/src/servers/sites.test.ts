import { startSandbox } from "@easel/sandbox";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../database/database.ts";
import { colleague, connectByTrust, projectsOf, readTrust, setTrust } from "../organisations/organisations.fixture.ts";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { METHODS, payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: TestEasel;
let project: TestProject;
beforeEach(async () => {
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1" });
  easel = await startTestEasel({ sandbox });
  project = easel.project;
  await setOwnTrust(project, sandbox);
  await project.manage(`/integrations/${project.integrationId}`, {
    method: "PATCH",
    json: { mayMintCredentials: true },
  });
  for (const method of METHODS) await project.connect(method, { ...payloads(sandbox)[method] });
});
afterEach(async () => {
  await easel.close();
  await easel.sandbox.close();
});

const call = async (user: string): Promise<number> =>
  (await project.call(user, "/sdk/proxy/tableau/projects?pageSize=1")).status;

async function query(statement: string): Promise<readonly Record<string, unknown>[]> {
  const database = openDatabase(easel.database.url, () => {});
  const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(database.db);
  await database.close();
  return rows;
}

async function rename(to: string): Promise<void> {
  const response = await project.call("pat", "/sdk/proxy/tableau/api/{apiVersion}/sites/{siteId}", {
    method: "PUT",
    json: { site: { contentUrl: to } },
  });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(to)]);
}

async function sites(): Promise<unknown> {
  const [row] = await query(`select array(select distinct site from credentials) as credentials,
    array(select site from trusts) as trusts, array(select site from integrations where site is not null) as fixed`);
  return row;
}

describe("a site that is renamed", () => {
  test("keeps its credentials, its trust and its settings, once a session that lives was asked", async () => {
    await rename("acme-two");
    await easel.easel.sites.askDue();
    expect(await sites()).toEqual({ credentials: ["acme-two"], trusts: ["acme-two"], fixed: ["acme-two"] });
    // The sessions of the old name go on, and when they end, the sign-in uses the new one.
    for (const method of METHODS) expect([method, await call(method)]).toEqual([method, 200]);
    await sandboxControl(easel.sandbox).order({ killSessions: true });
    for (const method of METHODS) expect([method, await call(method)]).toEqual([method, 200]);
  });

  test.each(METHODS)(
    "is asked about when a sign-in by the old name is refused, and the call is served (%s)",
    async (method) => {
      await rename("acme-two");
      // Easel lets go of its sessions, which Tableau still knows.
      await query("update sessions set sealed = null");
      await query("insert into changes (topic) select 'session:' || identity from sessions");
      await vi.waitFor(async () => {
        expect(await call(method)).toBe(200);
        expect(await sites()).toEqual({ credentials: ["acme-two"], trusts: ["acme-two"], fixed: ["acme-two"] });
      });
      for (const other of METHODS) expect([other, await call(other)]).toEqual([other, 200]);
      expect(await query("select id from credentials where refused_at is not null")).toEqual([]);
    },
  );

  test("can be connected anew by its new name while the session of the old one lives", async () => {
    await rename("acme-two");
    await easel.easel.sites.askDue();
    for (const method of METHODS) {
      const { id } = await project.connect(method, { ...payloads(easel.sandbox)[method], site: "acme-two" });
      expect([method, await call(method), id]).toEqual([method, 200, expect.any(String)]);
    }
    expect(await query("select count(*)::int as count from credentials")).toEqual([{ count: METHODS.length }]);
  });

  test("is followed by an organisation's trust, and goes on under development keys, whose site stands elsewhere", async () => {
    const { name } = easel.sandbox.keys.user;
    const [organised, borrowing] = [await easel.newProject(), await easel.newProject()];
    const place = { serverUrl: `${easel.sandbox.url}/#/site/acme/home` };
    expect(await setTrust(organised, { way: "keys", ...place, ...easel.sandbox.keys.connectedApp })).toMatchObject({
      status: 200,
    });
    const claims = colleague(name);
    for (const one of [organised, borrowing]) {
      expect(await connectByTrust(one, "ana", claims)).toMatchObject({ status: 201 });
    }
    await rename("acme-two");
    await easel.easel.sites.askDue();
    await sandboxControl(easel.sandbox).order({ killSessions: true });
    expect(await projectsOf(organised, "ana", claims)).toBe("200");
    expect((await readTrust(organised)).body).toMatchObject({ trust: { site: "acme-two" } });
    expect(await connectByTrust(organised, "bea", claims)).toMatchObject({ status: 201 });
    // Whoever runs the instance has named the old site in its environment; while the site can be asked, it goes on.
    expect(await projectsOf(borrowing, "ana", claims)).toBe("200");
    expect(await query(`select site from credentials where project_id = '${borrowing.id}'`)).toEqual([
      { site: "acme" },
    ]);
  });

  test("where nothing can be asked any more is a refused sign-in", async () => {
    await rename("acme-two");
    await sandboxControl(easel.sandbox).order({ killSessions: true });
    expect(await call("password")).toBe(422);
    expect(await sites()).toMatchObject({ credentials: ["acme"] });
  });

  test("is asked about by one of two processes, once an hour", async () => {
    const other = await startTestEasel({ sandbox: easel.sandbox, database: easel.database });
    const asked = () => sandboxControl(easel.sandbox).calls("GET /sites/{site}");
    const before = await asked();
    await Promise.all([easel.easel.sites.askDue(), other.easel.sites.askDue(), easel.easel.sites.askDue()]);
    expect((await asked()) - before).toBe(1);
    await other.close();
  });
});

describe("a site", () => {
  test("that was made anew by the same name is the one that its credential is of, from the next session on", async () => {
    await query("update credentials set site_id = '00000000-0000-4000-8000-000000000000'");
    await query(`insert into changes (topic) values ('user:${project.id}:pat')`);
    await vi.waitFor(async () => {
      expect(await call("pat")).toBe(200);
      expect(await query("select count(distinct site_id)::int as sites from credentials")).toEqual([{ sites: 2 }]);
    });
  });
});

describe("a site that is at another server now", () => {
  let fake: FakeTableau;
  afterEach(() => fake.close());

  test("takes its credential there with the first session that was signed in to there", async () => {
    fake = await startFakeTableau();
    const asked = await startTestEasel({ egressAllow: [fake.host], sandbox: easel.sandbox });
    await asked.project.connect("ana", { serverUrl: fake.url, site: "acme", tokenName: "t", tokenSecret: "s" });
    // As it was before the move: the sign-in that Tableau Cloud sent on was at `fake.url`.
    const database = openDatabase(asked.database.url, () => {});
    await sql`update credentials set server_url = 'https://before.online.tableau.com'`.execute(database.db);
    await sql`insert into changes (topic) values (${`user:${asked.project.id}:ana`})`.execute(database.db);
    const path = `/sdk/proxy/tableau/${fake.url}/api/3.27/sites/{siteId}/projects`;
    await vi.waitFor(async () => {
      expect((await asked.project.call("ana", "/sdk/proxy/tableau/projects")).status).toBe(200);
      const { rows } = await sql<{ server_url: string }>`select server_url from credentials`.execute(database.db);
      expect(rows).toEqual([{ server_url: fake.url }]);
    });
    expect((await asked.project.call("ana", path)).status).toBe(200);
    expect(fake.received.filter(({ url }) => url.endsWith("/auth/signin"))).toHaveLength(1);
    await database.close();
    await asked.close();
  });
});
