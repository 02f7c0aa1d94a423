import { once } from "node:events";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

let now = 0;
let easel: TestEasel;
let tableau: FakeTableau;
let tokens: { fake: string; sandbox: string };
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({ egressAllow: [tableau.host], clock: () => Date.now() + now });
  await easel.project.connect("fake", {
    serverUrl: tableau.url,
    site: "acme",
    method: "pat",
    tokenName: "easel",
    tokenSecret: "the secret",
  });
  await easel.project.connect("sandbox");
});
beforeEach(async () => {
  tokens = { fake: await easel.project.token("fake"), sandbox: await easel.project.token("sandbox") };
});
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

const MB = 1024 * 1024;

function begin(user: "fake" | "sandbox", method: string, path: string, headers = {}): ClientRequest {
  return httpRequest(`${easel.origin}/projects/${easel.project.id}/sdk/proxy/tableau${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[user]}`, ...headers },
  });
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

async function send(user: "fake" | "sandbox", body: string): Promise<{ status: number; body: string }> {
  const request = begin(user, "POST", "/projects", { "content-type": "application/json" });
  const answered = answerTo(request);
  request.end(body);
  const response = await answered;
  return { status: response.statusCode ?? 0, body: await text(response) };
}

/** `count` megabytes, made while they are read. */
function megabytes(count: number): Readable {
  const block = Buffer.alloc(MB, "x");
  return Readable.from(
    (function* () {
      for (let made = 0; made < count; made += 1) yield block;
    })(),
    { objectMode: false },
  );
}

describe("a body whose session is gone", () => {
  const bodies: string[] = [];
  beforeEach(async () => {
    now = 0;
    bodies.length = 0;
    tableau.answer((_request, response) => json(response, 200, {}));
    await send("fake", "{}");
    tableau.answer(async (request, response) => {
      bodies.push(await text(request));
      json(response, 200, {});
    });
  });

  test.each([0, 1, 262_144])("is sent again when it is held (%i bytes)", async (size) => {
    tableau.endSessions();
    expect((await send("fake", "x".repeat(size))).status).toBe(200);
    expect(bodies.map((body) => body.length)).toEqual([size]);
  });

  test.each([262_145, 5 * MB])("is asked for again when it is too large to be held (%i bytes)", async (size) => {
    tableau.endSessions();
    const refused = await send("fake", "x".repeat(size));
    expect(refused.status).toBe(409);
    expect(JSON.parse(refused.body)).toMatchObject({ code: "tableau_send_again" });
    expect(bodies).toEqual([]);
    expect((await send("fake", "x".repeat(size))).status).toBe(200);
    expect(bodies.map((body) => body.length)).toEqual([size]);
  });

  test("does not go out on a session that was not seen alive for a minute", async () => {
    tableau.endSessions();
    now = 61_000;
    expect((await send("fake", "x".repeat(300_000))).status).toBe(200);
    expect(bodies.map((body) => body.length)).toEqual([300_000]);
  });
});

describe("streams", () => {
  test("an upload of 50 MB without a type or a length goes through as it comes", async () => {
    const opened = await easel.project.call("sandbox", "/sdk/proxy/tableau/fileUploads", { method: "POST" });
    const { output } = (await opened.json()) as { output: { fileUpload: { uploadSessionId: string } } };
    const request = begin("sandbox", "PUT", `/fileUploads/${output.fileUpload.uploadSessionId}`);
    const answered = answerTo(request);
    await pipeline(megabytes(50), request);
    const answer = JSON.parse(await text(await answered));
    expect(answer).toMatchObject({ output: { fileUpload: { fileSize: "50" } } });
  });

  test("a slow reader holds Tableau back", async () => {
    let sent = 0;
    tableau.answer((_request, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      const source = megabytes(200);
      source.on("data", () => {
        sent += 1;
      });
      pipeline(source, response).catch(() => {});
    });
    const request = begin("fake", "GET", "/projects");
    const answered = answerTo(request);
    request.end();
    const response = await answered;
    await once(response, "readable");
    let seen = -1;
    await waitFor(async () => {
      const isStill = seen === sent;
      seen = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return isStill;
    });
    expect(sent).toBeLessThan(50);
    response.destroy();
  });
});

