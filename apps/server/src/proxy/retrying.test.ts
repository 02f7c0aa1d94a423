import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

let easel: TestEasel;
let tableau: FakeTableau;
let token: string;
/** What the fake Tableau was sent since a test began: the bodies. */
let bodies: string[];
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [tableau.host] });
  await easel.project.connect("ana", payloadFor(tableau));
  token = await easel.project.token("ana");
});
beforeEach(() => {
  bodies = [];
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

function payloadFor({ url }: FakeTableau) {
  return { serverUrl: url, site: "acme", method: "pat", tokenName: "easel", tokenSecret: "the secret" };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** One after the other; the last one for all that follow. */
function answerInTurn(...handlers: readonly Handler[]): void {
  tableau.answer(async (request, response) => {
    const handler = handlers[Math.min(bodies.length, handlers.length - 1)];
    bodies.push(await text(request));
    handler?.(request, response);
  });
}

const ok: Handler = (_request, response) => json(response, 200, {});
const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(code, headers).end();
const cut: Handler = (request) => void request.socket.destroy();
const endless: Handler = (_request, response) => void response.writeHead(502).write("and then");
const cutInItsHead: Handler = (request) =>
  void request.socket.end("HTTP/1.1 200 OK\r\nContent-Type: application/js", () => request.socket.destroy());

const call = (init: RequestInit = {}): Promise<Response> =>
  easel.project.call("ana", "/sdk/proxy/tableau/projects", { ...init, token });

async function lastRow(): Promise<{ status: number; attempts: number; retries: number; bytesIn: number }> {
  const { calls } = (await (await easel.project.manage("/usage?limit=1")).json()) as {
    calls: { status: number; attempts: number; retries: number; bytesIn: number }[];
  };
  const [row] = calls;
  if (row === undefined) throw new Error("There is no usage row.");
  return row;
}

describe("A GET is answered in spite of", () => {
  test.each([
    ["a connection that is cut before the answer", [cut, ok], 2],
    ["one that is cut in the answer's head", [cutInItsHead, ok], 2],
    ["two answers of a gateway", [status(502), status(503), ok], 3],
    ["a gateway's answer that does not end", [endless, ok], 2],
    ["being put off for a moment", [status(503, { "retry-after": "0" }), ok], 2],
    ["being throttled for a second", [status(429, { "retry-after": "1" }), ok], 2],
  ] as const)("%s", async (_what, handlers, attempts) => {
    answerInTurn(...handlers);
    expect((await call()).status).toBe(200);
    expect(bodies).toHaveLength(attempts);
    expect(await lastRow()).toMatchObject({ status: 200, attempts, retries: attempts - 1 });
  });
});

describe("A caller is told what Tableau said", () => {
  test("after three tries that a gateway failed", async () => {
    answerInTurn(status(504));
    expect((await call()).status).toBe(504);
    expect(bodies).toHaveLength(3);
    expect(await lastRow()).toMatchObject({ status: 504, attempts: 3, retries: 2 });
  });

  test("at once, where Tableau itself failed", async () => {
    answerInTurn(status(500));
    expect((await call()).status).toBe(500);
    expect(bodies).toHaveLength(1);
  });

  test("at once, where it asks for more time than a caller waits, and whose limit it is", async () => {
    answerInTurn((_request, response) => {
      response.setHeader("retry-after", "60");
      json(response, 429, { error: { code: "429000", summary: "Too many requests", detail: "Slow down." } });
    });
    const response = await call();
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("60");
    expect(await response.json()).toMatchObject({
      code: "tableau_throttled",
      message: expect.stringContaining("Slow down."),
      action: expect.stringMatching(/Tableau's own/),
      output: { error: { code: "429000" } },
    });
    expect(bodies).toHaveLength(1);
    expect(await lastRow()).toMatchObject({ status: 429, attempts: 1, retries: 0 });
  });

  test("raw, when it was asked for raw", async () => {
    answerInTurn(status(429, { "retry-after": "60", "x-of-tableau": "1" }));
    const response = await call({ headers: { "x-paragon-use-raw-response": "1" } });
    expect([response.status, response.headers.get("x-of-tableau"), await response.text()]).toEqual([429, "1", ""]);
  });
});

describe("What changes something", () => {
  test("waits where Tableau throttles it, and is sent again whole", async () => {
    answerInTurn(status(429, { "retry-after": "1" }), ok);
    const began = performance.now();
    expect((await call({ method: "POST", body: '{"project":{}}' })).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(bodies).toEqual(['{"project":{}}', '{"project":{}}']);
  });

  test.each([
    ["cut", cut, 502],
    ["a gateway's error", status(503), 503],
    ["a gateway's error with a time", status(503, { "retry-after": "0" }), 503],
  ])("is sent once: %s", async (_what, handler, expected) => {
    answerInTurn(handler, ok);
    expect((await call({ method: "POST", body: "{}" })).status).toBe(expected);
    expect(bodies).toHaveLength(1);
    expect(await lastRow()).toMatchObject({ status: expected, attempts: 1, retries: 0 });
  });

  test("and is too large to be held is not sent again, though Tableau only throttled it", async () => {
    answerInTurn(status(429, { "retry-after": "0" }), ok);
    const response = await call({ method: "PUT", body: "x".repeat(300_000) });
    expect(response.status).toBe(429);
    expect(bodies.map(({ length }) => length)).toEqual([300_000]);
    expect(await lastRow()).toMatchObject({ status: 429, attempts: 1, bytesIn: 300_000 });
  });

  test("is sent again where the connection never came to be", async () => {
    const gone = await startFakeTableau();
    const other = await startTestEasel({ egressAllow: [gone.host] });
    await other.project.connect("ana", payloadFor(gone));
    await gone.close();
    const response = await other.project.call("ana", "/sdk/proxy/tableau/projects", { method: "POST", body: "{}" });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "tableau_server_unreachable" });
    const { calls } = (await (await other.project.manage("/usage?limit=1")).json()) as { calls: unknown[] };
    expect(calls[0]).toMatchObject({ status: 502, attempts: 3, retries: 2 });
    await other.close();
  });
});

test("of 300 callers whom Tableau puts off, 256 wait, and the others are told at once", async () => {
  let asked = 0;
  tableau.answer((_request, response) => {
    asked += 1;
    response.writeHead(429, { "retry-after": "9" }).end();
  });
  const callers = new AbortController();
  let told = 0;
  const calls = Array.from({ length: 300 }, async () => {
    const response = await call({ signal: callers.signal });
    if (response.status === 429) told += 1;
  });
  const ends = Promise.allSettled(calls);
  await waitFor(() => told === 44);
  expect(asked).toBe(300);
  callers.abort();
  await ends;
  expect(told).toBe(44);
});

test("a caller who goes away while the call waits ends it", async () => {
  answerInTurn(status(429, { "retry-after": "5" }), ok);
  const request = httpRequest(`${easel.origin}/projects/${easel.project.id}/sdk/proxy/tableau/projects`, {
    headers: { authorization: `Bearer ${token}` },
  });
  request.on("error", () => {}).end();
  await waitFor(() => bodies.length === 1);
  request.destroy();
  const row = await waitFor(async () => {
    const found = await lastRow();
    return found.status === 499 && found;
  });
  expect(row).toMatchObject({ attempts: 1, retries: 0 });
  expect(bodies).toHaveLength(1);
});
