import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

let easel: TestEasel;
let tableau: FakeTableau;
let token: string;
/** Bodies that Tableau got, in order. */
let bodies: string[];
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [tableau.host] });
  await easel.project.connect("ana", {
    serverUrl: tableau.url,
    site: "acme",
    method: "pat",
    tokenName: "easel",
    tokenSecret: "the secret",
  });
  token = await easel.project.token("ana");
});
beforeEach(() => {
  bodies = [];
  tableau.answer(async (request, response) => {
    bodies.push(await text(request));
    json(response, 200, { ok: true });
  });
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

/** A connection on which exactly what is written is sent. */
function open() {
  const { port } = new URL(easel.origin);
  const socket = connect(Number(port), "127.0.0.1");
  let said = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    said += chunk;
  });
  socket.on("error", () => {});
  return {
    write: (bytes: string) => void socket.write(bytes, "latin1"),
    said: () => said,
    hears: (what: RegExp) => waitFor(() => what.test(said)),
    closed: async () => {
      if (!socket.closed) await once(socket, "close");
      return said;
    },
    end: () => void socket.destroy(),
  };
}

/** The head of a call, with its own headers as they are given. */
function head(method: string, path: string, headers: readonly string[], { bearer = token } = {}): string {
  const target = `/projects/${easel.project.id}/sdk/proxy/tableau${path}`;
  return [
    `${method} ${target} HTTP/1.1`,
    "Host: localhost",
    `Authorization: Bearer ${bearer}`,
    ...headers,
    "",
    "",
  ].join("\r\n");
}

/** What Tableau got of calls to this path. */
const received = (path: string) => tableau.received.filter(({ url }) => url.endsWith(path));

