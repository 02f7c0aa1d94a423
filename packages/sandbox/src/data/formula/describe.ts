import type { Value } from "../table.ts";
import type { Overload, ParameterType, ScalarFunction } from "./functions.ts";

/** Describes a function: its ways to be called as `REAL, INTEGER -> REAL`, and what it does. */
export function scalar(
  name: string,
  ways: string | readonly string[],
  apply: ScalarFunction["apply"],
  knowsNulls = false,
): ScalarFunction {
  return { name, overloads: [ways].flat().map(overload), apply, knowsNulls };
}

export function overload(way: string): Overload {
  const [takes = "", returns = ""] = way.split("->").map((side) => side.trim());
  return { takes: takes === "" ? [] : takes.split(", ").map(parameterType), returns: parameterType(returns) };
}

function parameterType(written: string): ParameterType {
  const found = parameterTypes.find((type) => type === written);
  if (found === undefined) throw new Error(`There is no type ${written}.`);
  return found;
}

const parameterTypes: readonly ParameterType[] = ["STRING", "INTEGER", "REAL", "BOOLEAN", "DATE", "DATETIME", "ANY"];

/** The argument as a number, and as text: a function is only called with what its overloads take. */
export function number(value: Value | undefined): number {
  return typeof value === "number" ? value : Number(value ?? 0);
}

export function text(value: Value | undefined): string {
  return value === undefined || value === null ? "" : String(value);
}
