import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { payloads, setOwnTrust } from "../testing/sign-in-methods.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

/** A project's keys sign in as anyone on their site, so they must reach no other server, whatever a person types. */

let easel: TestEasel;
let hostile: FakeTableau;
beforeAll(async () => {
  hostile = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [hostile.host, hostile.host.replace("127.0.0.1", "localhost")] });
});
afterAll(async () => {
  await easel.close();
  await hostile.close();
});

/** Sign-ins that came to the hostile server, and anything that looks like a JWT anywhere else. */
function stolen(): readonly unknown[] {
  return hostile.received.filter(
    ({ url, body, headers }) =>
      /"jwt"|eyJ[\w-]+\.eyJ/.test(body ?? "") || /eyJ[\w-]+\.eyJ/.test(url + JSON.stringify(headers)),
  );
}

async function connect(project: TestProject, payload: object): Promise<{ status: number; code: string }> {
  const response = await project.call("ana", "/sdk/credentials", {
    method: "POST",
    json: { integrationId: project.integrationId, payload },
  });
  const { code = "" } = (await response.json()) as { code?: string };
  return { status: response.status, code };
}

describe.each(["own", "development"] as const)("%s keys", (kind) => {
  let project: TestProject;
  beforeEach(async () => {
    project = await easel.newProject();
    if (kind === "own") await setOwnTrust(project, easel.sandbox);
  });

  const addresses = (): string[] => {
    const { url, host } = hostile;
    const own = new URL(easel.sandbox.url).host;
    return [
      url,
      `${url}/`,
      `${url}/#/site/acme/home`,
      `${url}/t/acme/views/Sales/Overview`,
      host,
      url.replace("http", "HTTP"),
      url.replace("127.0.0.1", "localhost"),
      url.replace("127.0.0.1", "127.1"),
      url.replace("127.0.0.1", "2130706433"),
      `http://${own}@${host}`,
      `http://${own}:x@${host}/`,
      `http://${host}\\@${own}/`,
      `http://${own}#@${host}/`,
      `http://${host}#@${own}/`,
      `http://${host}?@${own}/`,
      `${url}/${own}/#/site/acme`,
      ` ${url} `,
      `http:${host}`,
      `//${host}/`,
    ];
  };

  test.each([true, false])("go to no address that a person types (method said: %s)", async (isSaid) => {
    for (const serverUrl of addresses()) {
      const answer = await connect(project, {
        ...(isSaid ? { method: "connectedApp" } : {}),
        serverUrl,
        site: easel.sandbox.keys.site.contentUrl,
      });
      // An address may also read as Easel's own: then the sign-in goes there.
      if (answer.status !== 201) expect([serverUrl, answer.status]).toEqual([serverUrl, 422]);
    }
    expect(stolen()).toEqual([]);
  });

  test("go to no other site of their server", async () => {
    const serverUrl = easel.sandbox.url;
    for (const target of [
      { serverUrl, site: "other" },
      { site: "other" },
      { serverUrl: `${serverUrl}/#/site/other/home` },
      { serverUrl: `${serverUrl}/#/site/other/home`, site: "" },
    ]) {
      expect(await connect(project, { method: "connectedApp", ...target })).toEqual({
        status: 422,
        code: "trust_other_server",
      });
    }
  });

  test("are not used by reconnecting what was connected elsewhere", async () => {
    // Before the keys were filled in, which fix the server of the whole project.
    const blank = { clientId: "", clientSecret: "", serverUrl: null, site: null };
    await project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json: blank });
    const typed = { method: "pat", tokenName: "mine", tokenSecret: "mine", site: "acme" };
    const { id } = await project.connect("ana", { ...typed, serverUrl: hostile.url });
    if (kind === "own") await setOwnTrust(project, easel.sandbox);
    const answer = await connect(project, { method: "connectedApp", credentialId: id, serverUrl: hostile.url });
    expect(answer).toEqual({ status: 422, code: "trust_other_server" });
    // Without an address it becomes a credential of the trust's own server.
    expect(await connect(project, { method: "connectedApp", credentialId: id })).toMatchObject({ status: 201 });
    const call = await project.call("ana", "/sdk/proxy/tableau/projects");
    expect(call.status).toBe(200);
    expect(stolen()).toEqual([]);
  });

  test("are not used for a call that names another server", async () => {
    await connect(project, { method: "connectedApp" });
    for (const path of [
      `/${hostile.url}/api/3.27/x`,
      `//${hostile.host}/api/3.27/x`,
      `/%2f%2f${hostile.host}/api/3.27/x`,
    ])
      expect((await project.call("ana", `/sdk/proxy/tableau${path}`)).status).toBe(400);
    const asHeader = await project.call("ana", "/sdk/proxy/tableau/", {
      headers: { "x-paragon-proxy-url": `${hostile.url}/api/3.27/sites` },
    });
    expect(asHeader.status).toBe(400);
    expect(stolen()).toEqual([]);
    expect(hostile.received.filter(({ headers }) => headers["x-tableau-auth"]?.includes("|"))).toEqual([]);
  });
});

