import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sandboxControl } from "../testing/sandbox-control.ts";
import { sql } from "../testing/sql.ts";
import type { TestEasel, TestProject } from "../testing/test-easel.ts";
import {
  admin,
  colleague,
  connectByTrust,
  projectsOf,
  readTrust,
  setTrust,
  startReachableEasel,
} from "./organisations.fixture.ts";

let easel: TestEasel;
let project: TestProject;
let people: { name: string; role: string; pat: { name: string; secret: string } }[];
beforeAll(async () => {
  easel = await startReachableEasel({ developmentKeys: "none" });
  people = easel.sandbox.keys.users;
});
afterAll(() => easel.close());
beforeEach(async () => {
  project = await easel.newProject();
});

const place = () => ({ serverUrl: `${easel.sandbox.url}/#/site/${easel.sandbox.keys.site.contentUrl}/home` });
const keys = () => ({ way: "keys", ...place(), ...easel.sandbox.keys.connectedApp });
const token = () => ({ tokenName: easel.sandbox.keys.pat.name, tokenSecret: easel.sandbox.keys.pat.secret });

/** The site's own list, read by its administrator's token as another project would. */
async function atTableau(path: string): Promise<string> {
  const reader = await easel.newProject();
  await reader.manage("/integrations/tableau", { method: "PATCH", json: { mayMintCredentials: true } });
  await reader.connect("reader");
  return (await reader.call("reader", `/sdk/proxy/tableau/${path}`)).text();
}

describe("Pasted keys", () => {
  test("connect every colleague as themselves, with nothing to type", async () => {
    expect(await setTrust(project, keys())).toMatchObject({
      status: 200,
      body: {
        organisation: "acme",
        trust: { kind: "connectedApp", serverUrl: easel.sandbox.url, site: "acme", setBy: "Ana", problem: null },
      },
    });
    for (const [index, { name }] of people.entries()) {
      const claims = colleague(name);
      expect(await connectByTrust(project, `user-${index}`, claims)).toMatchObject({ status: 201 });
      expect(await projectsOf(project, `user-${index}`, claims)).toBe("200");
      const me = await project.call(`user-${index}`, "/sdk/proxy/tableau/api/-/nothing", { claims });
      expect(me.status).toBe(404);
    }
  });

  test("that Tableau refuses are kept nowhere, and what is wrong is said", async () => {
    for (const [change, code] of [
      [{ clientId: "another" }, "tableau_app_refused"],
      [{ secretId: "another" }, "tableau_app_refused"],
      [{ secretValue: "another" }, "tableau_keys_refused"],
      [{ serverUrl: `${easel.sandbox.url}/#/site/other` }, "tableau_keys_refused"],
    ] as const) {
      const { status, body } = await setTrust(project, { ...keys(), ...change });
      expect([change, status, body.code]).toEqual([change, 422, code]);
    }
    expect(await setTrust(project, keys(), { ...admin, "tableau.username": "nobody@acme.example" })).toMatchObject({
      status: 422,
      body: { code: "tableau_user_unknown" },
    });
    expect((await readTrust(project)).body.trust).toBeNull();
    expect(await sql(easel.database.url, "select id from organisations where project_id = $1", [project.id])).toEqual(
      [],
    );
  });

  test("never come back, and lie sealed", async () => {
    await setTrust(project, keys());
    const { secretValue } = easel.sandbox.keys.connectedApp;
    const answers = [
      JSON.stringify(await readTrust(project)),
      await (await project.manage("/organisations")).text(),
      await (await project.manage("/organisations/acme/trust")).text(),
      await (await project.call("ana", "/sdk/portal", { claims: admin })).text(),
    ];
    for (const answer of answers) expect(answer).not.toContain(secretValue);
    const rows = await sql<{ row: string }>(easel.database.url, "select to_jsonb(trusts)::text as row from trusts", []);
    for (const { row } of rows) {
      expect(row).not.toContain(secretValue);
      expect(row).not.toContain(Buffer.from(secretValue).toString("hex"));
    }
  });
});

