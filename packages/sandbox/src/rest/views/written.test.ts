import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldFunction } from "../../data/table.ts";
import { readValue, writeDimension, writeMeasure } from "./written.ts";

describe("what a view's data says", () => {
  test.each([
    ["2025-03-09", "TRUNC_YEAR", "2025"],
    ["2025-08-01", "TRUNC_QUARTER", "2025 Q3"],
    ["2025-03-01", "TRUNC_MONTH", "March 2025"],
    ["2025-03-09", "TRUNC_WEEK", "March 9, 2025"],
    ["2025-03-09", undefined, "3/9/2025"],
    ["2025-03-09T00:05:09", undefined, "3/9/2025 12:05:09 AM"],
    ["2025-03-09T13:00:00", undefined, "3/9/2025 1:00:00 PM"],
    [3, "MONTH", "March"],
    [4, "QUARTER", "Q4"],
    [2025, "YEAR", "2025"],
    [12345, undefined, "12345"],
    [true, undefined, "True"],
    [null, undefined, "Null"],
    ["2025", undefined, "2025"],
  ] as const)("%j, as %s, is %s", (value, applied, written) => {
    const field = { caption: "Any", ...(applied === undefined ? {} : { function: applied }) };
    expect(writeDimension(value, field)).toBe(written);
  });

  test.each([
    [1234567.5, "1,234,567.5"],
    [-0.25, "-0.25"],
    [1 / 3, "0.333333333"],
    [null, ""],
  ])("the measure %s is %s", (value, written) => {
    expect(writeMeasure(value)).toBe(written);
  });
});

test("a filter means what the data says: every part of a date that is written is read again", () => {
  const parts: FieldFunction[] = ["TRUNC_YEAR", "TRUNC_QUARTER", "TRUNC_MONTH", "YEAR", "QUARTER", "MONTH"];
  const day = fc.date({ min: new Date("1950-01-01"), max: new Date("2100-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.constantFrom(...parts), (date, part) => {
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
      const first = { YEAR: 1, QUARTER: Math.ceil(month / 3) * 3 - 2, MONTH: month };
      const isCut = part.startsWith("TRUNC_");
      const name = part.endsWith("YEAR") ? "YEAR" : part.endsWith("QUARTER") ? "QUARTER" : "MONTH";
      const numbers = { YEAR: year, QUARTER: Math.ceil(month / 3), MONTH: month };
      const value = isCut ? `${year}-${String(first[name]).padStart(2, "0")}-01` : numbers[name];
      const read = readValue(writeDimension(value, { caption: "Order Date", function: part }), name, true);
      // A year alone is the same filter, whether it is cut from dates or a part of them.
      if (part === "TRUNC_YEAR") expect(read).toEqual({ value: String(year), part: "YEAR" });
      else expect({ ...read, value: isCut ? read.value : Number(read.value) }).toEqual({ value, part });
    }),
  );
});
