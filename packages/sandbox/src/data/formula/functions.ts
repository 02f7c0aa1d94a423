import type { Value } from "../table.ts";
import { dateFunctions } from "./date-functions.ts";
import { logicFunctions } from "./logic-functions.ts";
import { numberFunctions } from "./number-functions.ts";
import type { FormulaType } from "./parse.ts";
import { stringFunctions } from "./string-functions.ts";

/** What a parameter takes: a REAL takes whole numbers too, a DATETIME dates, ANY anything. */
export type ParameterType = Exclude<FormulaType, "NULL"> | "ANY";

/** One way to call a function. `ANY` as what it returns is what its arguments are of. */
export type Overload = { takes: readonly ParameterType[]; returns: ParameterType };

/** A function of values of one row (or of one group). It is not called with a null unless it knows nulls. */
export type ScalarFunction = {
  name: string;
  overloads: readonly Overload[];
  knowsNulls: boolean;
  /** `now` in ms, for TODAY and NOW. */
  apply: (values: readonly Value[], now: number) => Value;
};

/** Every function of rows that the sandbox knows, by name. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [...numberFunctions, ...stringFunctions, ...dateFunctions, ...logicFunctions].map((one) => [one.name, one]),
);