describe("ends", () => {
  test("a caller who goes away ends the call at Tableau", async () => {
    let isCancelled = false;
    let isBegun = false;
    tableau.answer((_request, response) => {
      isBegun = true;
      response.once("close", () => {
        isCancelled = true;
      });
    });
    const request = begin("fake", "GET", "/projects").on("error", () => {});
    request.end();
    await waitFor(() => isBegun);
    request.destroy();
    await waitFor(() => isCancelled);
  });

  test("a caller who goes away in the middle of an upload ends it at Tableau", async () => {
    let end: string | undefined;
    tableau.answer((request) => {
      request.resume();
      request.once("error", () => {
        end = "cut";
      });
      request.once("end", () => {
        end = "whole";
      });
    });
    const request = begin("fake", "PUT", "/projects").on("error", () => {});
    request.write(Buffer.alloc(MB));
    await waitFor(() => tableau.received.at(-1)?.method === "PUT");
    request.destroy();
    expect(await waitFor(() => end)).toBe("cut");
  });

  test.each(["with", "without"])("an answer that is cut %s a length cuts the caller's", async (kind) => {
    tableau.answer((_request, response) => {
      response.writeHead(200, {
        "content-type": "application/json",
        ...(kind === "with" ? { "content-length": "1000" } : {}),
      });
      response.write('{"projects":');
      setImmediate(() => response.destroy());
    });
    const request = begin("fake", "GET", "/projects");
    const answered = answerTo(request);
    request.end();
    const response = await answered;
    let received = "";
    response.on("data", (chunk) => {
      received += chunk;
    });
    await expect(once(response, "end")).rejects.toThrow("aborted");
    expect(received).toBe('{"output":{"projects":');
  });

  test("a kept connection that Tableau closed takes no call with it", async () => {
    const sockets = new Set<unknown>();
    tableau.answer((request, response) => {
      if (sockets.has(request.socket)) return void request.socket.destroy();
      sockets.add(request.socket);
      json(response, 200, {});
    });
    for (let count = 0; count < 5; count += 1) {
      const request = begin("fake", "GET", "/projects");
      const answered = answerTo(request);
      request.end();
      expect((await answered).statusCode).toBe(200);
    }
  });

  test("what may have been done is not done twice", async () => {
    let calls = 0;
    tableau.answer((request) => {
      calls += 1;
      request.socket.destroy();
    });
    const answer = await send("fake", "{}");
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "tableau_server_unreachable" });
    expect(calls).toBe(1);
  });
});

test("usage rows say how each of these calls ended", async () => {
  const ended = async (path: string, handler: Parameters<FakeTableau["answer"]>[0], leave: boolean): Promise<void> => {
    tableau.answer(handler);
    const request = begin("fake", "GET", path).on("error", () => {});
    request.end();
    request.once("response", (response) => {
      response.on("error", () => {}).resume();
      if (leave) response.destroy();
    });
    await once(request, "close");
  };
  const half = (response: Parameters<Parameters<FakeTableau["answer"]>[0]>[1]) =>
    response.writeHead(200, { "content-type": "text/csv" }).write("a");
  await ended("/views/1/data", (_request, response) => half(response) && setImmediate(() => response.destroy()), false);
  await ended("/views/1/image", (_request, response) => void half(response), true);
  await ended("/users", (_request, response) => json(response, 418, {}), false);
  const statuses = await waitFor(async () => {
    const { calls } = (await (await easel.project.manage("/usage?limit=10")).json()) as {
      calls: { route: string; status: number }[];
    };
    const found = Object.fromEntries(calls.map(({ route, status }) => [route.split("/").at(-1), status]));
    return found.image !== undefined && found.users !== undefined && found.data !== undefined && found;
  });
  expect(statuses).toMatchObject({ data: 502, image: 499, users: 418 });
});

test("a usage row counts a small body, which comes with the request's head", async () => {
  tableau.answer((_request, response) => json(response, 200, {}));
  const body = JSON.stringify({ project: { name: "x".repeat(500) } });
  await send("fake", body);
  const [call] = await waitFor(async () => {
    const { calls } = (await (await easel.project.manage("/usage?limit=1")).json()) as {
      calls: { method: string; bytesIn: number }[];
    };
    return calls[0]?.method === "POST" && calls;
  });
  expect(call?.bytesIn).toBe(body.length);
});

test("a body of 100 MB without a type is refused where JSON is read", async () => {
  const request = httpRequest(`${easel.origin}/projects/${easel.project.id}/sdk/credentials`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens.fake}` },
  });
  const answered = answerTo(request);
  pipeline(megabytes(100), request).catch(() => {});
  const response = await answered;
  expect(response.statusCode).toBe(413);
  expect(JSON.parse((await buffer(response)).toString())).toMatchObject({ code: "request_too_large" });
  request.destroy();
});