describe("Expect: 100-continue", () => {
  const expecting = ["Content-Type: application/json", "Content-Length: 7", "Expect: 100-continue"];

  test("is answered 100 when the body is wanted, and the call goes on", async () => {
    const caller = open();
    caller.write(head("POST", "/projects", [...expecting, "Connection: close"]));
    await caller.hears(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    caller.write('{"a":1}');
    expect(await caller.closed()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(bodies).toEqual(['{"a":1}']);
    expect(received("/projects").at(-1)?.headers).not.toHaveProperty("expect");
  });

  test("of a large body is answered 100 too", async () => {
    const size = 1_000_000;
    const caller = open();
    caller.write(head("POST", "/projects", [`Content-Length: ${size}`, "Expect: 100-continue", "Connection: close"]));
    await caller.hears(/100 Continue/);
    caller.write("x".repeat(size));
    expect(await caller.closed()).toContain("HTTP/1.1 200 OK");
    expect(bodies[0]?.length).toBe(size);
  });

  test.each([
    ["a bad token", "/projects", { bearer: "no-token" }],
    ["an address that is refused", "/auth/signout", {}],
    ["no such route", "/../users", {}],
  ])("is answered with the refusal alone where there is one: %s", async (_name, path, who: { bearer?: string }) => {
    const caller = open();
    caller.write(head("POST", path, expecting, { bearer: who.bearer ?? token }));
    // The body may come or not: nobody could tell what is said next from it, so the connection ends.
    const said = await caller.closed();
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(said).toMatch(/\r\nconnection: close\r\n/i);
    expect(bodies).toEqual([]);
  });

  test("of something else is no expectation that can be met", async () => {
    const caller = open();
    caller.write(head("POST", "/projects", ["Content-Length: 1", "Expect: a-miracle", "Connection: close"]));
    expect(await caller.closed()).toMatch(/^HTTP\/1\.1 417 /);
  });
});

describe("What belongs to one hop", () => {
  test("stays there, with what Connection names, in both directions", async () => {
    tableau.answer((_request, response) => {
      response.writeHead(200, {
        "content-type": "application/json",
        connection: "x-hop, keep-alive",
        "x-hop": "1",
        "keep-alive": "timeout=77",
        "proxy-authenticate": "Basic",
        trailer: "x-late",
        "x-end-to-end": "1",
      });
      response.addTrailers({ "x-late": "1" });
      response.end("{}");
    });
    const caller = open();
    const own = [
      "TE: trailers",
      "Trailer: X-Late",
      "Upgrade: websocket",
      "Proxy-Authorization: Basic eA==",
      "X-Hop: 1",
    ];
    caller.write(head("GET", "/projects?hops", [...own, "X-End-To-End: 1", "Connection: close , X-HOP,te"]));
    const said = (await caller.closed()).toLowerCase();
    const sent = received("?hops").at(-1)?.headers ?? {};
    for (const name of ["te", "trailer", "upgrade", "proxy-authorization", "x-hop"])
      expect(sent).not.toHaveProperty(name);
    expect(sent["x-end-to-end"]).toBe("1");
    expect(said).toContain("\r\nx-end-to-end: 1\r\n");
    for (const name of ["x-hop", "proxy-authenticate", "trailer", "x-late"]) expect(said).not.toContain(`\r\n${name}:`);
    expect(said).not.toContain("timeout=77");
  });

  test("trailers of a body are read and go no further", async () => {
    const caller = open();
    caller.write(
      head("POST", "/projects?trailers", ["Transfer-Encoding: chunked", "Trailer: X-Late", "Connection: close"]),
    );
    caller.write('7\r\n{"a":1}\r\n0\r\nX-Late: 1\r\nX-Tableau-Auth: mine\r\n\r\n');
    expect(await caller.closed()).toContain("HTTP/1.1 200 OK");
    expect(bodies).toEqual(['{"a":1}']);
    expect(received("?trailers").at(-1)?.headers["x-tableau-auth"]).toMatch(/^token-/);
  });

  test("Connection cannot take away what Easel itself says to Tableau", async () => {
    const caller = open();
    const names = "Connection: close, content-length, content-type, x-tableau-auth, host";
    caller.write(head("POST", "/projects?named", [names, "Content-Type: application/json", "Content-Length: 2"]));
    caller.write("{}");
    expect(await caller.closed()).toContain("HTTP/1.1 200 OK");
    expect(received("?named").at(-1)?.headers).toMatchObject({
      "content-length": "2",
      "content-type": "application/json",
      "x-tableau-auth": expect.stringMatching(/^token-/),
      host: tableau.host,
    });
  });
});

describe("What would be read as another request further on", () => {
  const chunked = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  test.each([
    ["a length beside chunks", ["Content-Length: 4", "Transfer-Encoding: chunked"]],
    ["chunks beside a length", ["Transfer-Encoding: chunked", "Content-Length: 4"]],
    ["two lengths", ["Content-Length: 4", "Content-Length: 60"]],
    ["a list of lengths", ["Content-Length: 4, 60"]],
    ["a length with a sign", ["Content-Length: +4"]],
    ["a length in hexadecimal", ["Content-Length: 0x4"]],
    ["a coding that is nearly chunked", ["Transfer-Encoding: xchunked"]],
    ["chunked, and then something else", ["Transfer-Encoding: chunked, identity"]],
    ["chunked twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
    ["something below chunked", ["Transfer-Encoding: gzip, chunked"]],
    ["a blank before the colon", ["Transfer-Encoding : chunked"]],
    ["a folded header", ["X-A: 1", " Transfer-Encoding: chunked", "Content-Length: 4"]],
    ["a bare carriage return", ["X-A: 1\rTransfer-Encoding: chunked"]],
  ])("is refused or is one request: %s", async (name, headers) => {
    const caller = open();
    const path = `/projects?smuggled=${encodeURIComponent(name).replaceAll("'", "")}`;
    caller.write(`${head("POST", path, headers)}${chunked}`);
    await caller.hears(/^HTTP\/1\.1 [45]\d\d /);
    expect(received(path)).toEqual([]);
    expect(tableau.received.some(({ url }) => url.includes("/smuggled"))).toBe(false);
    caller.end();
  });

  test.each([
    ["a chunk that says less than it holds", "2\r\n{}}}\r\n0\r\n\r\n"],
    ["a chunk's size with a sign", "+2\r\n{}\r\n0\r\n\r\n"],
    ["a chunk's size that is none", "zz\r\n{}\r\n0\r\n\r\n"],
    ["a chunk's size larger than any", `${"f".repeat(20)}\r\n{}\r\n0\r\n\r\n`],
    ["a chunk that ends in a bare line feed", "2\n{}\n0\n\n"],
  ])("is refused in a body: %s", async (name, body) => {
    const caller = open();
    const path = `/projects?chunk=${encodeURIComponent(name).replaceAll("'", "")}`;
    caller.write(head("POST", path, ["Transfer-Encoding: chunked"]));
    caller.write(body);
    await caller.hears(/^HTTP\/1\.1 4\d\d /);
    expect(received(path)).toEqual([]);
    caller.end();
  });

  test.each(["TRACE", "CONNECT", "PROPFIND"])("%s goes nowhere", async (method) => {
    const before = tableau.received.length;
    const caller = open();
    caller.write(head(method, "/projects", ["Connection: close"]));
    expect(await caller.closed()).not.toContain("200 OK");
    expect(tableau.received.length).toBe(before);
  });

  test("a whole address of another server in the request line leads to no other server", async () => {
    const before = tableau.received.length;
    const caller = open();
    const lines = [`GET ${tableau.url}/api/3.27/sites HTTP/1.1`, "Host: localhost", "Connection: close", "", ""];
    caller.write(lines.join("\r\n"));
    expect(await caller.closed()).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(tableau.received.length).toBe(before);
  });
});

describe("Answers", () => {
  test("what Tableau says before its answer is between it and Easel", async () => {
    tableau.answer((_request, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      response.writeProcessing();
      json(response, 200, { late: true });
    });
    const caller = open();
    caller.write(head("GET", "/projects", ["Connection: close"]));
    const said = await caller.closed();
    expect(said).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(said).toContain('{"output":{"late":true}}');
    expect(said).not.toContain("style.css");
  });

  test.each(["small", "large"])("a %s answer to HEAD has the length, and no byte of a body", async (size) => {
    const length = size === "small" ? 2048 : 5_000_000_000;
    tableau.answer((_request, response) =>
      response.writeHead(200, { "content-type": "image/png", "content-length": length }).end(),
    );
    const caller = open();
    caller.write(head("HEAD", "/projects", []) + head("HEAD", "/projects", ["Connection: close"]));
    const answers = (await caller.closed()).split("HTTP/1.1 200 OK\r\n");
    expect(answers).toHaveLength(3);
    for (const answer of answers.slice(1)) {
      expect(answer).toContain(`\r\ncontent-length: ${length}\r\n`);
      expect(answer).toMatch(/\r\n\r\n$/);
    }
  });

  test("every byte of a small answer that is no text comes as it was", async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, at) => at % 256));
    tableau.answer((_request, response) =>
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes),
    );
    const answer = await easel.project.call("ana", "/sdk/proxy/tableau/projects");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  test("answers to calls that are sent all at once come in their order, each with its own body", async () => {
    tableau.answer((request, response) => json(response, 200, { url: request.url?.split("?")[1] }));
    const caller = open();
    const last = head("GET", "/projects?9", ["Connection: close"]);
    caller.write(Array.from({ length: 9 }, (_, at) => head("GET", `/projects?${at}`, [])).join("") + last);
    const said = await caller.closed();
    expect(Array.from(said.matchAll(/"url":"(\d)"/g), ([, at]) => Number(at))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
