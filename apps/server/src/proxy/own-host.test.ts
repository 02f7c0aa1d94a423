import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

/**
 * A session is shown to the server that gave it, and to no other: not to one that egress allows as well, whatever a
 * caller writes and whatever its own server answers.
 */
let easel: TestEasel;
let own: FakeTableau;
let elsewhere: FakeTableau;
let token: string;
let credentialId: string;
beforeAll(async () => {
  own = await startFakeTableau();
  elsewhere = await startFakeTableau();
  easel = await startTestEasel({
    egressAllow: [own.host, elsewhere.host, elsewhere.host.replace("127.0.0.1", "localhost")],
  });
  const payload = { serverUrl: own.url, site: "acme", method: "pat", tokenName: "easel", tokenSecret: "the-secret" };
  credentialId = (await easel.project.connect("ana", payload)).id;
  token = await easel.project.token("ana");
});
beforeEach(() => own.answer((_request, response) => json(response, 200, { projects: {} })));
afterAll(async () => {
  await easel.close();
  await own.close();
  await elsewhere.close();
});

/** One request as it stands, byte for byte; the status of its answer. */
async function raw(target: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port, host } = new URL(easel.origin);
  const socket = connectTcp(Number(port), hostname);
  await once(socket, "connect");
  const lines = Object.entries({ host, authorization: `Bearer ${token}`, connection: "close", ...headers });
  socket.write(`GET ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]);
}

test("whatever path a caller writes, and through whichever door", async () => {
  const { host, url, port } = { host: elsewhere.host, url: elsewhere.url, port: new URL(elsewhere.url).port };
  const paths = [
    `/${url}/api/3.27/sites`,
    `/${url.toUpperCase()}/api/3.27/sites`,
    `/${encodeURIComponent(url)}/api/3.27/sites`,
    `//${host}/api/3.27/sites`,
    `/\\\\${host}/api/3.27/sites`,
    `/%2F%2F${host}/api/3.27/sites`,
    `/http:/${host}/api/3.27/sites`,
    `/http:${host}/api/3.27/sites`,
    `/${own.url}@${host}/api/3.27/sites`,
    `/http://${own.host}:x@${host}/api/3.27/sites`,
    `/${own.url}%40${host}/api/3.27/sites`,
    `/${own.url}\\@${host}/api/3.27/sites`,
    `/http://127.0.0.1:${port}#${own.url}/api/3.27/sites`,
    `/${own.url.replace(/\d+$/, port)}/api/3.27/sites`,
    `/@${host}/api/3.27/sites`,
    `/:${port}/api/3.27/sites`,
    `/.${host}/api/3.27/sites`,
    `/api/3.27/../../../${host}/sites`,
    `/projects?url=${url}`,
    `/projects#${url}`,
  ];
  for (const base of [
    `/projects/${easel.project.id}/sdk/proxy/tableau`,
    `/projects/${easel.project.id}/tableau/${credentialId}`,
  ]) {
    for (const path of paths) expect([base + path, await raw(base + path)]).not.toEqual([base + path, 500]);
    for (const path of paths) await raw(base, { "x-paragon-proxy-url": path.slice(1) });
    for (const name of ["x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url", "x-host"])
      expect(await raw(`${base}/projects`, { [name]: name === "forwarded" ? `host=${host}` : host })).toBeLessThan(500);
  }
  // Absolute form, which asks a proxy to call another (RFC 9112, 3.2.2); and a Host that is not Easel's.
  await raw(`${url}/projects/${easel.project.id}/sdk/proxy/tableau/projects`);
  expect(await raw(`/projects/${easel.project.id}/sdk/proxy/tableau/projects`, { host: "tableau.example" })).toBe(421);
  expect(elsewhere.received).toEqual([]);
});

test.each([301, 302, 303, 307, 308])("though its own server answers %d to another", async (status) => {
  own.answer((_request, response) => response.writeHead(status, { location: `${elsewhere.url}/api/3.27/sites` }).end());
  for (const method of ["GET", "POST"]) {
    const body = method === "POST" ? "<tsRequest/>" : null;
    const answer = await easel.project.call("ana", "/sdk/proxy/tableau/projects", { method, body, redirect: "manual" });
    // The caller learns where it was sent, and goes there without a session of Easel's.
    expect(answer.status).toBe(status);
    await answer.arrayBuffer();
  }
  expect(elsewhere.received).toEqual([]);
});

test("though its own server says that it is another one", async () => {
  own.answer((_request, response) => {
    response.setHeader("content-location", `${elsewhere.url}/`);
    response.setHeader("alt-svc", `h2="${elsewhere.host}"`);
    response.setHeader("refresh", `0; url=${elsewhere.url}`);
    json(response, 200, { projects: {} });
  });
  for (let count = 0; count < 3; count += 1)
    await (await easel.project.call("ana", "/sdk/proxy/tableau/projects")).text();
  expect(elsewhere.received).toEqual([]);
});

test("and its secret is not sent on where the sign-in is redirected", async () => {
  const redirecting = await startFakeTableau({
    signIn: (_request, response) =>
      response.writeHead(307, { location: `${elsewhere.url}/api/3.27/auth/signin` }).end(),
  });
  const other = await startTestEasel({ egressAllow: [redirecting.host, elsewhere.host], sandbox: easel.sandbox });
  const payload = {
    serverUrl: redirecting.url,
    site: "",
    method: "pat",
    tokenName: "easel",
    tokenSecret: "the-secret",
  };
  await expect(other.project.connect("ana", payload)).rejects.toThrow("connect: ");
  expect(elsewhere.received).toEqual([]);
  await other.close();
  await redirecting.close();
});

test("the own server saw the session all the while, so that its absence elsewhere says something", () => {
  expect(own.received.filter(({ headers }) => headers["x-tableau-auth"] !== undefined).length).toBeGreaterThan(5);
});