describe("Another organisation", () => {
  const other = { org: "globex", "tableau.admin": true };

  test("neither sees, uses nor touches the trust", async () => {
    await setTrust(project, keys());
    const stranger = { ...other, "tableau.username": people[0]?.name };
    expect((await readTrust(project, stranger)).body).toMatchObject({ organisation: "globex", trust: null });
    for (const claims of [
      stranger,
      { ...stranger, org: "ACME" },
      { ...stranger, org: "acme " },
      { ...stranger, org: { acme: true } },
    ]) {
      expect(await connectByTrust(project, "gus", claims)).toMatchObject({
        status: 422,
        body: { code: "method_not_offered" },
      });
      const portal = (await (await project.call("gus", "/sdk/portal", { claims })).json()) as { trust: unknown };
      expect(portal.trust).toBeNull();
    }
    await project.call("gus", "/sdk/organisation/trust", { method: "DELETE", claims: stranger });
    expect((await readTrust(project)).body).toMatchObject({ trust: { site: "acme" } });
  });

  test("of somebody who has connected before: the trust is no longer theirs with the next user token", async () => {
    await setTrust(project, keys());
    const claims = colleague(people[0]?.name ?? "");
    await connectByTrust(project, "gus", claims);
    expect(await projectsOf(project, "gus", claims)).toBe("200");
    expect(await projectsOf(project, "gus", { ...claims, org: "globex" })).toBe("422 trust_missing");
    expect(await projectsOf(project, "gus", { ...claims, org: undefined })).toBe("422 trust_missing");
    expect(await projectsOf(project, "gus", claims)).toBe("200");
  });

  test("of the same name in another project has nothing of it", async () => {
    await setTrust(project, keys());
    const elsewhere = await easel.newProject();
    expect((await readTrust(elsewhere)).body.trust).toBeNull();
    expect(await connectByTrust(elsewhere, "gus", colleague(people[0]?.name ?? ""))).toMatchObject({ status: 422 });
  });
});

test("only a plain yes makes an administrator, by either way to write a claim", async () => {
  for (const claim of [undefined, false, "false", "yes", 1, "TRUE", null, [true], { value: true }]) {
    const { status, body } = await readTrust(project, { org: "acme", "tableau.admin": claim });
    expect([claim, status, body.code]).toEqual([claim, 403, "organisation_admin_only"]);
  }
  for (const claims of [{ "tableau.admin": true }, { "tableau.admin": "true" }, { tableau: { admin: true } }]) {
    expect((await readTrust(project, { org: "acme", ...claims })).status).toBe(200);
  }
  expect((await readTrust(project, { "tableau.admin": true })).body).toMatchObject({ code: "organisation_unnamed" });
});

test("what is no text of one line is refused, wherever it comes from", async () => {
  for (const change of [{ clientId: "a\u0000b" }, { site: "ac\u0000me" }, { secretValue: "x\ny" }, { serverUrl: "" }]) {
    expect([change, (await setTrust(project, { ...keys(), ...change })).status]).toEqual([change, 400]);
  }
  const named = await setTrust(project, keys(), { ...admin, name: "An\u0000a" });
  expect(named.body).toMatchObject({ trust: { setBy: "An a" } });
  expect((await setTrust(project, keys(), { ...admin, org: "a\u0000b" })).body).toMatchObject({
    code: "organisation_unnamed",
  });
});

test("the organisation is named by the claim that the settings say", async () => {
  await project.manage("/integrations/tableau", {
    method: "PATCH",
    json: { organisationClaim: "https://acme.example/tenant" },
  });
  const claims = { "https://acme.example/tenant": 42, "tableau.admin": true };
  expect(await setTrust(project, keys(), claims)).toMatchObject({ status: 200, body: { organisation: "42" } });
});

describe("Easel's own app at Tableau", () => {
  test("is made with a token that is used once, and kept nowhere", async () => {
    const sessions = async () =>
      ((await (await fetch(`${easel.sandbox.url}/__sandbox/stats`)).json()) as { sessions: number }).sessions;
    const before = await sessions();
    const { status, body } = await setTrust(project, { way: "createApp", ...place(), ...token() });
    expect([status, body]).toMatchObject([200, { trust: { kind: "connectedApp" } }]);
    // The token's session and that of the trial are signed out; the token can have had a session before.
    expect(await sessions()).toBeLessThanOrEqual(before);
    const claims = colleague(people[1]?.name ?? "");
    await connectByTrust(project, "gus", claims);
    expect(await projectsOf(project, "gus", claims)).toBe("200");
    expect(await atTableau("connected-applications")).toContain("Easel");
    const { rows } = {
      rows: await sql<{ row: string }>(easel.database.url, "select to_jsonb(trusts)::text as row from trusts", []),
    };
    for (const { row } of rows) expect(row).not.toContain(token().tokenSecret);
  });

  test("is gone again where a later step fails", async () => {
    const before = await atTableau("connected-applications");
    const claims = { ...admin, "tableau.username": "nobody@acme.example" };
    expect(await setTrust(project, { way: "createApp", ...place(), ...token() }, claims)).toMatchObject({
      status: 422,
      body: { code: "tableau_user_unknown" },
    });
    expect(await atTableau("connected-applications")).toBe(before);
    expect((await readTrust(project)).body.trust).toBeNull();
  });

  test("is refused in words with the token of somebody who administers nothing", async () => {
    const viewer = people.find(({ role }) => role === "Viewer");
    const given = { tokenName: viewer?.pat.name, tokenSecret: viewer?.pat.secret };
    for (const way of ["createApp", "registerIssuer"]) {
      const { status, body } = await setTrust(project, { way, ...place(), ...given });
      expect([way, status, body.code]).toEqual([way, 422, "tableau_setup_denied"]);
    }
  });
});

