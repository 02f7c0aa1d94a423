import { scalar } from "./describe.ts";
import type { ScalarFunction } from "./functions.ts";

/** Functions that know what to do with nulls (Tableau help, "Logical Functions"). */
export const logicFunctions: readonly ScalarFunction[] = [
  scalar("IFNULL", "ANY, ANY -> ANY", ([value = null, otherwise = null]) => value ?? otherwise, true),
  scalar("ISNULL", "ANY -> BOOLEAN", ([value]) => value === null, true),
  scalar("ZN", ["INTEGER -> INTEGER", "REAL -> REAL"], ([value]) => value ?? 0, true),
  scalar(
    "IIF",
    ["BOOLEAN, ANY, ANY -> ANY", "BOOLEAN, ANY, ANY, ANY -> ANY"],
    ([condition, then = null, otherwise = null, unknown = null]) =>
      condition === null ? unknown : condition === true ? then : otherwise,
    true,
  ),
  // Of two values each; of one they are aggregates.
  scalar("MIN", "ANY, ANY -> ANY", ([one = null, other = null]) =>
    one !== null && other !== null && other < one ? other : one,
  ),
  scalar("MAX", "ANY, ANY -> ANY", ([one = null, other = null]) =>
    one !== null && other !== null && other > one ? other : one,
  ),
];
