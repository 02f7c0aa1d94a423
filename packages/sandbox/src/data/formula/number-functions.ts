import type { Value } from "../table.ts";
import { number, scalar, text } from "./describe.ts";
import type { ScalarFunction } from "./functions.ts";

const ofReal = (name: string, apply: (value: number) => number): ScalarFunction =>
  scalar(name, "REAL -> REAL", ([value]) => finite(apply(number(value))));

/** Functions of numbers (Tableau help, "Number Functions" and "Type Conversion"). */
export const numberFunctions: readonly ScalarFunction[] = [
  scalar("ABS", ["INTEGER -> INTEGER", "REAL -> REAL"], ([value]) => Math.abs(number(value))),
  scalar("CEILING", "REAL -> INTEGER", ([value]) => Math.ceil(number(value))),
  scalar("FLOOR", "REAL -> INTEGER", ([value]) => Math.floor(number(value))),
  scalar("ROUND", ["INTEGER -> INTEGER", "REAL -> REAL", "REAL, INTEGER -> REAL"], ([value, places]) =>
    roundTo(number(value), number(places)),
  ),
  scalar("SIGN", "REAL -> INTEGER", ([value]) => Math.sign(number(value))),
  scalar("DIV", "INTEGER, INTEGER -> INTEGER", ([value, by]) => finite(Math.trunc(number(value) / number(by)))),
  scalar("POWER", "REAL, REAL -> REAL", ([base, exponent]) => finite(number(base) ** number(exponent))),
  scalar("LOG", ["REAL -> REAL", "REAL, REAL -> REAL"], ([value, base = 10]) =>
    finite(Math.log(number(value)) / Math.log(number(base))),
  ),
  scalar("PI", "-> REAL", () => Math.PI),
  scalar("ATAN2", "REAL, REAL -> REAL", ([y, x]) => Math.atan2(number(y), number(x))),
  scalar("INT", ["REAL -> INTEGER", "BOOLEAN -> INTEGER", "STRING -> INTEGER"], ([value]) => {
    const read = toNumber(value);
    return read === null ? null : Math.trunc(read);
  }),
  scalar("FLOAT", ["REAL -> REAL", "BOOLEAN -> REAL", "STRING -> REAL"], ([value]) => toNumber(value)),
  ofReal("SQRT", Math.sqrt),
  ofReal("SQUARE", (value) => value * value),
  ofReal("EXP", Math.exp),
  ofReal("LN", Math.log),
  ofReal("SIN", Math.sin),
  ofReal("COS", Math.cos),
  ofReal("TAN", Math.tan),
  ofReal("COT", (value) => 1 / Math.tan(value)),
  ofReal("ASIN", Math.asin),
  ofReal("ACOS", Math.acos),
  ofReal("ATAN", Math.atan),
  ofReal("DEGREES", (value) => (value * 180) / Math.PI),
  ofReal("RADIANS", (value) => (value * Math.PI) / 180),
];

/** Null where a number has no answer: a division by zero, the root of a negative number. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function roundTo(value: number, places: number): number {
  const factor = 10 ** Math.max(-300, Math.min(15, places));
  const scaled = value * factor;
  // Halves go away from zero, as in Tableau; a little is added for those that binary fractions miss by a little.
  const rounded = (Math.sign(scaled) * Math.round(Math.abs(scaled) * (1 + Number.EPSILON))) / factor;
  return Number.isFinite(rounded) ? rounded : value;
}

function toNumber(value: Value | undefined): number | null {
  if (typeof value === "boolean") return Number(value);
  const written = text(value).trim();
  return written === "" ? null : finite(Number(written));
}
