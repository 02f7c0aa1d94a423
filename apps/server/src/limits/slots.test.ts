import fc from "fast-check";
import { expect, test } from "vitest";
import { createSlots, type Slots, SlotsFull } from "./slots.ts";

const PATIENCE_MS = 50;
const never = new AbortController().signal;

function open(most: number, mostWaiting: number): Slots {
  return createSlots({ most, mostWaiting, patienceMs: PATIENCE_MS });
}

test("those who wait get their turn in the order in which they came", async () => {
  const slots = open(1, 3);
  expect(slots.take(never)).toBeUndefined();
  const order: number[] = [];
  const waits = [1, 2, 3].map(async (number) => {
    await slots.take(never);
    order.push(number);
    slots.give();
  });
  expect(() => slots.take(never)).toThrow(SlotsFull);
  slots.give();
  await Promise.all(waits);
  expect(order).toEqual([1, 2, 3]);
  expect([slots.taken, slots.waiting]).toEqual([0, 0]);
});

test("whoever goes away leaves the line, and whoever waits too long is told", async () => {
  const slots = open(1, 2);
  slots.take(never);
  const caller = new AbortController();
  const gone = slots.take(caller.signal);
  const late = slots.take(never);
  caller.abort(new Error("gone"));
  await expect(gone).rejects.toThrow("gone");
  expect(slots.waiting).toBe(1);
  await expect(late).rejects.toThrow(SlotsFull);
  expect([slots.taken, slots.waiting]).toEqual([1, 0]);
  await expect(slots.take(AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
});

test("however calls come and go, no more than `most` have a slot, and none is lost", async () => {
  const steps = fc.array(fc.constantFrom("take", "give", "leave"), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 4 }),
      steps,
      async (most, queue, run) => {
        const slots = createSlots({ most, mostWaiting: queue, patienceMs: 10_000 });
        let held = 0;
        const waiting: AbortController[] = [];
        for (const step of run) {
          if (step === "give" && held > 0) {
            held -= 1;
            slots.give();
          } else if (step === "leave") waiting.shift()?.abort();
          else if (step === "take") {
            const caller = new AbortController();
            try {
              const wait = slots.take(caller.signal);
              if (wait === undefined) held += 1;
              else {
                waiting.push(caller);
                wait.then(
                  () => {
                    held += 1;
                    waiting.splice(waiting.indexOf(caller), 1);
                  },
                  () => {},
                );
              }
            } catch (error) {
              expect(error).toBeInstanceOf(SlotsFull);
              expect(slots.waiting).toBe(queue);
            }
          }
          await Promise.resolve();
          await Promise.resolve();
          expect(slots.taken).toBe(held);
          expect(held).toBeLessThanOrEqual(most);
          expect(slots.waiting === 0 || held === most).toBe(true);
        }
        for (; held > 0; held -= 1) slots.give();
        for (const caller of waiting) caller.abort();
      },
    ),
  );
});

test("who comes back goes on at once, and whoever is in line waits until there are as few as there should be", async () => {
  const slots = open(1, 1);
  slots.take(never);
  slots.give();
  slots.take(never);
  slots.takeBack();
  expect(slots.taken).toBe(2);
  const later = slots.take(never);
  slots.give();
  expect([slots.taken, slots.waiting]).toEqual([1, 1]);
  slots.give();
  await later;
  slots.give();
  expect([slots.taken, slots.waiting]).toEqual([0, 0]);
});
