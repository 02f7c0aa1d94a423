import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTableau, json, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel } from "../testing/test-easel.ts";
import { waitFor } from "../testing/wait-for.ts";

let easel: TestEasel;
let tableau: FakeTableau;
let token: string;
beforeAll(async () => {
  tableau = await startFakeTableau();
  easel = await startTestEasel({
    egressAllow: [tableau.host],
    patience: {
      firstByteTimeoutMs: 1000,
      bodyIdleTimeoutMs: 1000,
      pace: { headMs: 800, headEveryMs: 100, everyMs: 100, slowLooks: 8, leastBytes: 1024, stalledLooks: 10 },
    },
  });
  await easel.project.connect("ana", {
    serverUrl: tableau.url,
    site: "acme",
    method: "pat",
    tokenName: "easel",
    tokenSecret: "the secret",
  });
  token = await easel.project.token("ana");
});
beforeEach(() => tableau.answer((_request, response) => json(response, 200, {})));
afterAll(async () => {
  await easel.close();
  await tableau.close();
});

const call = (init: RequestInit = {}): Promise<Response> =>
  easel.project.call("ana", "/sdk/proxy/tableau/projects", { ...init, token });

interface Row {
  readonly method: string;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly attempts: number;
  readonly ms: number;
}

/** The usage row of this method and status, once there is one. */
const rowOf = (method: string, status: number): Promise<Row> =>
  waitFor(async () => {
    const found = await easel.project.manage(`/usage?limit=1&method=${method}&status=${status}`);
    return ((await found.json()) as { calls: Row[] }).calls[0];
  });

interface Slow {
  readonly socket: Socket;
  received(): string;
}

function open(): Slow {
  const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1");
  let text = "";
  socket.on("data", (data) => {
    text += data.toString("latin1");
  });
  socket.on("error", () => {});
  return { socket, received: () => text };
}

/** One byte after the other, until the other side ends it. */
async function trickle({ socket }: Slow, text: string): Promise<void> {
  for (let at = 0; !socket.destroyed && !socket.readableEnded; at += 1) {
    socket.write(text[at % text.length] ?? "x");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function head(method: string, path: string, headers: readonly string[]): string {
  return `${[`${method} /projects/${easel.project.id}/sdk${path} HTTP/1.1`, "Host: localhost", `Authorization: Bearer ${token}`, ...headers].join("\r\n")}\r\n\r\n`;
}

describe("A caller that sends a byte now and then is told 408 and let go, while others are answered", () => {
  test("in a request's head", async () => {
    const slow = open();
    const sending = trickle(slow, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".padEnd(10_000, "x"));
    expect((await call()).status).toBe(200);
    await sending;
    expect(slow.received()).toContain("HTTP/1.1 408");
    expect(slow.received()).toContain('"code":"request_timeout"');
  });

  test("in a body that Easel itself reads", async () => {
    const slow = open();
    slow.socket.write(head("POST", "/credentials", ["Content-Type: application/json", "Content-Length: 5000"]));
    await trickle(slow, " ");
    expect(slow.received()).toContain("HTTP/1.1 408");
    expect(slow.received()).toContain('"code":"request_timeout"');
    expect(slow.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test("in a small body for Tableau, which gets nothing of it", async () => {
    const before = tableau.received.length;
    const slow = open();
    slow.socket.write(head("POST", "/proxy/tableau/projects", ["Content-Length: 5000"]));
    const sending = trickle(slow, "x");
    expect((await call()).status).toBe(200);
    await sending;
    expect(slow.received()).toContain("HTTP/1.1 408");
    const row = await rowOf("POST", 408);
    expect(row.attempts).toBe(0);
    expect(row.bytesIn).toBeGreaterThan(0);
    expect(row.bytesIn).toBeLessThan(200);
    expect(tableau.received.length).toBe(before + 1);
  });

  test("in a large body for Tableau, whose request is ended", async () => {
    let isCut = false;
    tableau.answer((request) => {
      request.on("error", () => {
        isCut = true;
      });
      request.resume();
    });
    const slow = open();
    slow.socket.write(head("PUT", "/proxy/tableau/projects", ["Content-Length: 10000000"]));
    slow.socket.write("x".repeat(400_000));
    await trickle(slow, "x");
    expect(slow.received()).toContain("HTTP/1.1 408");
    await waitFor(() => isCut);
    const row = await rowOf("PUT", 408);
    expect(row.attempts).toBe(1);
    expect(row.bytesIn).toBeGreaterThanOrEqual(400_000);
  });
});

test("a caller is not blamed where Tableau takes a body slowly", async () => {
  let take: () => void = () => {};
  tableau.answer((request, response) => {
    take = () => {
      request.resume();
      request.once("end", () => json(response, 200, {}));
    };
  });
  const sending = call({ method: "PUT", body: "x".repeat(30_000_000) });
  await waitFor(() => tableau.received.at(-1)?.method === "PUT");
  // Longer than a slow caller is waited for.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  take();
  const response = await sending;
  expect(response.status).toBe(200);
});

test("a caller that takes nothing of its answer is let go, and its row says so", async () => {
  let isCancelled = false;
  tableau.answer((_request, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    const block = Buffer.alloc(1_000_000, "x");
    const push = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on("drain", push);
    response.on("close", () => {
      isCancelled = true;
    });
    push();
  });
  const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1").on("error", () => {});
  socket.pause();
  socket.write(head("GET", "/proxy/tableau/projects", []));
  await waitFor(() => isCancelled);
  const row = await rowOf("GET", 499);
  expect(row.bytesOut).toBeGreaterThan(1_000_000);
  socket.destroy();
});

describe("A Tableau that answers a byte now and then", () => {
  const slowly =
    (text: string, everyMs: number) =>
    (_request: IncomingMessage, { socket }: ServerResponse): void => {
      let at = 0;
      const timer = setInterval(() => {
        if (socket === null || socket.destroyed || at >= text.length) {
          clearInterval(timer);
          socket?.end();
        } else {
          socket.write(text[at] ?? "");
          at += 1;
        }
      }, everyMs);
    };

  test("in the head of its answer is not waited for longer than for a first byte, and is asked once", async () => {
    const before = tableau.received.length;
    tableau.answer(slowly(`HTTP/1.1 200 OK\r\nX-Slow: ${"x".repeat(10_000)}`, 20));
    const response = await call();
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: "tableau_server_slow" });
    expect(tableau.received.length).toBe(before + 1);
    expect(await rowOf("GET", 504)).toMatchObject({ attempts: 1 });
  });

  test("in the body is passed on as it comes: pauses, and not slowness, end an answer", async () => {
    const body = JSON.stringify({ slow: "x".repeat(60) });
    tableau.answer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      let at = 0;
      const timer = setInterval(() => {
        if (at === body.length) {
          clearInterval(timer);
          response.end();
        } else response.write(body[at]);
        at += 1;
      }, 20);
    });
    const response = await call();
    expect(await response.json()).toEqual({ output: JSON.parse(body) });
  });

  test("and stops in the middle is cut, and so is the caller's answer", async () => {
    tableau.answer((_request, response) => {
      response.writeHead(200, { "content-type": "text/csv", "content-length": "1000" });
      response.write("half");
    });
    const response = await call();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    const row = await rowOf("GET", 502);
    expect(row.bytesOut).toBe(4);
    expect(row.ms).toBeGreaterThan(900);
  });
});

test("a connection that says nothing at all is closed", async () => {
  const socket = connect(Number(new URL(easel.origin).port), "127.0.0.1").on("error", () => {});
  socket.resume();
  await once(socket, "close");
});
