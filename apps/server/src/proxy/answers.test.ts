import { request as httpRequest, type IncomingMessage } from "node:http";
import { buffer, text } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";

let easel: TestEasel;
let tableau: FakeTableau;
let token: string;
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
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

/** A call whose answer is looked at byte by byte: fetch unpacks, follows and hides. */
async function call(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<IncomingMessage & { bytes: Buffer }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(`${easel.origin}/projects/${easel.project.id}/sdk/proxy/tableau${path}`, {
      method: options.method ?? "GET",
      headers: { authorization: `Bearer ${token}`, ...options.headers },
    });
    request.on("response", resolve).on("error", reject);
    request.end(options.body);
  });
  return Object.assign(response, { bytes: await buffer(response) });
}

const RAW = { "x-paragon-use-raw-response": "1" };
const last = () => tableau.received.at(-1);

describe("wrapped answers", () => {
  test("JSON comes as output, with the length of what is sent, unpacked and without the old ETag", async () => {
    const body = JSON.stringify({ projects: { project: [{ name: "Übersicht" }] } });
    tableau.answer((_request, response) =>
      response
        .writeHead(200, {
          "content-type": "application/json;charset=utf-8",
          "content-length": Buffer.byteLength(body),
          etag: '"1"',
          "x-rate-limit": "7",
        })
        .end(body),
    );
    const answer = await call("/projects", { headers: { "accept-encoding": "gzip, br" } });
    expect(answer.bytes.toString()).toBe(`{"output":${body}}`);
    expect(answer.headers).toMatchObject({ "content-length": String(answer.bytes.length), "x-rate-limit": "7" });
    expect(answer.headers).not.toHaveProperty("etag");
    expect(answer.headers).not.toHaveProperty("content-encoding");
    expect(last()?.headers["accept-encoding"]).toBe("identity");
  });

  test("an answer that is packed although it was not to be is unpacked", async () => {
    tableau.answer((_request, response) =>
      response
        .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
        .end(gzipSync('{"a":1}')),
    );
    const answer = await call("/projects");
    expect(answer.bytes.toString()).toBe('{"output":{"a":1}}');
    expect(answer.headers).not.toHaveProperty("content-encoding");
  });

  test.each([{ "content-length": "0" }, {}])("an empty JSON body is null (%j)", async (length) => {
    tableau.answer((_request, response) =>
      response.writeHead(200, { "content-type": "application/json", ...length }).end(),
    );
    const answer = await call("/projects");
    expect(answer.bytes.toString()).toBe('{"output":null}');
    expect(answer.headers["content-length"] ?? "15").toBe("15");
  });

  test.each([204, 304])("%i has no body", async (status) => {
    tableau.answer((_request, response) => response.writeHead(status, { "content-type": "application/json" }).end());
    const answer = await call("/projects", { headers: status === 304 ? { "if-none-match": '"1"' } : {} });
    expect([answer.statusCode, answer.bytes.length]).toEqual([status, 0]);
  });

  test("HEAD says what GET would at Tableau, and has no body", async () => {
    tableau.answer((_request, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-length": "42", etag: '"1"' }).end(),
    );
    const answer = await call("/projects", { method: "HEAD" });
    expect(answer.bytes.length).toBe(0);
    expect(answer.headers).toMatchObject({ "content-length": "42", etag: '"1"' });
    expect(last()?.method).toBe("HEAD");
  });

  test("a part of an answer is passed on as it is", async () => {
    tableau.answer((_request, response) =>
      response
        .writeHead(206, { "content-type": "application/json", "content-range": "bytes 0-2/9", "content-length": "3" })
        .end('{"a'),
    );
    const answer = await call("/projects", { headers: { range: "bytes=0-2" } });
    expect([answer.statusCode, answer.bytes.toString()]).toEqual([206, '{"a']);
    expect(answer.headers).toMatchObject({ "content-range": "bytes 0-2/9", "content-length": "3" });
  });

  test("what is no JSON is passed on as it is", async () => {
    tableau.answer((_request, response) =>
      response
        .writeHead(200, {
          "content-type": "text/csv",
          "content-disposition": Buffer.from('name="x"; filename="Übersicht 売上.csv"').toString("latin1"),
        })
        .end("a,b\n"),
    );
    const answer = await call("/views/1/data");
    expect(answer.bytes.toString()).toBe("a,b\n");
    expect(Buffer.from(answer.headers["content-disposition"] ?? "", "latin1").toString()).toContain("Übersicht 売上");
  });
});

describe("raw answers", () => {
  test("are untouched, packed or not", async () => {
    const packed = gzipSync('{"a":1}');
    tableau.answer((_request, response) =>
      response
        .writeHead(200, {
          "content-type": "application/json",
          "content-encoding": "gzip",
          "content-length": packed.length,
          etag: '"1"',
        })
        .end(packed),
    );
    const answer = await call("/projects", { headers: { ...RAW, "accept-encoding": "gzip" } });
    expect(last()?.headers["accept-encoding"]).toBe("gzip");
    expect(gunzipSync(answer.bytes).toString()).toBe('{"a":1}');
    expect(answer.headers).toMatchObject({ etag: '"1"', "content-length": String(packed.length) });
  });

  test("errors too", async () => {
    tableau.answer((_request, response) =>
      response.writeHead(404, { "content-type": "application/xml" }).end("<tsResponse/>"),
    );
    const answer = await call("/projects", { headers: RAW });
    expect([answer.statusCode, answer.bytes.toString()]).toEqual([404, "<tsResponse/>"]);
  });
});

describe("Tableau's errors", () => {
  test("keep their status, code and words, with Tableau's own answer", async () => {
    const error = { error: { code: "404002", summary: "Resource Not Found", detail: "Workbook x" } };
    tableau.answer((_request, response) => json(response, 404, error));
    const answer = await call("/workbooks/1");
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.bytes.toString())).toEqual({
      message: "Resource Not Found: Workbook x",
      code: "tableau.404002",
      status: 404,
      action: expect.any(String),
      requestId: answer.headers["x-request-id"],
      // The SDK rejects with `meta` as its message where the mark is set.
      meta: { isIntegrationError: true, message: "Resource Not Found: Workbook x", code: "tableau.404002" },
      output: error,
    });
  });

  test("are read when packed, and XML errors too", async () => {
    const xml = '<tsResponse><error code="400006"><summary>Bad</summary><detail>Page</detail></error></tsResponse>';
    tableau.answer((_request, response) =>
      response.writeHead(400, { "content-type": "application/xml", "content-encoding": "gzip" }).end(gzipSync(xml)),
    );
    const answer = await call("/projects");
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({
      code: "tableau.400006",
      message: "Bad: Page",
      output: xml,
    });
  });

  test("a 403 is explained, and is no reason to sign in again", async () => {
    tableau.answer((_request, response) =>
      json(response, 403, { error: { code: "403004", summary: "Forbidden", detail: "No" } }),
    );
    const before = tableau.received.filter(({ url }) => url.endsWith("/auth/signin")).length;
    const answer = await call("/users");
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({
      status: 403,
      code: "tableau_denied",
      message: expect.stringContaining("administrator"),
      meta: { isIntegrationError: true },
      output: { error: { code: "403004" } },
    });
    expect(tableau.received.filter(({ url }) => url.endsWith("/auth/signin")).length).toBe(before);
  });

  test("say when to come back", async () => {
    tableau.answer((_request, response) => response.writeHead(429, { "retry-after": "17" }).end());
    const answer = await call("/projects");
    expect(answer.statusCode).toBe(429);
    expect(answer.headers["retry-after"]).toBe("17");
  });

  test("of any size are held no further than 64 KB", async () => {
    tableau.answer((_request, response) =>
      response.writeHead(500, { "content-type": "text/html" }).end("x".repeat(1e6)),
    );
    const answer = await call("/projects");
    expect(answer.statusCode).toBe(500);
    expect(answer.bytes.length).toBeLessThan(70_000);
  });
});

