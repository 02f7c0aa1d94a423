import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let cloud: TestSandbox;
let server: TestSandbox;
let onCloud: SignedIn;
let onServer: SignedIn;
beforeEach(async () => {
  [cloud, server] = await Promise.all([openTestSandbox(), openTestSandbox({ edition: "server" })]);
  [onCloud, onServer] = await Promise.all([cloud.administrator(), server.administrator()]);
});
afterEach(async () => {
  await Promise.all([cloud.close(), server.close()]);
});

const site = (attributes: string) => `<tsRequest><site ${attributes}/></tsRequest>`;

describe("a site", () => {
  test("is read by id, name or content URL, with its usage when that is asked for", async () => {
    for (const path of [
      `/sites/${onCloud.site.id}`,
      "/sites/acme?key=contentUrl",
      "/sites/Acme%20Analytics?key=name",
    ]) {
      expect(await objectOf(await onCloud.call(path), "site")).toMatchObject({
        id: onCloud.site.id,
        name: "Acme Analytics",
        contentUrl: "acme",
        adminMode: "ContentAndUsers",
        state: "Active",
        disableSubscriptions: false,
      });
    }
    expect(await objectOf(await onCloud.onSite(""), "site")).not.toHaveProperty("usage");
    const { usage } = await objectOf(await onCloud.onSite("?includeUsageStatistics=true"), "site");
    expect(usage).toEqual({
      numCreators: expect.stringMatching(/^\d+$/),
      numExplorers: expect.stringMatching(/^\d+$/),
      numUsers: expect.stringMatching(/^\d{3,}$/),
      numViewers: expect.stringMatching(/^\d+$/),
      storage: expect.stringMatching(/^\d+$/),
    });
  });

  test("that is not the session's is forbidden, and one that is not there is not found", async () => {
    expect(await errorOf(await onCloud.call("/sites/acme-labs?key=contentUrl"))).toMatchObject({ code: "403004" });
    expect(await errorOf(await onCloud.call("/sites/nothing?key=name"))).toMatchObject({ code: "404000" });
  });

  test("is changed by who administers it, in what is sent only", async () => {
    const body = site('name="Acme Insights" runNowEnabled="false" revisionLimit="13" state="active" unknown="x"');
    const changed = await objectOf(await onCloud.onSite("", { method: "PUT", body }), "site");
    expect(changed).toMatchObject({
      name: "Acme Insights",
      contentUrl: "acme",
      runNowEnabled: false,
      revisionLimit: "13",
    });
    expect(await objectOf(await onCloud.onSite(""), "site")).toEqual(changed);
    const headers = { "content-type": "application/json" };
    const json = JSON.stringify({ site: { runNowEnabled: true, timeZone: "Europe/Berlin" } });
    const again = await onCloud.onSite("", { method: "PUT", body: json, headers });
    expect(await objectOf(again, "site")).toEqual({ ...changed, runNowEnabled: true, timeZone: "Europe/Berlin" });
    const explorer = await cloud.explorer();
    expect(await errorOf(await explorer.onSite("", { method: "PUT", body }))).toMatchObject({ code: "403004" });
  });

  test.each([
    ['runNowEnabled="perhaps"', "400003"],
    ['revisionLimit="many"', "400003"],
    ['adminMode="Nobody"', "400013"],
    ['adminMode="ContentOnly" userQuota="5"', "400003"],
    ['name=" "', "400003"],
    ['contentUrl="with space"', "400003"],
    ['name="acme labs"', "409001"],
    ['contentUrl="ACME-LABS"', "409002"],
  ])("can't have %s", async (attributes, code) => {
    const answer = await onCloud.onSite("", { method: "PUT", body: site(attributes) });
    expect(await errorOf(answer)).toMatchObject({ code });
  });

  test("that is suspended lets nobody sign in any more", async () => {
    await onCloud.onSite("", { method: "PUT", body: site('state="Suspended"') });
    expect((await cloud.signIn({ name: cloud.keys.user.name, password: cloud.keys.user.password })).status).toBe(401);
  });
});