describe("settings", () => {
  const settings = (project: TestProject, json: object): Promise<Response> =>
    project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json });

  test("move keys to another server only together with their secret value", async () => {
    const project = await easel.newProject();
    await setOwnTrust(project, easel.sandbox);
    await connect(project, { method: "connectedApp" });
    for (const json of [
      { serverUrl: hostile.url },
      { serverUrl: `${hostile.url}/#/site/acme` },
      { serverUrl: hostile.url, site: "acme", clientId: easel.sandbox.keys.connectedApp.clientId },
      { serverUrl: hostile.url, site: "acme", clientSecretValue: "" },
      { site: "other" },
      { serverUrl: null },
      { clientId: "another" },
    ])
      expect([json, (await settings(project, json)).status]).toEqual([json, 400]);
    expect((await project.call("ana", "/sdk/proxy/tableau/projects")).status).toBe(200);
    expect(stolen()).toEqual([]);
  });

  test("that move keys with a new value leave the old value and the old credentials behind", async () => {
    const project = await easel.newProject();
    await setOwnTrust(project, easel.sandbox);
    await connect(project, { method: "connectedApp" });
    expect(
      (await settings(project, { serverUrl: hostile.url, site: "acme", clientSecretValue: "of-the-other" })).status,
    ).toBe(200);
    const call = await project.call("ana", "/sdk/proxy/tableau/projects");
    expect(await call.json()).toMatchObject({ code: "trust_other_server" });
    expect(stolen()).toEqual([]);
  });
});

describe("a server that sends a sign-in on", () => {
  test.each([301, 302, 307, 308])("with %i does not get the JWT there", async (status) => {
    const asked: string[] = [];
    const own = await startFakeTableau({
      signIn: (request, response) => {
        asked.push(request.url ?? "");
        response.writeHead(status, { location: `${hostile.url}/api/3.27/auth/signin` }).end();
      },
    });
    const other = await startTestEasel({ sandbox: easel.sandbox, egressAllow: [own.host, hostile.host] });
    try {
      await setOwnTrust(other.project, { ...easel.sandbox, url: own.url });
      expect(await connect(other.project, { method: "connectedApp" })).toMatchObject({
        status: 422,
        code: "tableau_server_moved",
      });
      expect(asked).toHaveLength(1);
      expect(stolen()).toEqual([]);
    } finally {
      await other.close();
      await own.close();
    }
  });
});

test("a token's secret goes to the server that it was typed for, and to no other", async () => {
  const project = await easel.newProject();
  const { pat } = payloads(easel.sandbox);
  await project.connect("ana", { ...pat });
  const call = await project.call("ana", `/sdk/proxy/tableau/${hostile.url}/api/3.27/sites`);
  expect(call.status).toBe(400);
  const { secret } = easel.sandbox.keys.pat;
  expect(hostile.received.filter(({ body }) => body?.includes(secret))).toEqual([]);
});
