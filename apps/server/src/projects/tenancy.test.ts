import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newClientKey } from "../clients/clients.fixture.ts";
import { openDatabase } from "../database/database.ts";
import type { DeclaredRoute } from "../http/app.ts";
import { startTestEasel, type TestProject } from "../testing/test-easel.ts";

/**
 * Two projects, each with everything a project can have, and a third person who has nothing: whatever is asked with
 * somebody else's ids is answered as if it did not exist. The routes come from the server itself, so that a new one is
 * walked, or makes these tests fail until it says how a stranger would ask for it.
 */
let easel: Awaited<ReturnType<typeof startTestEasel>>;
let mine: TestProject;
let theirs: TestProject;
/** What belongs to `ana` of `theirs`. No answer to anybody else may hold any of it. */
let secrets: { credentialId: string; installKey: string; signingKeyId: string; apiKeyId: string; clientKeyId: string };
let ownCredentialId: string;

beforeAll(async () => {
  easel = await startTestEasel();
  mine = easel.project;
  theirs = await easel.newProject();
  ownCredentialId = (await mine.connect("ana")).id;
  const { id: credentialId } = await theirs.connect("ana");
  const installKey = `install-${randomUUID()}`;
  await theirs.call("ana", `/sdk/me`, { method: "PATCH", json: { meta: { secret: "of-ana" } } });
  await buildOauth("ana", theirs, installKey);
  const apiKeys = (await (await theirs.manage("/api-keys")).json()) as { apiKeys: { id: string }[] };
  const { id: clientKeyId } = await newClientKey(theirs, credentialId);
  const keys = { signingKeyId: theirs.signingKey.id, apiKeyId: apiKeys.apiKeys[0]?.id ?? "", clientKeyId };
  secrets = { credentialId, installKey, ...keys };
});
afterAll(() => easel.close());

async function buildOauth(user: string, project: TestProject, key: string): Promise<Response> {
  const query = new URLSearchParams({ integrationId: "tableau", oauthMetaKeyId: key });
  return fetch(`${easel.origin}/v2/projects/${project.id}/sdk/actions/build-oauth?${query}`, {
    headers: { authorization: `Bearer ${await project.token(user)}` },
  });
}

const routes = (access: RegExp): DeclaredRoute[] =>
  easel.easel.app.declaredRoutes.filter((route) => access.test(route.access) && route.method !== "OPTIONS");

/** The route's address with `theirs` in every place. */
function addressIn(project: TestProject, url: string): string {
  const values: Record<string, string> = {
    projectId: project.id,
    credentialId: project === mine ? ownCredentialId : secrets.credentialId,
    integrationId: project.integrationId,
    integration: "tableau",
    organisation: "acme",
    key: secrets.installKey,
    keyId: secrets.signingKeyId,
    code: "A".repeat(43),
  };
  const path = url.replaceAll(/:(\w+)/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${url}: these tests have no ${name} of a stranger's; give them one.`);
    return value;
  });
  return easel.origin + path.replace("*", "projects");
}

/** A body and query that every route takes, so that what refuses is the tenant, not the shape. */
async function send(route: DeclaredRoute, address: string, headers: Record<string, string>): Promise<Response> {
  const query = "?originForPostMessage=http://localhost:1&integrationId=tableau&oauthMetaKeyId=k";
  return fetch(address + query, {
    method: route.method,
    headers: { "content-type": "application/json", ...headers },
    ...(/GET|HEAD/.test(route.method) ? {} : { body: bodyFor(route) }),
  });
}

function bodyFor({ method, url }: DeclaredRoute): string {
  const bodies: Record<string, unknown> = {
    "PATCH /projects/:projectId/sdk/me": { meta: {} },
    "PATCH /projects/:projectId/sdk/credentials/:credentialId": { config: {} },
    "POST /projects/:projectId/sdk/credentials": { integrationId: "tableau", payload: {} },
    "POST /projects/:projectId/sdk/portal/probe": { address: "https://tableau.example" },
    "PUT /manage/v1/projects/:projectId/allowed-origins": { origins: [] },
    "POST /manage/v1/projects/:projectId/credentials": { credentials: [{ user: "ana" }] },
    "POST /manage/v1/projects/:projectId/api-keys": { name: "x", role: "admin" },
    "POST /manage/v1/projects/:projectId/credentials/:credentialId/client-keys": { name: "x" },
  };
  return JSON.stringify(bodies[`${method} ${url}`] ?? {});
}

