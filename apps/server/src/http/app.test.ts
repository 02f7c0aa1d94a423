import { connect } from "node:net";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { createApp } from "./app.ts";
import { ownAddress } from "./hosts.ts";

let easel: TestEasel;
beforeAll(async () => {
  easel = await startTestEasel();
});
afterAll(() => easel.close());

const ENVELOPE = {
  message: expect.stringMatching(/\.$/),
  action: expect.stringMatching(/\.$/),
  code: expect.stringMatching(/^[a-z_]+$/),
  requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  meta: expect.any(Object),
};

/** Sends these very bytes, and gives back everything that came until the connection ended. */
function sendRaw(text: string): Promise<{ status: number; headers: string; body: string }> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => {
      const [headers = "", body = ""] = answer.split("\r\n\r\n");
      resolve({ status: Number(headers.split(" ")[1]), headers, body });
    });
  });
}

describe("Every answer carries a request id, and every refusal the envelope", () => {
  test.each([
    ["no such address", "/nowhere", {}, 404, "not_found"],
    ["no such method", "/health/live", { method: "DELETE" }, 404, "not_found"],
    ["an address that is not one", "/projects/%zz/sdk/me", {}, 400, "request_malformed"],
    ["a project that is none", "/projects/none/sdk/me", {}, 404, "project_unknown"],
  ])("%s", async (_what, path, init, status, code) => {
    const response = await fetch(easel.origin + path, init);
    const body = (await response.json()) as { requestId: string };
    expect(body).toMatchObject({ ...ENVELOPE, status, code });
    expect(response.status).toBe(status);
    expect(response.headers.get("x-request-id")).toBe(body.requestId);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("what is not HTTP, and headers without end", async () => {
    for (const [text, status, code] of [
      ["HELO easel\r\n\r\n", 400, "request_malformed"],
      [`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"x".repeat(70_000)}\r\n\r\n`, 431, "headers_too_large"],
    ] as const) {
      const answer = await sendRaw(text);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ ...ENVELOPE, status, code });
      expect(answer.headers.toLowerCase()).toContain(
        `x-request-id: ${(JSON.parse(answer.body) as { requestId: string }).requestId}`,
      );
    }
  });

  test("a request id of the caller's is not taken over", async () => {
    const response = await fetch(`${easel.origin}/health/live`, { headers: { "x-request-id": "mine" } });
    expect(response.headers.get("x-request-id")).not.toBe("mine");
  });

  test("a page can read that an address does not exist", async () => {
    const headers = { origin: "https://app.example.com" };
    for (const path of [`/projects/${easel.project.id}/sdk/nothing`, "/projects/none/sdk/me"]) {
      const response = await fetch(easel.origin + path, { headers });
      expect(response.status).toBe(404);
      expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    }
  });
});

