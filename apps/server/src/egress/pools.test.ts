import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { LookupFunction } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Pool } from "undici";
import { expect, onTestFinished, test, vi } from "vitest";
import { parseEgressAllow } from "./allowance.ts";
import { createGuard } from "./guard.ts";
import { createPools } from "./pools.ts";
import { startHttp } from "./servers.fixture.ts";

/** Two origins with a connection each, and two requests in line for it. The server keeps `/wait` waiting. */
async function start({ lifetimeMs = 60_000 } = {}) {
  const waiting: ServerResponse[] = [];
  const opened: string[] = [];
  const { port, server } = await startHttp((request, response) => {
    if (request.url === "/wait") waiting.push(response);
    else response.end();
  });
  const pools = createPools({
    guard: createGuard(parseEgressAllow("a.test, b.test, c.test, 127.0.0.1")),
    open(target) {
      opened.push(target.host);
      // The pools are what is tested here: every name leads to the one server.
      return new Pool(target.origin, { connections: 1, connect: { lookup: toLoopback } });
    },
    maxOrigins: 2,
    maxQueued: 2,
    lifetimeMs,
  });
  onTestFinished(() => pools.destroy());
  const call = async (host: string, path = "/", signal?: AbortSignal) => {
    const origin = `http://${host}:${port}`;
    const answer = await pools.dispatcher.request({ origin, path, method: "GET", signal: signal ?? null });
    await answer.body.dump();
    await nextTurn(); // undici frees a connection in the turn after its answer has ended
    return answer.statusCode;
  };
  const waited = (count: number) => vi.waitFor(() => expect(waiting).toHaveLength(count));
  return { call, opened, waiting, waited, server };
}

const toLoopback: LookupFunction = (_, options, callback) => {
  if (options.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

test("an origin has one pool, however it is spelled", async () => {
  const { call, opened } = await start();
  for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "127.0.0.1"]) expect(await call(host)).toBe(200);
  expect(opened).toEqual(["127.0.0.1"]);
});

test("a pool whose time is over takes no more requests, and ends those that it has", async () => {
  const { call, opened, waiting, waited, server } = await start({ lifetimeMs: 0 });
  const early = call("a.test", "/wait");
  await waited(1);
  expect(await call("a.test")).toBe(200);
  expect(opened).toEqual(["a.test", "a.test"]);
  waiting[0]?.end();
  expect(await early).toBe(200);
  // Only the newer one's connection stays.
  await vi.waitFor(async () => {
    expect(await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(1);
  });
});

test("a new origin takes the place of the one used longest ago", async () => {
  const { call, opened, server } = await start();
  await call("a.test");
  await call("b.test");
  await call("a.test");
  const counted = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  expect(await counted()).toBe(2);
  await call("c.test"); // instead of b
  await vi.waitFor(async () => expect(await counted()).toBe(2));
  await call("a.test");
  expect(opened).toEqual(["a.test", "b.test", "c.test"]);
  await call("b.test");
  expect(opened).toEqual(["a.test", "b.test", "c.test", "b.test"]);
});

test("an origin with a request under way keeps its place", async () => {
  const { call, opened, waiting, waited } = await start();
  const slow = call("a.test", "/wait");
  await waited(1);
  await call("b.test");
  await call("c.test"); // instead of b, though a was used before it
  expect(opened).toEqual(["a.test", "b.test", "c.test"]);
  waiting[0]?.end();
  expect(await slow).toBe(200);
});

test("while every origin is busy, a new one is told so, and has its turn later", async () => {
  const { call, waiting, waited } = await start();
  const slow = [call("a.test", "/wait"), call("b.test", "/wait")];
  await waited(2);
  await expect(call("c.test")).rejects.toMatchObject({ code: "egress_busy", reason: "refused" });
  for (const response of waiting) response.end();
  expect(await Promise.all(slow)).toEqual([200, 200]);
  expect(await call("c.test")).toBe(200);
});

test("the line at an origin is bounded, and moves on", async () => {
  const { call, waiting, waited } = await start();
  const slow = call("a.test", "/wait");
  await waited(1);
  const inLine = [call("a.test"), call("a.test")];
  await expect(call("a.test")).rejects.toMatchObject({ code: "egress_busy" });
  waiting[0]?.end();
  expect(await Promise.all([slow, ...inLine])).toEqual([200, 200, 200]);
  expect(await call("a.test")).toBe(200);
});

test("who leaves the line makes room", async () => {
  const { call, waiting, waited } = await start();
  const slow = call("a.test", "/wait");
  await waited(1);
  const leaver = new AbortController();
  const left = expect(call("a.test", "/", leaver.signal)).rejects.toThrow();
  const stays = call("a.test");
  leaver.abort();
  await left;
  const late = call("a.test");
  waiting[0]?.end();
  expect(await Promise.all([slow, stays, late])).toEqual([200, 200, 200]);
});

test("a pool that lost its place ends its connections", async () => {
  const { call, server } = await start();
  const closed = new Promise((resolve) => {
    server.once("connection", (socket) => once(socket, "close").then(resolve));
  });
  await call("a.test");
  await call("b.test");
  await call("c.test");
  await closed;
});
