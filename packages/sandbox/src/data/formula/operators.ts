import { add, parseDate, writeLike } from "../dates.ts";
import { combine, type Expression } from "../expression.ts";
import { fail } from "../problem.ts";
import type { Value } from "../table.ts";
import { finite } from "./number-functions.ts";
import type { FormulaType, Operator } from "./parse.ts";
import { bounded } from "./string-functions.ts";

/** `left operator right`, checked for its types. A null makes a null, but for what AND and OR know without it. */
export function applyOperator(operator: Operator, left: Expression, right: Expression): Expression {
  const parts = [left, right];
  if (operator === "AND" || operator === "OR") {
    if (!are(parts, isBoolean)) mismatch(operator, left, right);
    const decides = operator === "OR";
    return combine(parts, "BOOLEAN", ([one = null, other = null]) => {
      if (one === decides || other === decides) return decides;
      return one === null || other === null ? null : !decides;
    });
  }
  const compared = comparisons.get(operator);
  if (compared !== undefined) {
    if (!comparable(left.type, right.type)) mismatch(operator, left, right);
    const order = are(parts, isDate) ? orderOfDates : orderOf;
    return withValues(parts, "BOOLEAN", (one, other) => compared(order(one, other)));
  }
  return arithmetic(operator, left, right);
}

type Present = Exclude<Value, null>;

function withValues(
  parts: readonly Expression[],
  type: FormulaType,
  apply: (one: Present, other: Present) => Value,
): Expression {
  return combine(parts, type, ([one = null, other = null]) =>
    one === null || other === null ? null : apply(one, other),
  );
}

const comparisons: ReadonlyMap<Operator, (order: number) => boolean> = new Map([
  ["=", (order) => order === 0],
  ["<>", (order) => order !== 0],
  ["<", (order) => order < 0],
  ["<=", (order) => order <= 0],
  [">", (order) => order > 0],
  [">=", (order) => order >= 0],
]);

function orderOf(one: Present, other: Present): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** A date is the same moment as that date's midnight. */
function orderOfDates(one: Present, other: Present): number {
  const withTime = (date: Present): string => (String(date).length > 10 ? String(date) : `${date}T00:00:00`);
  return orderOf(withTime(one), withTime(other));
}

const calculations: ReadonlyMap<Operator, (one: number, other: number) => number> = new Map([
  ["+", (one, other) => one + other],
  ["-", (one, other) => one - other],
  ["*", (one, other) => one * other],
  ["/", (one, other) => one / other],
  ["%", (one, other) => one % other],
  ["^", (one, other) => one ** other],
]);

function arithmetic(operator: Operator, left: Expression, right: Expression): Expression {
  const parts = [left, right];
  if (operator === "+" && are(parts, isString)) {
    return withValues(parts, "STRING", (one, other) => bounded(`${one}${other}`));
  }
  if ((operator === "+" || operator === "-") && isDate(left.type)) {
    if (isDate(right.type) && operator === "-") {
      return withValues(parts, "REAL", (one, other) => daysBetween(String(other), String(one)));
    }
    if (isNumber(right.type)) {
      const sign = operator === "+" ? 1 : -1;
      return withValues(parts, left.type, (one, other) => moved(String(one), sign * Number(other)));
    }
  }
  const calculate = calculations.get(operator);
  if (calculate === undefined || !are(parts, isNumber)) return mismatch(operator, left, right);
  const isWhole = operator !== "/" && are(parts, (type) => type === "INTEGER" || type === "NULL");
  return withValues(parts, isWhole ? "INTEGER" : "REAL", (one, other) => finite(calculate(Number(one), Number(other))));
}

function daysBetween(from: string, to: string): number | null {
  const [start, end] = [parseDate(from), parseDate(to)];
  return start === undefined || end === undefined ? null : (end - start) / 86_400_000;
}

function moved(date: string, days: number): string | null {
  const at = parseDate(date);
  return at === undefined ? null : writeLike(date, add("DAYS", days, at));
}

function are(parts: readonly Expression[], is: (type: FormulaType) => boolean): boolean {
  return parts.every(({ type }) => is(type));
}

const isNumber = (type: FormulaType): boolean => type === "INTEGER" || type === "REAL" || type === "NULL";
const isString = (type: FormulaType): boolean => type === "STRING" || type === "NULL";
const isBoolean = (type: FormulaType): boolean => type === "BOOLEAN" || type === "NULL";
const isDate = (type: FormulaType): boolean => type === "DATE" || type === "DATETIME";

function comparable(one: FormulaType, other: FormulaType): boolean {
  return [isNumber, isString, isBoolean, isDate].some((is) => is(one) && is(other)) || other === "NULL";
}

function mismatch(operator: Operator, left: Expression, right: Expression): never {
  const types = [left, right].map(({ type }) => (type === "REAL" ? "float" : type.toLowerCase()));
  return fail("formula", `Can't apply '${operator}' to ${types.join(" and ")}.`);
}
