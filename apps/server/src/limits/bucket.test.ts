import fc from "fast-check";
import { expect, test } from "vitest";
import { fullBucket, take, waitFor } from "./bucket.ts";

const MINUTE_MS = 60_000;
const rates = fc.integer({ min: 1, max: 100_000 });

test("lets through as many as a minute's at once, and then one after the other", () => {
  const rate = { perMinute: 60 };
  const bucket = fullBucket(rate, 0);
  for (let count = 0; count < 60; count += 1) {
    expect(waitFor(bucket, rate, 0)).toBe(0);
    take(bucket);
  }
  expect(waitFor(bucket, rate, 0)).toBe(1000);
  expect(waitFor(bucket, rate, 999)).toBe(1);
  expect(waitFor(bucket, rate, 1000)).toBe(0);
});

test("however calls come, no stretch of time has more than a minute's at once and its own share", () => {
  fc.assert(
    fc.property(rates, fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 300 }), (perMinute, gaps) => {
      const rate = { perMinute };
      const bucket = fullBucket(rate, 0);
      let now = 0;
      let passed = 0;
      for (const gap of gaps) {
        now += gap;
        if (waitFor(bucket, rate, now) > 0) continue;
        take(bucket);
        passed += 1;
        expect(passed).toBeLessThanOrEqual(perMinute + (now * perMinute) / MINUTE_MS + 1e-6);
      }
    }),
  );
});

test("whoever waits as long as told is let through, and not a millisecond sooner than is right", () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 1000 }), (perMinute, spent) => {
      const rate = { perMinute };
      const bucket = fullBucket(rate, 0);
      let now = 0;
      for (let count = 0; count < Math.min(spent, perMinute); count += 1) take(bucket);
      for (let round = 0; round < 5; round += 1) {
        const wait = waitFor(bucket, rate, now);
        expect(wait).toBeLessThanOrEqual(Math.ceil(MINUTE_MS / perMinute));
        if (wait > 1) expect(waitFor(bucket, rate, now + wait - 1)).toBeGreaterThan(0);
        now += wait;
        expect(waitFor(bucket, rate, now)).toBe(0);
        take(bucket);
      }
    }),
  );
});

test("a limit that was lowered holds at once, and a clock that is set back gives nothing", () => {
  const bucket = fullBucket({ perMinute: 1000 }, 0);
  expect(waitFor(bucket, { perMinute: 1 }, 0)).toBe(0);
  take(bucket);
  expect(waitFor(bucket, { perMinute: 1 }, 0)).toBe(MINUTE_MS);
  expect(waitFor(bucket, { perMinute: 1 }, -MINUTE_MS)).toBe(MINUTE_MS);
});