function expectNothingOfTheirs(text: string): void {
  for (const secret of [...Object.values(secrets), theirs.integrationId, "of-ana"]) expect(text).not.toContain(secret);
}

test("the routes that anyone may call are these, and no others", () => {
  const open = routes(/^public$/).map(({ method, url }) => `${method} ${url}`);
  expect(open.sort()).toEqual([
    "GET /",
    "GET /.well-known/oauth-authorization-server/issuers/:projectId",
    "GET /.well-known/oauth-authorization-server/issuers/:projectId/:organisationKey",
    "GET /.well-known/openid-configuration/issuers/:projectId",
    "GET /.well-known/openid-configuration/issuers/:projectId/:organisationKey",
    "GET /app/first-run/:code",
    "GET /health/live",
    "GET /health/ready",
    "GET /integrations/tableau.svg",
    "GET /issuers/:projectId/.well-known/oauth-authorization-server",
    "GET /issuers/:projectId/.well-known/openid-configuration",
    "GET /issuers/:projectId/:organisationKey/.well-known/oauth-authorization-server",
    "GET /issuers/:projectId/:organisationKey/.well-known/openid-configuration",
    "GET /issuers/:projectId/jwks.json",
    "GET /manage/v1/openapi.json",
    "GET /ui",
    "GET /ui/assets/*",
    "GET /ui/hosted/:code",
    "POST /app/first-run/:code",
  ]);
});

describe("A connected user", () => {
  test("of one project reaches nothing of another project, on any route", async () => {
    const token = await mine.token("ana");
    const walked = routes(/^connectedUser$/);
    expect(walked.length).toBeGreaterThan(15);
    for (const route of walked) {
      const response = await send(route, addressIn(theirs, route.url), { authorization: `Bearer ${token}` });
      const text = await response.text();
      expect([`${route.method} ${route.url}`, response.status]).toEqual([`${route.method} ${route.url}`, 401]);
      if (route.method !== "HEAD") expect(JSON.parse(text)).toMatchObject({ code: "user_token_signature" });
      expectNothingOfTheirs(text);
    }
  });

  test("without a token reaches nothing", async () => {
    for (const route of routes(/^(connectedUser|apiKey:.*)$/)) {
      const response = await send(route, addressIn(theirs, route.url), {});
      expect([`${route.method} ${route.url}`, response.status]).toEqual([`${route.method} ${route.url}`, 401]);
    }
  });

  test("reaches nothing of another user of the same project, on any route that names a thing", async () => {
    const token = await theirs.token("eve");
    for (const route of routes(/^connectedUser$/)) {
      const response = await send(route, addressIn(theirs, route.url), {
        authorization: `Bearer ${token}`,
        "x-paragon-credential": secrets.credentialId,
      });
      const text = await response.text();
      const label = `${route.method} ${route.url}`;
      if (/:credentialId|proxy|DELETE .*integrations/.test(label))
        expect([label, response.status]).toEqual([label, 404]);
      // Her own empty hands may be shown to her; the ids of the project are no secret to its users.
      for (const secret of [secrets.credentialId, "of-ana"]) {
        if (!text.includes("credential_unknown")) expect([label, text.includes(secret)]).toEqual([label, false]);
      }
      expect([label, response.status]).not.toEqual([label, 500]);
    }
    const kept = (await (await theirs.call("ana", "/sdk/me")).json()) as { meta: unknown };
    expect(kept.meta).toEqual({ secret: "of-ana" });
    expect((await theirs.call("ana", `/sdk/credentials/${secrets.credentialId}`)).status).toBe(200);
  });

  test("cannot reconnect, name, or wait for what another user connects", async () => {
    const { pat, site } = easel.sandbox.keys;
    const payload = {
      serverUrl: easel.sandbox.url,
      site: site.contentUrl,
      tokenName: pat.name,
      tokenSecret: pat.secret,
    };
    for (const body of [
      { integrationId: "tableau", payload: { ...payload, credentialId: secrets.credentialId } },
      { integrationId: "tableau", payload, installOptions: { selectedCredentialId: secrets.credentialId } },
    ]) {
      const response = await theirs.call("eve", "/sdk/credentials", { method: "POST", json: body });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: "credential_unknown" });
    }
    const waiting = await theirs.call("eve", `/sdk/actions/session-id/${secrets.installKey}`);
    expect(await waiting.json()).toEqual({});
  });

  test("cannot take over another user's popup by naming its key", async () => {
    const key = `install-${randomUUID()}`;
    const begun = (await (await buildOauth("ana", theirs, key)).json()) as { redirectUrl: string };
    await buildOauth("eve", theirs, key);
    const code = begun.redirectUrl.split("/").at(-1) ?? "";
    const context = await fetch(`${easel.origin}/ui/hosted/${code}/context`);
    expect(context.status).toBe(200);
    await theirs.call("eve", `/sdk/actions/session-id/${key}`, { method: "DELETE" });
    expect((await fetch(`${easel.origin}/ui/hosted/${code}/context`)).status).toBe(200);
  });

  test("with a popup's one-time code reaches the user and the project that it is for, and no other project", async () => {
    const begun = (await (await buildOauth("ana", theirs, randomUUID())).json()) as { redirectUrl: string };
    const headers = { "x-easel-connect": begun.redirectUrl.split("/").at(-1) ?? "" };
    for (const route of routes(/^connectedUser$/)) {
      const response = await send(route, addressIn(mine, route.url), headers);
      expect([401, 404]).toContain(response.status);
    }
    expect((await fetch(`${easel.origin}/projects/${theirs.id}/sdk/portal`, { headers })).status).toBe(200);
  });
});

