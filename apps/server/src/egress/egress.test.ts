import { once } from "node:events";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { systemResolve } from "./connector.ts";
import { EgressError, unreachableReason } from "./failure.ts";
import { get, startEgress, startHttp, startHttps, startTcp } from "./servers.fixture.ts";

const unreachable = (reason: string) => ({ kind: "unreachable", reason });
/** The error that a call of the dispatcher ends with. */
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error) => error,
  );

describe("send", () => {
  test("sends what it is given, and asks for the answer as it is", async () => {
    const { port } = await startHttp(async (request, response) => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body: await text(request) }));
    });
    const send = startEgress(`127.0.0.1:${port}`).send(10_000);
    const answer = await send({
      method: "POST",
      url: `http://127.0.0.1:${port}/api/3.27/auth/signin?a=%20b#fragment`,
      headers: { "Content-Type": "application/json", "Accept-Encoding": "gzip" },
      body: '{"name":"é"}',
    });
    const seen = JSON.parse(answer.kind === "answered" ? answer.body : "{}");
    expect(seen).toMatchObject({ method: "POST", url: "/api/3.27/auth/signin?a=%20b", body: '{"name":"é"}' });
    expect(seen.headers).toMatchObject({ "content-type": "application/json", "accept-encoding": "identity" });
  });

  test("gives the answer with its headers in lower case", async () => {
    const { port } = await startHttp((_, response) => {
      response.writeHead(404, { "X-Tableau": "here", "Set-Cookie": ["a=1", "b=2"] }).end("<tsResponse/>");
    });
    expect(await get(startEgress(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`)).toMatchObject({
      kind: "answered",
      status: 404,
      headers: { "x-tableau": "here", "set-cookie": ["a=1", "b=2"] },
      body: "<tsResponse/>",
    });
  });

  test("returns a redirect, and does not follow it", async () => {
    const paths: unknown[] = [];
    const { port } = await startHttp((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    const answer = await get(startEgress(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`);
    expect(answer).toMatchObject({ status: 302, headers: { location: "/elsewhere" } });
    expect(paths).toEqual(["/"]);
  });

  test("keeps the first 64 KB of an answer without end, and ends the connection", async () => {
    const { port, server } = await startHttp((_, response) => {
      const more = () => {
        while (response.write("é".repeat(10_000)));
      };
      response.on("drain", more);
      response.write("x"); // so that the edge falls inside a character
      more();
    });
    const gone = new Promise((resolve) => server.once("connection", (socket: Socket) => socket.once("close", resolve)));
    const answer = await get(startEgress(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`);
    expect(answer.kind === "answered" && answer.body).toBe(`x${"é".repeat(32_767)}`);
    await gone;
  });

  test("gives up at its deadline where no answer comes", async () => {
    const { port } = await startTcp(() => {});
    const send = startEgress(`127.0.0.1:${port}`).send(100);
    expect(await send({ method: "GET", url: `http://127.0.0.1:${port}/`, headers: {} })).toEqual(
      unreachable("timeout"),
    );
  });

  test("gives up at its deadline where the answer trickles", async () => {
    const { port } = await startHttp((_, response) => {
      const timer = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(timer));
    });
    const send = startEgress(`127.0.0.1:${port}`).send(150);
    expect(await send({ method: "GET", url: `http://127.0.0.1:${port}/`, headers: {} })).toEqual(
      unreachable("timeout"),
    );
  });

  test("gives up at its deadline where the name does not resolve", async () => {
    const send = startEgress("", { resolve: () => new Promise(() => {}) }).send(50);
    expect(await send({ method: "GET", url: "https://tableau.example/", headers: {} })).toEqual(unreachable("timeout"));
  });

  test.each([
    ["before it answers", ""],
    ["within the answer's head", "HTTP/1.1 200 OK\r\ncontent-"],
    ["within an answer of known length", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart"],
    ["within a chunked answer", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n"],
  ])("a server that hangs up %s cuts the answer", async (_, said) => {
    const { port } = await startTcp((socket) => socket.once("data", () => socket.end(said)));
    expect(await get(startEgress(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`)).toEqual(unreachable("cut"));
  });

  test("so does one that does not speak HTTP", async () => {
    const { port } = await startTcp((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    expect(await get(startEgress(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`)).toEqual(unreachable("cut"));
  });

  test("a port where nothing listens refuses", async () => {
    const { port, server } = await startTcp(() => {});
    server.close();
    await once(server, "close");
    const egress = startEgress(`localhost:${port}`);
    expect(await get(egress, `http://127.0.0.1:${port}/`)).toEqual(unreachable("refused"));
    expect(await get(egress, `http://localhost:${port}/`)).toEqual(unreachable("refused"));
    expect(await get(egress, `https://localhost:${port}/`)).toEqual(unreachable("refused"));
  });

  test("a name without an address is unknown", async () => {
    expect(await get(startEgress(""), "https://tableau.invalid/")).toEqual(unreachable("unknownHost"));
    expect(await get(startEgress("", { resolve: async () => [] }), "https://a.example/")).toEqual(
      unreachable("unknownHost"),
    );
  });

  test("a certificate that nobody vouches for is a TLS failure", async () => {
    const { port } = await startHttps((_, response) => response.end("secret"));
    expect(await get(startEgress(`localhost:${port}`), `https://localhost:${port}/`)).toEqual(unreachable("tls"));
  });

  test("so is a server that speaks plain HTTP there", async () => {
    const { port } = await startHttp((_, response) => response.end());
    expect(await get(startEgress(`localhost:${port}`), `https://localhost:${port}/`)).toEqual(unreachable("tls"));
  });
});

describe("what is not allowed is not called", () => {
  test.each([
    "https://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT/",
    "https://localhost:PORT/",
    "http://2130706433:PORT/",
  ])("%s, without an allowance", async (pattern) => {
    const { port, server } = await startTcp(() => {});
    const called = vi.fn();
    server.on("connection", called);
    const egress = startEgress("");
    const url = pattern.replace("PORT", String(port));
    expect(egress.check(url)).toMatchObject({ kind: "forbidden" });
    expect(await get(egress, url)).toEqual(unreachable("forbidden"));
    const failure = await failureOf(egress.dispatcher.request({ origin: new URL(url), path: "/", method: "GET" }));
    expect(unreachableReason(failure)).toBe("forbidden");
    expect(called).not.toHaveBeenCalled();
  });

  test.each(["http://user:secret@127.0.0.1:PORT/", "nonsense", "/relative", "ftp://127.0.0.1:PORT/"])(
    "%s, with one",
    async (pattern) => {
      const { port } = await startHttp((_, response) => response.end());
      const egress = startEgress(`127.0.0.1:${port}`);
      expect(await get(egress, pattern.replace("PORT", String(port)))).toEqual(unreachable("forbidden"));
    },
  );

  test("a name that resolves to a private address", async () => {
    const egress = startEgress("", { resolve: async () => ["10.0.0.1", "::1", "169.254.169.254"] });
    expect(egress.check("https://rebound.example/")).toEqual({ kind: "allowed" });
    expect(await get(egress, "https://rebound.example/")).toEqual(unreachable("forbidden"));
  });

  test("an absolute path, which would ask the server to call another", async () => {
    const { port } = await startHttp((_, response) => response.end());
    const { dispatcher } = startEgress(`127.0.0.1:${port}`);
    const origin = `http://127.0.0.1:${port}`;
    const failure = await failureOf(dispatcher.request({ origin, path: "http://10.0.0.1/", method: "GET" }));
    expect(failure).toBeInstanceOf(EgressError);
    expect(unreachableReason(failure)).toBe("forbidden");
  });
});

describe("names", () => {
  test("localhost is resolved by the system, and its allowance reaches the server at either of its spellings", async () => {
    const { port } = await startHttp((_, response) => response.end("here"));
    for (const allow of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      const egress = startEgress(allow);
      expect(await get(egress, `http://localhost:${port}/`)).toMatchObject({ body: "here" });
      expect(await get(egress, `http://127.0.0.1:${port}/`)).toMatchObject({ body: "here" });
    }
  });

  test("each connection resolves its name once, and none resolves it while one is reused", async () => {
    const resolve = vi.fn(systemResolve);
    const { port } = await startHttp((_, response) => response.end());
    const egress = startEgress(`localhost:${port}`, { resolve });
    await get(egress, `http://localhost:${port}/`);
    await nextTurn(); // undici frees a connection in the turn after its answer has ended
    await get(egress, `http://localhost:${port}/`);
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(resolve).toHaveBeenCalledWith("localhost");
    await nextTurn();
    await Promise.all([1, 2, 3].map(() => get(egress, `http://localhost:${port}/`)));
    expect(resolve).toHaveBeenCalledTimes(3);
  });

  test("a name that changes its mind between two connections is judged anew", async () => {
    const callers: unknown[] = [];
    const { port } = await startHttp((request, response) => {
      callers.push(request.socket.localAddress);
      response.shouldKeepAlive = false;
      response.end();
    });
    const answers = [["127.0.0.1"], ["127.0.0.2"], ["169.254.169.254"], ["127.0.0.2", "127.0.0.1"]];
    const egress = startEgress(`127.0.0.1:${port}`, { resolve: async () => answers.shift() ?? [] });
    const url = `http://rebound.example:${port}/`;
    expect(await get(egress, url)).toMatchObject({ status: 200 });
    expect(await get(egress, url)).toEqual(unreachable("forbidden"));
    expect(await get(egress, url)).toEqual(unreachable("forbidden"));
    // The allowed one of two is dialled, and only that one.
    expect(await get(egress, url)).toMatchObject({ status: 200 });
    expect(callers).toEqual(["127.0.0.1", "127.0.0.1"]);
  });

  test("the next address is tried where one refuses", async () => {
    const { port } = await startHttp((_, response) => response.end("here"));
    const egress = startEgress(`127.0.0.0/8, ::1`, { resolve: async () => ["::1", "127.0.0.9", "127.0.0.1"] });
    expect(await get(egress, `http://many.example:${port}/`)).toMatchObject({ body: "here" });
  });

  test("a host allowance does not lead to the metadata service", async () => {
    const egress = startEgress("tableau.corp.example", { resolve: async () => ["169.254.169.254"] });
    expect(await get(egress, "http://tableau.corp.example/latest/meta-data/")).toEqual(unreachable("forbidden"));
  });
});

describe("the dispatcher", () => {
  test("keeps connections, and never shares them between origins", async () => {
    const { port } = await startHttp((request, response) => response.end(String(request.socket.remotePort)));
    const egress = startEgress(`127.0.0.1:${port}`, { resolve: async () => ["127.0.0.1"] });
    const portOf = async (host: string) => {
      const answer = await get(egress, `http://${host}:${port}/`);
      await nextTurn();
      return answer.kind === "answered" ? answer.body : answer.reason;
    };
    const [one, again, other] = [await portOf("a.example"), await portOf("a.example"), await portOf("b.example")];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test("streams", async () => {
    const { port } = await startHttp((request, response) => request.pipe(response));
    const { dispatcher } = startEgress(`127.0.0.1:${port}`);
    const big = Buffer.alloc(5_000_000, 7);
    const request = { origin: `http://127.0.0.1:${port}`, path: "/", method: "POST", body: big };
    const answer = await dispatcher.request(request);
    expect(Buffer.from(await answer.body.arrayBuffer()).equals(big)).toBe(true);
  });

  test("does not look at proxy variables", async () => {
    const { port } = await startHttp((_, response) => response.end("direct"));
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]) vi.stubEnv(name, "http://127.0.0.1:1");
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    try {
      expect(await get(startEgress(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`)).toMatchObject({
        body: "direct",
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("gives a connection its time, the handshake included", async () => {
    const { port } = await startTcp(() => {});
    const { dispatcher } = startEgress(`127.0.0.1:${port}`, { connectTimeoutMs: 100 });
    const origin = `https://127.0.0.1:${port}`;
    const failure = await failureOf(dispatcher.request({ origin, path: "/", method: "GET" }));
    expect(failure).toMatchObject({ name: "EgressError", reason: "timeout" });
  });

  test("gives up a connection that nobody waits for any more", async () => {
    const { port, server } = await startTcp((socket) => socket.resume());
    const closed = new Promise((resolve) => server.once("connection", (socket) => socket.once("close", resolve)));
    const send = startEgress(`127.0.0.1:${port}`, { connectTimeoutMs: 600_000 }).send(100);
    // The handshake never comes to an end.
    expect(await send({ method: "GET", url: `https://127.0.0.1:${port}/`, headers: {} })).toEqual(
      unreachable("timeout"),
    );
    await closed;
  });

  test("gives the first byte its time", async () => {
    const { port } = await startTcp(() => {});
    const { dispatcher } = startEgress(`127.0.0.1:${port}`, { firstByteTimeoutMs: 100 });
    const origin = `http://127.0.0.1:${port}`;
    const failure = await failureOf(dispatcher.request({ origin, path: "/", method: "GET" }));
    expect(unreachableReason(failure)).toBe("timeout");
  });

  test("leaves an abort to the one who aborted, and a bug to be seen", async () => {
    const { port } = await startTcp(() => {});
    const { dispatcher } = startEgress(`127.0.0.1:${port}`);
    const request = { origin: `http://127.0.0.1:${port}`, path: "/", method: "GET" };
    const aborted = await failureOf(dispatcher.request({ ...request, signal: AbortSignal.abort() }));
    expect(unreachableReason(aborted)).toBe(null);
    const wrong = await failureOf(dispatcher.request({ ...request, headers: { "a b": "c" } }));
    expect(wrong).toBeInstanceOf(Error);
    expect(unreachableReason(wrong)).toBe(null);
  });
});

test("closing cuts what is under way, and nothing is sent afterwards", async () => {
  const { port, server } = await startTcp(() => {});
  const egress = startEgress(`127.0.0.1:${port}`);
  const connected = once(server, "connection");
  const answer = get(egress, `http://127.0.0.1:${port}/`);
  await connected;
  await egress.close();
  expect(await answer).toEqual(unreachable("cut"));
  expect(await get(egress, `http://127.0.0.1:${port}/`)).toEqual(unreachable("cut"));
});
