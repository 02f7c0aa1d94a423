import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cuttable } from "../testing/cut-database.ts";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";
import { newKey } from "../vault/keys.ts";
import type { UsageRow } from "./usage.ts";

let tableau: FakeTableau;
let easel: TestEasel;
let project: TestProject;
let token: string;
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [tableau.host] });
});
beforeEach(async () => {
  tableau.answer((_request, response) => json(response, 200, { projects: {} }));
  project = await easel.newProject();
  const payload = { serverUrl: tableau.url, site: "", method: "pat", tokenName: "easel", tokenSecret: project.id };
  await project.connect("ana", payload);
  token = await project.token("ana");
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

/** The rows of the project's calls, the newest first, once there are so many. */
async function rows(count = 1): Promise<readonly UsageRow[]> {
  return waitFor(async () => {
    const { calls } = (await (await project.manage("/usage")).json()) as { calls: UsageRow[] };
    return calls.length === count && calls;
  });
}

function begin(path = "/projects", options: { method?: string; headers?: Record<string, string> } = {}) {
  return httpRequest(`${easel.origin}/projects/${project.id}/sdk/proxy/tableau${path}`, {
    method: options.method ?? "GET",
    headers: { authorization: `Bearer ${token}`, ...options.headers },
    agent: false,
  }).on("error", () => {});
}

test("a caller that goes away before the answer: 499", async () => {
  const asked = Promise.withResolvers<void>();
  tableau.answer(() => asked.resolve());
  const request = begin();
  request.end();
  await asked.promise;
  request.destroy();
  expect(await rows()).toEqual([expect.objectContaining({ status: 499, attempts: 1, bytesOut: 0 })]);
});

test("a caller that goes away before it is known who it is: 499, and nothing is sent", async () => {
  const database = await cuttable(await createTestDatabase());
  const cold = await startTestEasel({
    egressAllow: [tableau.host],
    sandbox: easel.sandbox,
    database: { url: database.url, keys: newKey() },
  });
  const payload = { serverUrl: tableau.url, site: "", method: "pat", tokenName: "easel", tokenSecret: "cold" };
  await cold.project.connect("ana", payload);
  const authorization = `Bearer ${await cold.project.token("ana")}`;
  await database.cut();
  await waitFor(async () => (await fetch(`${cold.origin}/health/ready`)).status === 503);
  const before = tableau.received.length;
  const arrived = once(cold.easel.app.server, "request");
  const request = httpRequest(`${cold.origin}/projects/${cold.project.id}/sdk/proxy/tableau/projects`, {
    headers: { authorization },
    agent: false,
  }).on("error", () => {});
  request.end();
  const [, response] = await arrived;
  request.destroy();
  await once(response, "close");
  await database.mend();
  const [row] = await waitFor(async () => {
    const { calls } = (await (await cold.project.manage("/usage")).json()) as { calls?: UsageRow[] };
    return calls?.length === 1 && calls;
  });
  expect(row).toMatchObject({ status: 499, attempts: 0, bytesOut: 0 });
  expect(tableau.received.length).toBe(before);
  await cold.close();
  await database.close();
});

test("a caller that goes away in the middle of the answer: 499, and no more bytes than were sent", async () => {
  const size = 50_000_000;
  tableau.answer((_request, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": size });
    response.write(Buffer.alloc(size));
  });
  const request = begin("/views/x/data");
  request.end();
  const [response] = await once(request, "response");
  await once(response, "data");
  request.destroy();
  const [row] = await rows();
  expect(row).toMatchObject({ status: 499 });
  expect(row?.bytesOut).toBeGreaterThan(0);
  expect(row?.bytesOut).toBeLessThan(size);
});

test("an answer that Tableau cuts: 502, with the bytes that came", async () => {
  tableau.answer((_request, response) => {
    response.writeHead(200, { "content-type": "text/csv", "content-length": "1000" });
    response.write("x".repeat(10), () => response.destroy());
  });
  const request = begin("/views/x/data");
  request.end();
  const [response] = await once(request, "response");
  response.resume().on("error", () => {});
  expect(await rows()).toEqual([expect.objectContaining({ status: 502, bytesOut: 10 })]);
});

test("a refusal of Easel's own has its status and its bytes", async () => {
  tableau.answer((_request, response) => response.destroy());
  const response = await project.call("ana", "/sdk/proxy/tableau/projects", { token, method: "POST", body: "<a/>" });
  const bytes = Buffer.byteLength(await response.text());
  expect(response.status).toBeGreaterThanOrEqual(500);
  expect(await rows()).toEqual([
    expect.objectContaining({ status: response.status, bytesIn: 4, bytesOut: bytes, attempts: 1 }),
  ]);
});

test("a session that was lost: renewed, with one request more", async () => {
  tableau.endSessions();
  const response = await project.call("ana", "/sdk/proxy/tableau/projects", { token });
  expect(response.status).toBe(200);
  await response.text();
  expect(await rows()).toEqual([expect.objectContaining({ status: 200, attempts: 2, renewed: true, retries: 0 })]);
});

test("a Tableau client's call is told apart from the SDK's, and has the bytes of what it got", async () => {
  const [{ id } = { id: "" }] = (
    (await (await project.manage("/credentials")).json()) as { credentials: { id: string }[] }
  ).credentials;
  const response = await fetch(
    `${easel.origin}/projects/${project.id}/tableau/${id}/api/3.27/sites/11111111-2222-4333-8444-555555555555/projects`,
    { headers: { authorization: `Bearer ${token}`, accept: "application/json" } },
  );
  const answer = await response.text();
  expect([response.status, answer]).toEqual([200, '{"projects":{}}']);
  expect(await rows()).toEqual([
    expect.objectContaining({ door: "client", route: "/sites/{siteId}/projects", bytesOut: answer.length }),
  ]);
});

test("requests that come all at once over one connection have each their own bytes", async () => {
  const host = new URL(easel.origin).host;
  const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1");
  const bodies = ["<a/>", "<bbbbbbbbbb/>", ""];
  const requests = bodies.map((body) =>
    [
      `${body === "" ? "HEAD" : "POST"} /projects/${project.id}/sdk/proxy/tableau/projects HTTP/1.1`,
      `host: ${host}`,
      `authorization: Bearer ${token}`,
      `content-length: ${body.length}`,
      "",
      body,
    ].join("\r\n"),
  );
  socket.write(requests.join(""));
  socket.resume();
  const found = await rows(3);
  socket.destroy();
  const output = '{"output":{"projects":{}}}'.length;
  expect(found.map(({ bytesIn, bytesOut }) => [bytesIn, bytesOut]).sort()).toEqual(
    [
      [4, output],
      [13, output],
      [0, 0],
    ].sort(),
  );
});

test("a body in chunks and an answer in chunks count as what was in them", async () => {
  tableau.answer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "text/csv" });
      for (let index = 0; index < 10; index += 1) response.write("x".repeat(100));
      response.end();
    });
  });
  const request = begin("/projects", { method: "POST", headers: { "transfer-encoding": "chunked" } });
  for (let index = 0; index < 50; index += 1) request.write("y".repeat(10_000));
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  expect(await rows()).toEqual([expect.objectContaining({ bytesIn: 500_000, bytesOut: 1000 })]);
});