describe("sites of Tableau Server", () => {
  test("are made, listed, switched to, and deleted with their sessions", async () => {
    const body = site('name="Tableau" contentUrl="tableau" adminMode="ContentOnly" disableSubscriptions="true"');
    const answer = await onServer.call("/sites", { method: "POST", body });
    const made = await objectOf(answer, "site");
    expect([answer.status, answer.headers.get("location")]).toEqual([
      201,
      expect.stringContaining(`/sites/${made.id}`),
    ]);
    expect(made).toMatchObject({
      name: "Tableau",
      contentUrl: "tableau",
      adminMode: "ContentOnly",
      disableSubscriptions: true,
    });
    const names = async (session: SignedIn) =>
      (await pageOf(await session.call("/sites"), "sites", "site")).items.map(({ name }) => name);
    expect(await names(onServer)).toContain("Tableau");
    expect(await errorOf(await onServer.call("/sites", { method: "POST", body }))).toMatchObject({ code: "409001" });

    const { name, password } = server.keys.user;
    const inside = await server.as({ name, password, site: { contentUrl: "tableau" } });
    expect((await pageOf(await inside.onSite("/projects"), "projects", "project")).items).toMatchObject([
      { name: "Default" },
    ]);
    expect((await pageOf(await inside.onSite("/users"), "users", "user")).items).toHaveLength(1);
    expect((await inside.onSite("", { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await inside.onSite("/projects"))).toMatchObject({ code: "401002" });
    expect(await names(onServer)).not.toContain("Tableau");
  });

  test("are for who administers the server; the default one stays; on Cloud there is no such way", async () => {
    const explorer = await server.explorer();
    const body = site('name="A" contentUrl="a"');
    expect(await errorOf(await explorer.call("/sites", { method: "POST", body }))).toMatchObject({ code: "403004" });
    expect(await errorOf(await onCloud.call("/sites", { method: "POST", body }))).toMatchObject({ code: "405000" });
    expect(await errorOf(await onCloud.onSite("", { method: "DELETE" }))).toMatchObject({ code: "405000" });
    const { name, password } = server.keys.user;
    const byDefault = await server.as({ name, password, site: { contentUrl: "" } });
    expect(await errorOf(await byDefault.onSite("", { method: "DELETE" }))).toMatchObject({ code: "403002" });
  });

  test("have their extracts encrypted, decrypted and encrypted anew by jobs", async () => {
    for (const path of ["/encrypt-extracts", "/decrypt-extracts", "/reencrypt-extracts"]) {
      const answer = await onServer.onSite(path, { method: "POST" });
      expect(answer.status).toBe(202);
      const job = await objectOf(answer, "job");
      expect(await objectOf(await onServer.onSite(`/jobs/${job.id}`), "job")).toMatchObject({ mode: "Asynchronous" });
      expect(await errorOf(await onCloud.onSite(path, { method: "POST" }))).toMatchObject({ code: "404003" });
    }
  });
});

describe("a site's settings", () => {
  test("for embedding are read and changed, in XML as in the reference", async () => {
    const read = async () => objectOf(await onCloud.onSite("/settings/embedding"), "site");
    expect(await read()).toEqual({ settings: [{ unrestrictedEmbedding: true, allowList: "" }] });
    const body =
      '<tsRequest><site><settings unrestrictedEmbedding="false" allowList="mydomain.com"/></site></tsRequest>';
    const changed = await onCloud.onSite("/settings/embedding", { method: "PUT", body, headers: { accept: "*/*" } });
    expect(await changed.text()).toContain(
      '<site><settings unrestrictedEmbedding="false" allowList="mydomain.com"/></site>',
    );
    expect(await read()).toEqual({ settings: [{ unrestrictedEmbedding: false, allowList: "mydomain.com" }] });
  });

  test("for MCP are an array, also an empty one", async () => {
    const read = async () => objectOf(await onCloud.onSite("/settings/mcp"), "mcpSiteSettings");
    expect(await read()).toEqual({ settings: [] });
    const settings = [{ key: "MAX_RESULT_LIMIT", value: "100" }];
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ mcpSiteSettings: { settings } });
    await onCloud.onSite("/settings/mcp", { method: "PUT", body, headers });
    expect(await read()).toEqual({ settings });
  });

  test("for OpenID Connect are made, listed, changed and switched off, and the secret is never shown", async () => {
    const required =
      'clientId="c" clientSecret="s3cret" authorizationEndpoint="https://idp.example/a" tokenEndpoint="https://idp.example/t" userInfoEndpoint="https://idp.example/u" jwksUri="https://idp.example/k"';
    const put = (path: string, attributes: string) =>
      onCloud.onSite(path, { method: "PUT", body: `<tsRequest><siteOIDCConfiguration ${attributes}/></tsRequest>` });
    const made = await objectOf(
      await put("/site-oidc-configuration", `name="Google" enabled="true" ${required}`),
      "siteOIDCConfiguration",
    );
    expect(made).toMatchObject({
      idpConfigurationName: "Google",
      clientSecret: "omit",
      userinfoEndpoint: "https://idp.example/u",
    });
    const id = made.idpConfigurationId;
    expect(await objectOf(await onCloud.onSite("/site-auth-configurations"), "siteAuthConfigurations")).toEqual({
      siteAuthConfiguration: [
        { authSetting: "OpenID", enabled: true, idpConfigurationId: id, idpConfigurationName: "Google" },
      ],
    });
    const changed = await objectOf(
      await put(`/site-oidc-configuration/${id}`, `enabled="false" prompt="login" ${required}`),
      "siteOIDCConfiguration",
    );
    expect(changed).toMatchObject({ idpConfigurationName: "Google", enabled: false, prompt: "login" });
    expect(await errorOf(await put("/site-oidc-configuration", 'name="A"'))).toMatchObject({ code: "400003" });
    const off = await onCloud.onSite(`/disable-site-oidc-configuration?idpConfigurationId=${id}`, { method: "PUT" });
    expect(off.status).toBe(204);
    expect(await errorOf(await onCloud.onSite(`/site-oidc-configuration/${id}`))).toMatchObject({ code: "404040" });
  });
});

test("what somebody viewed recently comes newest first", async () => {
  const { items } = await pageOf(await onCloud.onSite("/views?pageSize=2"), "views", "view");
  const recent = async () => objectOf(await onCloud.onSite("/content/recent"), "recents");
  expect(await recent()).toEqual({});
  for (const { id } of items) await onCloud.onSite(`/views/${id}/data`);
  expect(await recent()).toMatchObject({ recent: items.toReversed().map(({ id, name }) => ({ view: { id, name } })) });
});
