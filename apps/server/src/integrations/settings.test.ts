import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../database/database.ts";
import { startTestEasel, type TestProject } from "../testing/test-easel.ts";

let easel: Awaited<ReturnType<typeof startTestEasel>>;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

const read = async (project: TestProject): Promise<Record<string, unknown>> =>
  (await (await project.manage("/integrations/tableau")).json()) as Record<string, unknown>;
const change = (project: TestProject, settings: Record<string, unknown>): Promise<Response> =>
  project.manage("/integrations/tableau", { method: "PATCH", json: settings });

const KEYS = {
  clientId: "8f4b1a2e-client",
  clientSecret: "5c1d-secret-id",
  clientSecretValue: "dGhlIHNlY3JldCB2YWx1ZQ==",
  serverUrl: "https://tableau.acme.example",
  site: "acme",
};

describe("An integration's settings", () => {
  test("begin with reading content and jobs, and no keys", async () => {
    const { id } = await easel.easel.projects.create({ name: "New" });
    const [integration] = (await easel.easel.projects.get(id)).integrations;
    expect(integration).toMatchObject({
      isActive: true,
      permissions: ["tableau:content:read", "tableau:jobs:read"],
      serverUrl: null,
      site: null,
      methods: null,
      usernameClaim: "tableau.username",
      mayMintCredentials: false,
    });
  });

  test("are found by type and by id, and change one at a time", async () => {
    const project = await easel.newProject();
    expect(await (await project.manage(`/integrations/${project.integrationId}`)).json()).toEqual(await read(project));
    let expected = await read(project);
    for (const settings of [
      { permissions: ["tableau:workbooks:download", "tableau:*:read", "tableau:*:*"] },
      { permissions: [] },
      { usernameClaim: "https://acme.example/tableau_user" },
      { mayMintCredentials: true },
      { description: "Dashboards for Acme" },
      { methods: ["pat"] },
      { methods: null },
      { isActive: false },
      { isActive: true },
      {},
    ]) {
      const response = await change(project, settings);
      expect([settings, response.status]).toEqual([settings, 200]);
      expected = { ...expected, ...settings };
      expect(await response.json()).toEqual(expected);
    }
  });

  test.each([
    ["a scope of another product", { permissions: ["slack:channels:read"] }],
    ["a scope of two parts", { permissions: ["tableau:content"] }],
    ["a star inside a word", { permissions: ["tableau:con*:read"] }],
    ["a method that Tableau does not have", { methods: ["sms"] }],
    ["a blank user-name claim", { usernameClaim: " " }],
    ["a server that is no address", { serverUrl: "not an address" }],
    ["a server that is a file", { serverUrl: "file:///etc/passwd" }],
    ["a description of 501 characters", { description: "x".repeat(501) }],
  ])("refuse %s", async (_what, settings) => {
    const response = await change(easel.project, settings);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.json()).toMatchObject({ code: expect.any(String), action: expect.stringMatching(/\.$/) });
  });

  test("fix the server and site that people connect to, read from an address as people paste it", async () => {
    const project = await easel.newProject();
    const response = await change(project, { serverUrl: "https://10ax.online.tableau.com/#/site/acme/home" });
    expect(await response.json()).toMatchObject({ serverUrl: "https://10ax.online.tableau.com", site: "acme" });
    const elsewhere = await project.call("ana", "/sdk/credentials", {
      method: "POST",
      json: {
        integrationId: "tableau",
        payload: { method: "pat", serverUrl: easel.sandbox.url, tokenName: "a", tokenSecret: "b" },
      },
    });
    expect(elsewhere.status).toBe(422);
    expect(await elsewhere.json()).toMatchObject({ code: "server_fixed" });
    expect(await (await change(project, { serverUrl: null })).json()).toMatchObject({ serverUrl: null, site: null });
  });

  test("switched off, the integration refuses connecting and calling, in words, and comes back as it was", async () => {
    const project = await easel.newProject();
    await project.connect("ana");
    await change(project, { isActive: false });
    for (const response of [
      await project.call("ana", "/sdk/proxy/tableau/projects"),
      await project.call("ana", "/sdk/credentials", {
        method: "POST",
        json: { integrationId: "tableau", payload: {} },
      }),
    ]) {
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: "integration_inactive" });
    }
    expect(await (await project.call("ana", "/sdk/integrations")).json()).toEqual([]);
    await change(project, { isActive: true });
    expect((await project.call("ana", "/sdk/proxy/tableau/projects")).status).toBe(200);
  });
});