describe("headers", () => {
  test("the caller's cookies and tokens never go up, and Tableau's cookies never come back", async () => {
    tableau.answer((_request, response) =>
      response
        .writeHead(200, {
          "content-type": "application/json",
          "set-cookie": ["workgroup_session_id=x; HttpOnly"],
          "access-control-allow-origin": "https://tableau.example",
          "strict-transport-security": "max-age=1",
        })
        .end("{}"),
    );
    const answer = await call("/projects", {
      headers: {
        cookie: "a=b",
        "x-tableau-auth": "mine",
        "x-forwarded-for": "1.2.3.4",
        connection: "x-secret, close",
        "x-secret": "1",
        "x-mine": "2",
      },
    });
    const up = last()?.headers ?? {};
    expect(up["x-tableau-auth"]).toMatch(/^token-/);
    for (const name of ["cookie", "authorization", "x-forwarded-for", "x-secret", "x-paragon-credential"])
      expect(up).not.toHaveProperty(name);
    expect(up["x-mine"]).toBe("2");
    for (const name of ["set-cookie", "strict-transport-security"]) expect(answer.headers).not.toHaveProperty(name);
    expect(answer.headers["access-control-allow-origin"]).not.toBe("https://tableau.example");
  });

  test.each([
    ["a wrapped answer", 200, "/projects", {}],
    ["a raw answer", 200, "/projects", RAW],
    ["an error of Tableau", 500, "/projects", {}],
    ["a refusal of Easel", 200, "/auth/signout", {}],
    ["a credential that is not there", 200, "/projects", { "x-paragon-credential": "ext:none" }],
  ])("%s is no page in a browser", async (_name, status, path, headers) => {
    tableau.answer((_request, response) =>
      response
        .writeHead(status, { "content-type": "text/html", "content-security-policy": "default-src *" })
        .end("<script>alert(1)</script>"),
    );
    const answer = await call(path, { headers });
    expect(answer.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-request-id": expect.any(String),
    });
  });

  test.each([
    ["auto", '{"a":1}', "application/json"],
    ["auto", "<tsRequest/>", "text/xml"],
    ["auto, application/xml", "<tsRequest/>", "application/xml"],
    ["multipart/mixed; boundary=x", "--x--", "multipart/mixed; boundary=x"],
    ["whatever", "x", "whatever"],
    ["auto", "plain", undefined],
    ["auto", `{"a":"${"x".repeat(300_000)}"}`, "application/json"],
  ])("Content-Type %s with %.12s… goes up as %s", async (type, body, sent) => {
    let received = "";
    tableau.answer(async (request, response) => {
      received = await text(request);
      json(response, 200, {});
    });
    const answer = await call("/projects", { method: "POST", headers: { "content-type": type }, body });
    expect(answer.statusCode).toBe(200);
    expect(last()?.headers["content-type"]).toBe(sent);
    expect(received).toBe(body);
  });
});
