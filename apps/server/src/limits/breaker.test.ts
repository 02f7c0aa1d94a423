import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Breaker, type BreakerEvent, CLOSED, next } from "./breaker.ts";

function after(events: readonly BreakerEvent[], from: Breaker = CLOSED, now = 0): Breaker {
  return events.reduce((breaker, event) => next(breaker, event, now), from);
}

const silences = (count: number): BreakerEvent[] => Array.from({ length: count }, () => "silent");

describe("A breaker", () => {
  test("opens after five silences in a row, and not after four", () => {
    expect(after(silences(4)).kind).toBe("closed");
    expect(after(silences(5))).toEqual({ kind: "open", until: 5000, opened: 1 });
  });

  test("stays closed where an answer comes between them, or a minute", () => {
    expect(after([...silences(4), "answered", ...silences(4)]).kind).toBe("closed");
    const later = after(silences(4));
    expect(next(later, "silent", 60_001)).toMatchObject({ kind: "closed", silences: 1 });
  });

  test("opens at once where the server was asked and is dead", () => {
    expect(after(["dead"])).toEqual({ kind: "open", until: 5000, opened: 1 });
  });

  test("asks once its pause is over, and not before", () => {
    const open = after(["dead"]);
    expect(next(open, "asked", 4999)).toBe(open);
    const asking = next(open, "asked", 5000);
    expect(asking).toEqual({ kind: "halfOpen", opened: 1 });
    expect(next(asking, "asked", 5000)).toBe(asking);
    expect(next(asking, "answered", 5001)).toBe(CLOSED);
  });

  test("doubles its pause up to a minute while the server stays dead", () => {
    let breaker = after(["dead"]);
    let now = 0;
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      if (breaker.kind !== "open") throw new Error("It is not open.");
      pauses.push(breaker.until - now);
      now = breaker.until;
      breaker = next(next(breaker, "asked", now), "dead", now);
    }
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  test("is not held open by old calls that end silently while it asks", () => {
    const asking = next(after(["dead"]), "asked", 5000);
    expect(next(asking, "silent", 5000)).toBe(asking);
  });
});

test("whatever happens in whatever order: an answer closes it, and it is never open for more than a minute", () => {
  const events = fc.array(
    fc.tuple(
      fc.constantFrom<BreakerEvent>("answered", "silent", "dead", "asked"),
      fc.integer({ min: 0, max: 120_000 }),
    ),
  );
  fc.assert(
    fc.property(events, (steps) => {
      let now = 0;
      let breaker: Breaker = CLOSED;
      for (const [event, gap] of steps) {
        now += gap;
        const before = breaker;
        breaker = next(breaker, event, now);
        if (event === "answered") expect(breaker.kind).toBe("closed");
        if (breaker.kind === "open") expect(breaker.until - now).toBeLessThanOrEqual(60_000);
        // Refused calls bring no events: only being asked leads on from open, only an answer or a death from half-open.
        if (before.kind === "open" && breaker.kind === "halfOpen") expect(event).toBe("asked");
        if (before.kind === "halfOpen" && breaker.kind === "open") expect(event).toBe("dead");
        if (before.kind !== "halfOpen")
          expect(breaker.kind === "halfOpen").toBe(before.kind === "open" && event === "asked" && now >= before.until);
      }
    }),
  );
});

test("in the usual state an answer makes no new object", () => {
  expect(next(CLOSED, "answered", 1)).toBe(CLOSED);
});
