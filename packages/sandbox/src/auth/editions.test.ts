import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { errorOf, objectOf, openTestSandbox, pageOf, pat, type TestSandbox } from "../testing/client.ts";

let cloud: TestSandbox;
let server: TestSandbox;
beforeAll(async () => {
  [cloud, server] = await Promise.all([openTestSandbox(), openTestSandbox({ edition: "server" })]);
});
afterAll(async () => {
  await Promise.all([cloud.close(), server.close()]);
});

const hour = 3_600_000;
const onDefault = { site: { contentUrl: "" } };

describe("on Tableau Server", () => {
  test("there is a default site without a content URL, and Ana administers the server", async () => {
    const session = await server.as({ ...pat(server, 0), ...onDefault });
    expect(session.site.contentUrl).toBe("");
    const current = await objectOf(await session.call("/sessions/current"), "session");
    expect(current).toMatchObject({ site: { name: "Default" }, user: { siteRole: "ServerAdministrator" } });
    const [role] = server.keys.users.map((user) => user.role);
    expect(role).toBe("ServerAdministrator");
  });

  test("a session lasts four idle hours, on Cloud two", async () => {
    for (const [sandbox, hours] of [
      [cloud, 2],
      [server, 4],
    ] as const) {
      const session = await sandbox.viewer();
      sandbox.advance(hours * hour - 60_000);
      expect((await session.onSite("/projects")).status).toBe(200);
      sandbox.advance(hours * hour);
      expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    }
  });

  test("a session can be moved to another site: a new token comes, the old one dies; on Cloud there is no such way", async () => {
    const switching = (contentUrl: string) => ({
      method: "POST",
      body: `<tsRequest><site contentUrl="${contentUrl}"/></tsRequest>`,
    });
    const session = await server.explorer();
    const same = await session.call("/auth/switchSite", switching("acme"));
    expect(await errorOf(same)).toMatchObject({ code: "403070" });
    const moved = await objectOf(await session.call("/auth/switchSite", switching("")), "credentials");
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    const headers = { "x-tableau-auth": String(moved.token) };
    const current = await objectOf(await session.call("/sessions/current", { headers }), "session");
    expect(current).toMatchObject({ site: { name: "Default" } });
    const nowhere = await session.call("/auth/switchSite", { ...switching("nowhere"), headers });
    expect(await errorOf(nowhere)).toMatchObject({ code: "401003" });

    const onCloud = await cloud.explorer();
    const refused = await onCloud.call("/auth/switchSite", switching("acme-labs"));
    expect(await errorOf(refused)).toMatchObject({ code: "404003" });
  });

  test("a moved session of a token is still the one that the token has", async () => {
    const session = await server.viewer();
    const body = '<tsRequest><site contentUrl="acme-labs"/></tsRequest>';
    const moved = await objectOf(await session.call("/auth/switchSite", { method: "POST", body }), "credentials");
    await server.viewer();
    const current = await session.call("/sessions/current", { headers: { "x-tableau-auth": String(moved.token) } });
    expect(await errorOf(current)).toMatchObject({ code: "401002" });
  });

  test("who administers the server may sign in as another user; nobody else may, and nobody on Cloud", async () => {
    const victor = await server.viewer();
    const { name, password } = server.keys.user;
    for (const credentials of [pat(server, 0), { name, password }]) {
      const session = await server.as({ ...credentials, user: { id: victor.user.id } });
      expect(session.user.id).toBe(victor.user.id);
      expect(await errorOf(await session.onSite("/users"))).toMatchObject({ code: "403004" });
    }
    const nobody = await server.signIn({ ...pat(server, 0), user: { id: "00000000-0000-0000-0000-000000000000" } });
    expect(await errorOf(nobody)).toMatchObject({ code: "401001" });
    const asExplorer = await server.signIn({ ...pat(server, 1), user: { id: victor.user.id } });
    expect(await errorOf(asExplorer)).toMatchObject({ code: "403004" });
    const onCloud = await cloud.viewer();
    const refused = await cloud.signIn({ ...pat(cloud, 0), user: { id: onCloud.user.id } });
    expect(await errorOf(refused)).toMatchObject({ code: "403004" });
  });

  test("multi-factor authentication refuses passwords on Cloud only", async () => {
    for (const [sandbox, status] of [
      [cloud, 401],
      [server, 200],
    ] as const) {
      await sandbox.order({ mfa: true });
      const { name, password } = sandbox.keys.user;
      expect((await sandbox.signIn({ name, password })).status).toBe(status);
      expect((await sandbox.signIn(pat(sandbox, 0))).status).toBe(200);
      await sandbox.order({ restore: true });
      expect((await sandbox.signIn({ name, password })).status).toBe(200);
    }
  });

  test("sessions of others can be ended by who administers the server", async () => {
    const victor = await server.viewer();
    const elif = await server.explorer();
    const path = `/sessions/${encodeURIComponent(victor.token)}`;
    expect(await errorOf(await elif.call(path, { method: "DELETE" }))).toMatchObject({ code: "403004" });
    const administrator = await server.administrator();
    expect((await administrator.call(path, { method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await victor.onSite("/projects"))).toMatchObject({ code: "401002" });
  });

  test("an error names the product", async () => {
    for (const [sandbox, product] of [
      [cloud, "Tableau Cloud"],
      [server, "Tableau Server"],
    ] as const) {
      const refused = await errorOf(await sandbox.signIn({ name: "nobody", password: "wrong" }));
      expect(refused).toMatchObject({ code: "401001", detail: `Error signing in to ${product}` });
    }
  });

  test("directory domains are listed and changed by who administers the server", async () => {
    const session = await server.administrator();
    const list = await objectOf(await session.call("/domains"), "domainList");
    expect(list).toEqual({ domain: [{ id: "1", name: "local", shortName: "local" }] });
    const body = '<tsRequest><domain name="acme.example" shortName="acme"/></tsRequest>';
    const changed = await objectOf(await session.call("/domains/1", { method: "PUT", body }), "domain");
    expect(changed).toEqual({ id: "1", name: "acme.example", shortName: "acme" });
    expect(await errorOf(await (await server.viewer()).call("/domains"))).toMatchObject({ code: "403004" });
    expect(await errorOf(await (await cloud.administrator()).call("/domains"))).toMatchObject({ code: "404003" });
  });
});

describe("the access tokens of who administers the server", () => {
  test.each([
    ["DELETE", "/auth/serverAdminAccessTokens"],
    ["POST", "/auth/revokeAllServerAdminTokens"],
  ])("are all revoked by %s %s", async (method, path) => {
    const sandbox = await openTestSandbox({ edition: "server" });
    const session = await sandbox.administrator();
    const explorer = await sandbox.explorer();
    expect(await errorOf(await explorer.call(path, { method }))).toMatchObject({ code: "403004" });
    expect((await session.call(path, { method })).status).toBe(204);
    expect(await errorOf(await session.onSite("/projects"))).toMatchObject({ code: "401002" });
    expect(await errorOf(await sandbox.signIn(pat(sandbox, 0)))).toMatchObject({ code: "401001" });
    expect((await sandbox.signIn(pat(sandbox, 1))).status).toBe(200);
    await sandbox.close();
  });
});

test("both editions say which version they are, to anybody, at any version and in any letter case", async () => {
  for (const sandbox of [cloud, server]) {
    for (const path of ["/api/2.4/serverInfo", "/api/3.24/serverinfo/", "/API/3.99/SERVERINFO"]) {
      const answer = await sandbox.call(path, { headers: { accept: "application/json" } });
      const info = z.object({
        productVersion: z.object({ value: z.string(), build: z.string() }),
        restApiVersion: z.string(),
      });
      expect(info.parse(await objectOf(answer, "serverInfo"))).toMatchObject({ restApiVersion: "3.27" });
    }
  }
});

test("sites are listed by who administers the server, page by page", async () => {
  const session = await server.administrator();
  const { pagination, items } = await pageOf(await session.call("/sites?pageSize=2&sort=name:asc"), "sites", "site");
  expect(pagination?.totalAvailable).toBe("3");
  expect(items.map(({ name }) => name)).toEqual(["Acme Analytics", "Acme Labs"]);
  expect(await errorOf(await (await server.explorer()).call("/sites"))).toMatchObject({ code: "403069" });
});
