import { problemsOf, whyUnchecked } from "@easel/sandbox/testing/schema";
import { newestApiVersion } from "@easel/tableau/probe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { openClient, type TestClient } from "./clients.fixture.ts";

/** An old server beside the sandbox's newer one. */
let easel: TestEasel;
let fake: FakeTableau;
let old: TestClient;
beforeAll(async () => {
  fake = await startFakeTableau();
  fake.speak("3.19");
  easel = await startTestEasel({ egressAllow: [fake.host] });
});
afterAll(async () => {
  await easel.close();
  await fake.close();
});

async function restApiVersion(server: string, path = "/api/2.4/serverinfo", token?: string): Promise<string> {
  const headers = { accept: "application/json", ...(token === undefined ? {} : { "x-tableau-auth": token }) };
  const response = await fetch(server + path, { headers });
  expect(response.status).toBe(200);
  return ((await response.json()) as { serverInfo: { restApiVersion: string } }).serverInfo.restApiVersion;
}

test("before anybody connected, the root says the newest version that Easel knows", async () => {
  expect(await restApiVersion(easel.origin)).toBe(newestApiVersion);
});

test("with one server that is known, the root speaks for it, without a sign-in, in any letter case", async () => {
  const payload = { serverUrl: fake.url, site: "fake", method: "pat", tokenName: "t", tokenSecret: "s" };
  old = await openClient(easel, easel.project, { payload });
  for (const path of ["/api/2.4/serverInfo", "/api/3.24/serverinfo", "/api/9.9/SERVERINFO/", "/api/exp/serverinfo"])
    expect([path, await restApiVersion(easel.origin, path)]).toEqual([path, "3.19"]);
});

test("a credential's address says its own server's, and so does a session anywhere", async () => {
  const newer = await openClient(easel, await easel.newProject());
  expect(await restApiVersion(old.prefix)).toBe("3.19");
  expect(await restApiVersion(newer.prefix)).toBe("3.27");
  expect(await restApiVersion(easel.origin)).toBe(newestApiVersion);
  expect(await restApiVersion(easel.origin, "/api/2.4/serverinfo", (await newer.signIn()).token)).toBe("3.27");
  const xml = await (await fetch(`${newer.prefix}/api/2.4/serverinfo`)).text();
  expect(xml).toContain('<productVersion build="20253.25.1104.1204">2025.3.0</productVersion>');
  if (whyUnchecked === undefined) expect(await problemsOf([{ name: "serverinfo", xml }])).toEqual([]);
  const head = await fetch(`${newer.prefix}/api/2.4/serverinfo`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("a place that nobody has is answered as the root is, and says nothing", async () => {
  const nowhere = [
    `/projects/${easel.project.id}/tableau/00000000-0000-4000-8000-000000000000`,
    `/projects/00000000-0000-4000-8000-000000000000/tableau/${old.credentialId}`,
    `/projects/x/tableau/ext:y`,
  ];
  for (const place of nowhere)
    expect([place, await restApiVersion(easel.origin + place)]).toEqual([place, newestApiVersion]);
});

test("who believes a version that the credential's server does not speak is called at the one that it does", async () => {
  fake.answer((_request, response) => json(response, 200, { projects: {} }));
  const { token, site } = await old.signIn();
  for (const version of [newestApiVersion, "3.19", "3.4"]) {
    const response = await fetch(`${easel.origin}/api/${version}/sites/${site.id}/projects`, {
      headers: { "x-tableau-auth": token, accept: "application/json" },
    });
    expect([version, response.status]).toEqual([version, 200]);
  }
  const asked = fake.received.filter(({ url }) => url.endsWith("/projects")).map(({ url }) => url.split("/")[2]);
  expect(asked).toEqual(["3.19", "3.19", "3.4"]);
});

test("a project that fixes its API version gives it to its clients", async () => {
  const project = await easel.newProject();
  const fixed = await openClient(easel, project);
  await project.manage(`/integrations/${project.integrationId}`, { method: "PATCH", json: { apiVersion: "3.21" } });
  expect(await restApiVersion(fixed.prefix, "/api/2.4/serverinfo", (await fixed.signIn()).token)).toBe("3.21");
});

test("a server that hears from clients hears the question now and then only", async () => {
  const before = fake.received.length;
  await Promise.all(Array.from({ length: 50 }, () => restApiVersion(old.prefix)));
  expect(fake.received.length - before).toBeLessThanOrEqual(1);
});

test("a server that does not answer, or with nonsense, is spoken for by what it said when somebody connected", async () => {
  let nonsense: string | null = null;
  const odd = await startFakeTableau({
    serverInfo: (_request, response) => {
      if (nonsense === null) return false;
      response.writeHead(200, { "content-type": "application/json" }).end(nonsense);
      return true;
    },
  });
  const other = await startTestEasel({ egressAllow: [odd.host] });
  const payload = { serverUrl: odd.url, site: "fake", method: "pat", tokenName: "t", tokenSecret: "s" };
  const client = await openClient(other, other.project, { payload });
  nonsense = JSON.stringify({ serverInfo: { productVersion: { value: "x".repeat(10_000) }, restApiVersion: "<b>" } });
  expect(await restApiVersion(client.prefix)).toBe("3.27");
  await odd.close();
  expect(await restApiVersion(client.prefix)).toBe("3.27");
  await other.close();
});