describe("An API key", () => {
  let key: string;
  beforeAll(async () => {
    key = (await easel.easel.apiKeys.create(mine.id, "stranger", "admin")).key;
  });

  test("opens no other project: to it, that project does not exist", async () => {
    const walked = routes(/^apiKey:/).filter(({ url }) => url.includes(":projectId"));
    expect(walked.length).toBeGreaterThan(10);
    for (const route of walked) {
      const response = await send(route, addressIn(theirs, route.url), { authorization: `Bearer ${key}` });
      const text = await response.text();
      expect([`${route.method} ${route.url}`, response.status]).toEqual([`${route.method} ${route.url}`, 404]);
      expect(JSON.parse(text)).toMatchObject({ code: "project_unknown" });
      expectNothingOfTheirs(text);
    }
  });

  test("changes nothing of another project through its own project's address", async () => {
    const headers = { authorization: `Bearer ${key}` };
    for (const [method, path] of [
      ["DELETE", `/signing-keys/${secrets.signingKeyId}`],
      ["DELETE", `/api-keys/${secrets.apiKeyId}`],
      ["GET", `/integrations/${theirs.integrationId}`],
      ["GET", `/credentials/${secrets.credentialId}`],
      ["DELETE", `/credentials/${secrets.credentialId}`],
      ["GET", `/credentials/${secrets.credentialId}/client-keys`],
      ["POST", `/credentials/${secrets.credentialId}/client-keys`],
      ["DELETE", `/credentials/${secrets.credentialId}/client-keys/${secrets.clientKeyId}`],
      ["DELETE", `/credentials/${ownCredentialId}/client-keys/${secrets.clientKeyId}`],
      ["PATCH", `/integrations/${theirs.integrationId}`],
    ] as const) {
      const response = await fetch(`${easel.origin}/manage/v1/projects/${mine.id}${path}`, {
        method,
        headers,
        ...(method === "PATCH" ? { body: "{}" } : method === "POST" ? { body: '{"name":"x"}' } : {}),
      });
      expect([path, response.status]).toEqual([path, 404]);
    }
    expect((await theirs.manage("")).status).toBe(200);
    expect((await theirs.call("ana", "/sdk/me")).status).toBe(200);
  });

  test("lists its own project only", async () => {
    const response = await fetch(`${easel.origin}/manage/v1/projects`, { headers: { authorization: `Bearer ${key}` } });
    const { projects } = (await response.json()) as { projects: { id: string }[] };
    expect(projects.map(({ id }) => id)).toEqual([mine.id]);
  });

  test.each(["support", "member"] as const)("of the role %s does what its role may, on every route", async (role) => {
    const { key: lesser } = await easel.easel.apiKeys.create(mine.id, role, role);
    const rank = ["support", "member", "admin"];
    for (const route of routes(/^apiKey:/)) {
      const needed = route.access.slice("apiKey:".length);
      const response = await send(route, addressIn(mine, route.url), { authorization: `Bearer ${lesser}` });
      const label = `${role}: ${route.method} ${route.url}`;
      if (rank.indexOf(role) < rank.indexOf(needed)) {
        expect([label, response.status]).toEqual([label, 403]);
        expect(await response.json()).toMatchObject({ code: "role_insufficient", meta: { isIntegrationError: true } });
      } else expect([label, response.status]).toEqual([label, 200]);
    }
  });

  test("is no user token, and a user token is no API key", async () => {
    expect((await mine.call("ana", "/sdk/me", { token: key })).status).toBe(401);
    const response = await fetch(`${easel.origin}/manage/v1/projects/${mine.id}`, {
      headers: { authorization: `Bearer ${await mine.token("ana")}` },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "api_key_unknown" });
  });

  test("is refused from the moment it is revoked", async () => {
    const { id, key: short } = await easel.easel.apiKeys.create(mine.id, "short", "member");
    const ask = () => fetch(`${easel.origin}/manage/v1/projects`, { headers: { authorization: `Bearer ${short}` } });
    expect((await ask()).status).toBe(200);
    expect((await mine.manage(`/api-keys/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await ask()).status).toBe(401);
  });

  test("is kept as a hash only, and no list shows it", async () => {
    const { key: shown } = (await (
      await mine.manage("/api-keys", { method: "POST", json: { name: "ci", role: "member" } })
    ).json()) as { key: string };
    expect(shown).toMatch(/^easel_key_/);
    expect(await (await mine.manage("/api-keys")).text()).not.toContain(shown);
    const database = openDatabase(easel.database.url, () => {});
    const { rows } = await sql<{ row: string }>`select to_jsonb(api_keys)::text as row from api_keys`.execute(
      database.db,
    );
    for (const { row } of rows) expect(row).not.toContain(shown);
    await database.close();
  });
});

describe("Row-level security, the second wall", () => {
  test("a query that forgets its project sees one project's rows, in every table of a tenant", async () => {
    const database = openDatabase(easel.database.url, () => {});
    const { rows: tables } = await sql<{ name: string; column: string }>`
      select table_name as name, column_name as column from information_schema.columns
      where table_schema = 'public' and (column_name = 'project_id' or (table_name = 'projects' and column_name = 'id'))
        and table_name not like 'usage_%'`.execute(database.db);
    // Asked before the project is known, by a secret of 256 bits.
    const walled = tables.filter(({ name }) => name !== "first_run_links");
    expect(walled.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["projects", "credentials", "trusts", "usage"]),
    );
    for (const { name, column } of walled) {
      const seen = await database.inProject(mine.id, (trx) =>
        sql<{ project: string }>`select ${sql.id(column)}::text as project from ${sql.id(name)}`.execute(trx),
      );
      expect([name, seen.rows.filter(({ project }) => project !== mine.id)]).toEqual([name, []]);
    }
    await database.close();
  });

  test("a tenant writes no row for another project, and reaches no table of the instance", async () => {
    const database = openDatabase(easel.database.url, () => {});
    await expect(
      database.inProject(mine.id, (trx) =>
        trx.insertInto("users").values({ project_id: theirs.id, subject: "planted" }).execute(),
      ),
    ).rejects.toThrow(/row-level security/);
    const changed = await database.inProject(mine.id, (trx) =>
      trx.updateTable("projects").set({ name: "taken" }).where("id", "=", theirs.id).executeTakeFirst(),
    );
    expect(changed.numUpdatedRows).toBe(0n);
    for (const table of ["instance_secrets", "sessions", "first_run_links", "instance_claim"] as const) {
      await expect(database.inProject(mine.id, (trx) => trx.selectFrom(table).selectAll().execute())).rejects.toThrow(
        /permission denied/,
      );
    }
    await database.close();
  });
});