describe("The Host header", () => {
  const ask = (host: string) => sendRaw(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  test.each(["localhost:4600", "127.0.0.1", "LOCALHOST", "[::1]:4600"])("%s is ours", async (host) => {
    expect((await ask(host)).status).toBe(200);
  });

  test.each([
    "evil.example",
    "localhost.evil.example",
    "10.0.0.1",
    "127.0.0.1.nip.io",
    "169.254.169.254:80",
    "[fe80::1]",
  ])("%s is answered 421", async (host) => {
    const answer = await ask(host);
    expect(answer.status).toBe(421);
    expect(JSON.parse(answer.body)).toMatchObject({ ...ENVELOPE, code: "host_unknown" });
  });

  test("none at all is no reason to fail", async () => {
    expect((await sendRaw("GET /health/live HTTP/1.0\r\n\r\n")).status).toBe(421);
    expect((await sendRaw("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n")).status).toBe(400);
  });

  test("bound to the network, an instance answers to its public name and to addresses, to no other name", () => {
    const open = ownAddress({ host: "0.0.0.0", publicUrl: "https://easel.example.com" });
    expect(["easel.example.com", "EASEL.example.com", "10.1.2.3", "[fd00::1]", "localhost"].map(open.isHost)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(["example.com", "easel.example.com.evil.example", ""].map(open.isHost)).toEqual([false, false, false]);
  });
});

describe("A body", () => {
  const send = (body: string | Uint8Array, type?: string) =>
    easel.project.call("ana", "/sdk/credentials", {
      method: "POST",
      body,
      headers: type === undefined ? {} : { "content-type": type },
    });

  test.each([
    ["cut off", '{"integrationId": "x"'],
    ["not JSON", "integrationId=x"],
    ["of the wrong shape", '{"integrationId": 1}'],
    ["a list", "[]"],
    ["null", "null"],
    ["empty", ""],
  ])("%s is answered 400", async (_what, body) => {
    const response = await send(body, "application/json");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      ...ENVELOPE,
      code: "request_malformed",
      meta: { isIntegrationError: true },
    });
  });

  test("is JSON whatever its type says", async () => {
    const body = JSON.stringify({ meta: { plan: "gold" } });
    for (const type of ["text/plain", "application/json; charset=utf-8", "application/x-www-form-urlencoded"]) {
      const response = await easel.project.call("ana", "/sdk/me", {
        method: "PATCH",
        body,
        headers: { "content-type": type },
      });
      expect(response.status).toBe(200);
    }
  });

  test("over 1 MB is answered 413", async () => {
    const response = await send(JSON.stringify({ integrationId: "x".repeat(1_100_000) }), "application/json");
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ ...ENVELOPE, code: "request_too_large" });
  });

  test("of 100 MB, chunked and without a type, is answered 413 before it was all sent", async () => {
    const token = await easel.project.token("ana");
    const chunk = Buffer.alloc(65_536, "x");
    const total = 100 * 1024 * 1024;
    const sent = await new Promise<{ bytes: number; answer: string }>((resolve) => {
      let bytes = 0;
      let answer = "";
      const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1");
      const push = (): void => {
        while (bytes < total && !socket.destroyed) {
          bytes += chunk.length;
          const isAccepted = socket.write(`${chunk.length.toString(16)}\r\n${chunk.toString("latin1")}\r\n`);
          if (!isAccepted) return;
        }
        if (bytes >= total && !socket.destroyed) socket.end("0\r\n\r\n");
      };
      socket.write(
        `POST /projects/${easel.project.id}/sdk/credentials HTTP/1.1\r\nHost: localhost\r\n` +
          `Authorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      socket.on("drain", push);
      socket.on("error", () => {});
      socket.on("data", (data) => {
        answer += data.toString();
        socket.destroy();
      });
      socket.on("close", () => resolve({ bytes, answer }));
      push();
    });
    expect(sent.answer).toContain("HTTP/1.1 413");
    expect(sent.answer).toContain('"code":"request_too_large"');
    expect(sent.bytes).toBeLessThan(32 * 1024 * 1024);
  });

  test("with text that PostgreSQL cannot store is answered 400, not 500", async () => {
    for (const text of ["a\\u0000b", "half \\ud800"]) {
      const response = await easel.project.call("ana", "/sdk/me", {
        method: "PATCH",
        body: `{"meta":{"note":"${text}"}}`,
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ ...ENVELOPE, code: "request_malformed" });
    }
  });

  test("with __proto__ in it changes nobody's prototype", async () => {
    const response = await easel.project.call("ana", "/sdk/me", {
      method: "PATCH",
      body: '{"meta":{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}}',
    });
    expect(response.status).toBeLessThan(500);
    expect(Reflect.get({}, "isAdmin")).toBeUndefined();
  });
});

test("the app refuses to start with a route that does not say who may call it", async () => {
  const app = createApp({
    log: pino({ level: "silent" }),
    trustProxy: false,
    own: ownAddress({ host: "127.0.0.1", publicUrl: null }),
  });
  expect(() => app.get("/open", async () => "data")).toThrow("GET /open does not say who may call it.");
  await app.close();
});