describe("The keys of a connected app", () => {
  test("blank, the development keys are used; with keys of its own, they are not", async () => {
    const project = await easel.newProject();
    expect(await read(project)).toMatchObject({
      clientId: "",
      clientSecret: "",
      hasClientSecretValue: false,
      usesDevelopmentKeys: true,
    });
    expect((await change(project, KEYS)).status).toBe(200);
    expect(await read(project)).toMatchObject({
      clientId: KEYS.clientId,
      clientSecret: KEYS.clientSecret,
      hasClientSecretValue: true,
      clientSecretSetAt: expect.stringMatching(/Z$/),
      usesDevelopmentKeys: false,
      serverUrl: KEYS.serverUrl,
      site: KEYS.site,
    });
    expect((await change(project, { clientId: "", clientSecret: "" })).status).toBe(200);
    expect(await read(project)).toMatchObject({ clientId: "", hasClientSecretValue: false, usesDevelopmentKeys: true });
  });

  test("blank where the instance has no development keys: a clear refusal, and connecting says what is missing", async () => {
    const bare = await startTestEasel({ developmentKeys: "none", sandbox: easel.sandbox });
    const refused = await change(bare.project, { clientId: "", clientSecret: "" });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "trust_development_keys" });
    expect(await read(bare.project)).toMatchObject({ usesDevelopmentKeys: false, hasClientSecretValue: false });
    const connecting = await bare.project.call("ana", "/sdk/credentials", {
      method: "POST",
      json: { integrationId: "tableau", payload: { method: "connectedApp" } },
    });
    expect(connecting.status).toBe(422);
    await bare.close();
  });

  test("the secret value never comes back, on no route, and lies sealed in the database", async () => {
    const project = await easel.newProject();
    const saved = await change(project, KEYS);
    const routes = ["", "/integrations", "/integrations/tableau", "/usage", "/signing-keys", "/api-keys"];
    const answers = [
      await saved.text(),
      ...(await Promise.all(routes.map(async (path) => (await project.manage(path)).text()))),
    ];
    for (const path of ["/sdk/me", "/sdk/integrations", "/sdk/portal"])
      answers.push(await (await project.call("ana", path)).text());
    for (const answer of answers) expect(answer).not.toContain(KEYS.clientSecretValue);
    for (const answer of answers.slice(-3)) expect(answer).not.toContain(KEYS.clientSecret);
    const database = openDatabase(easel.database.url, () => {});
    const { rows } = await sql<{ row: string }>`select to_jsonb(trusts)::text as row from trusts`.execute(database.db);
    await database.close();
    const hex = Buffer.from(KEYS.clientSecretValue).toString("hex");
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toContain(KEYS.clientSecretValue);
      expect(row).not.toContain(hex);
    }
  });

  test("stay when other settings change, also with the value left blank", async () => {
    const project = await easel.newProject();
    await change(project, KEYS);
    const before = await read(project);
    for (const settings of [
      { description: "more" },
      { clientId: KEYS.clientId, clientSecret: KEYS.clientSecret, clientSecretValue: "" },
      { clientId: ` ${KEYS.clientId} `, serverUrl: KEYS.serverUrl, site: KEYS.site },
    ]) {
      expect((await change(project, settings)).status).toBe(200);
    }
    expect(await read(project)).toEqual({ ...before, description: "more" });
  });

  const { site: _site, ...withoutSite } = KEYS;
  const { serverUrl: _serverUrl, ...withoutServer } = KEYS;
  const { clientSecretValue: _value, ...withoutValue } = KEYS;
  test.each([
    ["without a site", withoutSite, "site"],
    ["without a server", withoutServer, "serverUrl"],
    ["without a secret value", withoutValue, "clientSecretValue"],
    ["with a client ID alone", { clientId: "x" }, "clientSecret"],
    ["with a secret alone", { clientSecret: "x" }, "clientId"],
  ])("new keys %s are refused, and nothing is kept", async (_what, settings, missing) => {
    const project = await easel.newProject();
    const response = await change(project, settings);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining(missing) });
    expect(await read(project)).toMatchObject({ clientId: "", hasClientSecretValue: false, serverUrl: null });
  });

  test.each([
    ["another server", { serverUrl: "https://evil.example" }],
    ["another site", { site: "other" }],
    ["no server", { serverUrl: null }],
    ["another client ID", { clientId: "another" }],
    ["another secret id", { clientSecret: "another" }],
  ])("the stored value does not follow the keys to %s", async (_what, settings) => {
    const project = await easel.newProject();
    await change(project, KEYS);
    const before = await read(project);
    const response = await change(project, settings);
    expect(response.status).toBe(400);
    expect(await read(project)).toEqual(before);
    if (!Object.values(settings).includes(null as never)) {
      expect((await change(project, { ...settings, clientSecretValue: "a new one" })).status).toBe(200);
    }
  });
});
