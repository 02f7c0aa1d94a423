import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextRun, type Recurrence, weekDays } from "./recurrence.ts";

const at = (written: string): number => Date.parse(written);

function after(now: string, recurrence: Partial<Recurrence> & Pick<Recurrence, "frequency">): string | undefined {
  const next = nextRun({ start: "06:00:00", end: undefined, intervals: [], ...recurrence }, at(now));
  return next === undefined ? undefined : new Date(next).toISOString().slice(0, 16);
}

describe("the next run", () => {
  // 14 February 2024 was a Wednesday.
  const now = "2024-02-14T10:20:00Z";

  test.each<[string, Partial<Recurrence> & Pick<Recurrence, "frequency">, string]>([
    ["daily: tomorrow, when today's is over", { frequency: "Daily" }, "2024-02-15T06:00"],
    ["daily: today, when it is to come", { frequency: "Daily", start: "23:30:00" }, "2024-02-14T23:30"],
    ["daily on Fridays", { frequency: "Daily", intervals: [{ weekDay: "Friday" }] }, "2024-02-16T06:00"],
    ["every two hours", { frequency: "Hourly", end: "18:00:00", intervals: [{ hours: 2 }] }, "2024-02-14T12:00"],
    ["every quarter", { frequency: "Hourly", end: "18:00:00", intervals: [{ minutes: 15 }] }, "2024-02-14T10:30"],
    ["the window is over", { frequency: "Hourly", end: "10:00:00", intervals: [{ hours: 1 }] }, "2024-02-15T06:00"],
    [
      "a window over midnight is still open",
      { frequency: "Hourly", start: "22:00:00", end: "11:00:00", intervals: [{ hours: 1 }] },
      "2024-02-14T11:00",
    ],
    ["around the clock", { frequency: "Hourly", end: "06:00:00", intervals: [{ hours: 8 }] }, "2024-02-14T14:00"],
    [
      "weekly",
      { frequency: "Weekly", intervals: [{ weekDay: "Monday" }, { weekDay: "Wednesday" }] },
      "2024-02-19T06:00",
    ],
    ["monthly on a date", { frequency: "Monthly", intervals: [{ monthDay: "14" }] }, "2024-03-14T06:00"],
    [
      "monthly on a date that not all months have",
      { frequency: "Monthly", intervals: [{ monthDay: "31" }] },
      "2024-03-31T06:00",
    ],
    ["monthly on the last day", { frequency: "Monthly", intervals: [{ monthDay: "LastDay" }] }, "2024-02-29T06:00"],
    [
      "the first Monday",
      { frequency: "Monthly", intervals: [{ monthDay: "First", weekDay: "Monday" }] },
      "2024-03-04T06:00",
    ],
    [
      "the last Friday",
      { frequency: "Monthly", intervals: [{ monthDay: "Last", weekDay: "Friday" }] },
      "2024-02-23T06:00",
    ],
  ])("%s", (_what, recurrence, expected) => {
    expect(after(now, recurrence)).toBe(expected);
  });

  test("is in the future and at the start time, whatever the recurrence and whenever it is asked", () => {
    const intervals = fc.uniqueArray(fc.constantFrom(...weekDays), { minLength: 1 });
    const times = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const moments = fc.date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(intervals, times, moments, (days, [hours, minutes], date) => {
        const start = `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}:00`;
        const recurrence = { frequency: "Weekly" as const, start, end: undefined };
        const next = nextRun({ ...recurrence, intervals: days.map((weekDay) => ({ weekDay })) }, date.getTime());
        const run = new Date(next ?? 0);
        expect(run.getTime()).toBeGreaterThan(date.getTime());
        expect(run.getTime() - date.getTime()).toBeLessThanOrEqual(7 * 24 * 3_600_000);
        expect(run.toISOString().slice(11, 19)).toBe(start);
        expect(days).toContain(weekDays[run.getUTCDay()]);
      }),
    );
  });
});
