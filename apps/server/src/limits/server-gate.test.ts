import { expect, test } from "vitest";
import { createServerGate, type ServerGate } from "./server-gate.ts";

let now = 1_800_000_000_000;

function open(lives: () => boolean = () => true): { gate: ServerGate; asked: () => number } {
  let asked = 0;
  const asks = async (): Promise<boolean> => {
    asked += 1;
    return lives();
  };
  return { gate: createServerGate({ origin: "https://tableau.example", asks, clock: () => now }), asked: () => asked };
}

const never = new AbortController().signal;

function retriesLeft(gate: ServerGate): number {
  let count = 0;
  while (gate.mayRetry()) count += 1;
  return count;
}

test("retries are 256 saved up, and then a fifth of the calls and one a second", () => {
  const { gate } = open();
  expect(retriesLeft(gate)).toBe(256);
  for (let count = 0; count < 100; count += 1) {
    gate.began();
    gate.ended("unknown");
  }
  // A fifth is no whole number to a computer.
  expect([19, 20]).toContain(retriesLeft(gate));
  now += 10_000;
  expect([10, 11]).toContain(retriesLeft(gate));
  now += 3_600_000;
  expect(retriesLeft(gate)).toBe(256);
});

test("a clock that is set back gives no retries, and takes none", () => {
  const { gate } = open();
  retriesLeft(gate);
  now -= 3_600_000;
  expect(retriesLeft(gate)).toBe(0);
});

test("those who stand in line when the server turns out dead are refused, and keep no slot", async () => {
  const { gate } = open(() => false);
  const inside = 1024;
  for (let count = 0; count < inside; count += 1) expect(gate.enter(now, never)).toBeUndefined();
  const inLine = gate.enter(now, never);
  for (let count = 0; count < 5; count += 1) {
    gate.began();
    gate.ended("silent");
  }
  expect(gate.state()).toBe("open");
  gate.leave();
  await expect(inLine).rejects.toMatchObject({ code: "server_unavailable", headers: { "retry-after": "5" } });
  now += 5000;
  await expect(gate.enter(now, never)).rejects.toMatchObject({ code: "server_unavailable" });
  expect(gate.state()).toBe("open");
  // An answer to one of the old calls proves that it lives.
  gate.began();
  gate.ended("heard");
  expect(gate.state()).toBe("closed");
  expect(gate.enter(now, never)).toBeUndefined();
});

test("calls beyond the slots and the line are told so at once", async () => {
  const { gate } = open();
  for (let count = 0; count < 1024; count += 1) gate.enter(now, never);
  const caller = new AbortController();
  const line = Array.from({ length: 1024 }, () => gate.enter(now, caller.signal));
  expect(() => gate.enter(now, never)).toThrow(
    expect.objectContaining({ code: "server_busy", status: 503, headers: { "retry-after": "1" } }),
  );
  caller.abort(new Error("gone"));
  for (const waiting of line) await expect(waiting).rejects.toThrow("gone");
  gate.leave();
  expect(gate.enter(now, never)).toBeUndefined();
});

test("a server that is too slow to say that it lives, and answers others, is not taken for dead", async () => {
  const { gate, asked } = open(() => false);
  for (let count = 0; count < 12; count += 1) gate.began();
  now += 10_001;
  gate.enter(now, never);
  expect(asked()).toBe(1);
  now += 1;
  gate.ended("heard");
  await Promise.resolve();
  await Promise.resolve();
  expect(gate.state()).toBe("closed");
  now += 10_001;
  gate.enter(now, never);
  await Promise.resolve();
  await Promise.resolve();
  expect([asked(), gate.state()]).toEqual([2, "open"]);
});

test("silence is looked into once, and only where many wait", async () => {
  const { gate, asked } = open();
  for (let count = 0; count < 9; count += 1) gate.began();
  now += 10_001;
  gate.enter(now, never);
  expect(asked()).toBe(0);
  gate.began();
  gate.enter(now, never);
  gate.enter(now, never);
  expect(asked()).toBe(1);
  await Promise.resolve();
  await Promise.resolve();
  // It has said that it lives: for ten seconds nobody asks again.
  gate.enter(now, never);
  expect(asked()).toBe(1);
  expect(gate.state()).toBe("closed");
});
