import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { again, type Effort, type Ending, retryAfter, spend } from "./retries.ts";

const GET: Effort = { isSafe: true, isRepeatable: true, startedAt: 0, retries: 0, waits: 0, waitedMs: 0 };
const POST: Effort = { ...GET, isSafe: false };
const UPLOAD: Effort = { ...POST, isRepeatable: false };
const middle = () => 0.5;

const answered = (status: number, retryAfterMs: number | null = null): Ending => ({
  kind: "answered",
  status,
  retryAfterMs,
});
const cut: Ending = { kind: "unanswered", reason: "cut", isUnsent: false };
const refused: Ending = { kind: "unanswered", reason: "refused", isUnsent: true };
const noConnection: Ending = { kind: "unanswered", reason: "timeout", isUnsent: true };
const noAnswer: Ending = { kind: "unanswered", reason: "timeout", isUnsent: false };

describe("A GET is sent again", () => {
  test.each([
    ["cut before the answer", cut, { kind: "retry", afterMs: 0 }],
    ["refused", refused, { kind: "retry", afterMs: 125 }],
    ["without a connection", noConnection, { kind: "retry", afterMs: 125 }],
    ["a gateway's 502", answered(502), { kind: "retry", afterMs: 125 }],
    ["a gateway's 503", answered(503), { kind: "retry", afterMs: 125 }],
    ["a gateway's 504", answered(504), { kind: "retry", afterMs: 125 }],
    ["429 with a time", answered(429, 2000), { kind: "wait", afterMs: 2250 }],
    ["503 with a time", answered(503, 2000), { kind: "wait", afterMs: 2250 }],
    ["429 without a time", answered(429), { kind: "wait", afterMs: 375 }],
  ])("%s", (_what, ending, expected) => {
    expect(again(ending, GET, 0, middle)).toEqual(expected);
  });

  test.each([
    ["what Tableau itself failed at", answered(500)],
    ["what it refused", answered(404)],
    ["what it still works on", noAnswer],
    ["a server that does not exist", { kind: "unanswered", reason: "unknownHost", isUnsent: true } as const],
    ["an untrusted certificate", { kind: "unanswered", reason: "tls", isUnsent: true } as const],
    ["longer than ten seconds from now", answered(429, 10_001)],
  ])("but not: %s", (_what, ending) => {
    expect(again(ending, GET, 0, middle)).toBeNull();
  });

  test("three times in all, within ten seconds, with pauses that grow", () => {
    expect(again(answered(502), { ...GET, retries: 1 }, 0, () => 0.999)).toEqual({ kind: "retry", afterMs: 500 });
    expect(again(answered(502), { ...GET, retries: 2 }, 0, middle)).toBeNull();
    expect(again(answered(504), GET, 9900, middle)).toBeNull();
  });
});

describe("What changes something is sent again", () => {
  test("only where it was not acted on", () => {
    for (const ending of [refused, noConnection, answered(429, 1000)])
      expect(again(ending, POST, 0, middle)).not.toBeNull();
    for (const ending of [cut, noAnswer, answered(502), answered(503, 1000), answered(504)])
      expect(again(ending, POST, 0, middle)).toBeNull();
  });

  test("never where its body cannot be", () => {
    for (const ending of [cut, refused, noConnection, answered(429, 1000)])
      expect(again(ending, UPLOAD, 0, middle)).toBeNull();
  });
});

test("whatever answers come, a call is sent at most seven times and waits at most twenty seconds", () => {
  const endings = fc.oneof(
    fc.record({
      kind: fc.constant("answered" as const),
      status: fc.constantFrom(429, 500, 502, 503, 504),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 20_000 })),
    }),
    fc.record({
      kind: fc.constant("unanswered" as const),
      reason: fc.constantFrom("cut" as const, "refused" as const, "timeout" as const),
      isUnsent: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(endings, { maxLength: 30 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (safe, run, luck) => {
        const effort = { ...(safe ? GET : POST) };
        let now = 0;
        let sent = 1;
        for (const ending of run) {
          const next = again(ending, effort, now, () => luck);
          if (next === null) break;
          now += next.afterMs;
          sent += 1;
          spend(effort, next);
        }
        expect(sent).toBeLessThanOrEqual(7);
        expect(now).toBeLessThanOrEqual(20_000);
        expect(effort.waitedMs).toBeLessThanOrEqual(10_000);
      },
    ),
  );
});

test("Retry-After is read as seconds and as a date, and nothing else", () => {
  const now = Date.parse("2026-11-25T12:00:00Z");
  expect(retryAfter("7", now)).toBe(7000);
  expect(retryAfter(" 0 ", now)).toBe(0);
  expect(retryAfter("Wed, 25 Nov 2026 12:00:05 GMT", now)).toBe(5000);
  expect(retryAfter("Wed, 25 Nov 2026 11:00:05 GMT", now)).toBe(0);
  for (const text of [undefined, "", "-1", "1.5", "soon", "99999999999"]) expect(retryAfter(text, now)).toBeNull();
  expect(retryAfter(["3", "9"], now)).toBe(3000);
});