describe("Easel as the site's authorization server", () => {
  test("is registered with a token, and signs colleagues in with no secret at all", async () => {
    const { status, body } = await setTrust(project, { way: "registerIssuer", ...place(), ...token() });
    expect([status, body]).toMatchObject([
      200,
      { trust: { kind: "issuer" }, issuer: { warning: expect.stringContaining("EASEL_PUBLIC_URL") } },
    ]);
    for (const [index, { name }] of people.entries()) {
      expect(await connectByTrust(project, `user-${index}`, colleague(name))).toMatchObject({ status: 201 });
      expect(await projectsOf(project, `user-${index}`, colleague(name))).toBe("200");
    }
    expect(await setTrust(project, { way: "issuer", ...place() })).toMatchObject({ status: 200 });
  });

  test("is registered for the project's own site likewise, by its backend", async () => {
    const json = { way: "registerIssuer", ...place(), ...token(), testUsername: people[0]?.name };
    const response = await project.manage("/integrations/tableau/trust", { method: "PUT", json });
    expect([response.status, await response.json()]).toMatchObject([200, { trust: { kind: "issuer" } }]);
    const claims = { "tableau.username": people[1]?.name };
    expect(await connectByTrust(project, "gus", claims)).toMatchObject({ status: 201 });
    expect(await projectsOf(project, "gus", claims)).toBe("200");
    expect(await (await project.manage("/integrations/tableau")).json()).toMatchObject({ clientId: "" });
  });

  test("says what is wrong while nobody has registered it", async () => {
    expect(await setTrust(project, { way: "issuer", ...place() })).toMatchObject({
      status: 422,
      body: { code: "tableau_issuer_refused", message: expect.stringContaining("not registered") },
    });
  });

  test("is another issuer for each organisation, so that what one site gets is worth nothing at another", async () => {
    const urlOf = async (claims: object) => ((await readTrust(project, claims)).body.issuer as { url: string }).url;
    const urls = [await urlOf(admin), await urlOf({ ...admin, org: "globex" })];
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) {
      expect(url).not.toMatch(/acme|globex/);
      const metadata = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as Record<
        string,
        string
      >;
      expect(metadata.issuer).toBe(url);
      const { keys: published } = (await (await fetch(metadata.jwks_uri ?? "")).json()) as {
        keys: Record<string, string>[];
      };
      expect(published).toEqual([
        expect.objectContaining({ kty: "RSA", alg: "RS256", use: "sig", kid: expect.any(String) }),
      ]);
      for (const part of ["d", "p", "q"]) expect(published[0]).not.toHaveProperty(part);
    }
  });
});

test("an organisation whose app loses its secret is one broken trust and one event, and recovers", async () => {
  const control = sandboxControl(easel.sandbox);
  await setTrust(project, keys());
  const users = people.map(({ name }, index) => ({ user: `user-${index}`, claims: colleague(name) }));
  for (const { user, claims } of users) await connectByTrust(project, user, claims);
  try {
    await control.order({ deleteAppSecret: true, killSessions: true });
    const answers = await Promise.all(
      [...users, ...users].map(({ user, claims }) => projectsOf(project, user, claims)),
    );
    for (const answer of answers) expect(answer).toBe("409 trust_broken");
    expect((await readTrust(project)).body).toMatchObject({ trust: { problem: { code: "tableau_app_refused" } } });
    const { events } = (await (await project.manage("/events")).json()) as { events: { kind: string }[] };
    expect(events.map(({ kind }) => kind)).toEqual(["trust_broken"]);
  } finally {
    await control.order({ restore: true });
  }
  await setTrust(project, keys());
  for (const { user, claims } of users) expect(await projectsOf(project, user, claims)).toBe("200");
});

test("what the backend sets up is removed by it, and nobody signs in with it any more", async () => {
  const testUsername = people[0]?.name;
  const response = await project.manage("/organisations/acme/trust", {
    method: "PUT",
    json: { ...keys(), testUsername },
  });
  expect(response.status).toBe(200);
  const claims = colleague(people[1]?.name ?? "");
  await connectByTrust(project, "gus", claims);
  expect(await (await project.manage("/organisations")).json()).toMatchObject({
    organisations: [{ organisation: "acme", trust: { setBy: "API key test" } }],
    next: null,
  });
  expect((await project.manage("/organisations/acme/trust", { method: "DELETE" })).status).toBe(204);
  expect(await projectsOf(project, "gus", claims)).toBe("422 trust_missing");
  expect(await (await project.manage("/organisations/acme/trust")).json()).toMatchObject({ trust: null });
});
