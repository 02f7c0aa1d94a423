import type { Operator, Raw } from "./description.ts";

/** Whether a value that an item has is one that a filter asks for. */
export type Matcher = (found: Raw) => boolean;

/** Makes the test of one filter expression. Done once for a request, so that testing an item allocates nothing. */
export function matcher(operator: Operator, wanted: readonly Raw[]): Matcher {
  const [first = ""] = wanted;
  switch (operator) {
    case "eq":
    case "in":
      return anyOf(wanted);
    case "gt":
      return (found) => found > first;
    case "gte":
      return (found) => found >= first;
    case "lt":
      return (found) => found < first;
    case "lte":
      return (found) => found <= first;
    case "has": {
      const part = String(first);
      return (found) => String(found).includes(part);
    }
    case "cieq": {
      const lower = String(first).toLowerCase();
      return (found) => String(found).toLowerCase() === lower;
    }
  }
}

function anyOf(wanted: readonly Raw[]): Matcher {
  const exact = new Set(wanted.filter((value) => !hasWildcard(value)));
  const patterns = wanted.filter(hasWildcard).map((value) => wildcard(String(value)));
  const [only] = exact;
  if (patterns.length > 0) return (found) => exact.has(found) || patterns.some((matches) => matches(found));
  return exact.size === 1 ? (found) => found === only : (found) => exact.has(found);
}

function hasWildcard(value: Raw): boolean {
  return typeof value === "string" && value.includes("*");
}

/**
 * `*` stands for any characters, none included: `mark*`, `*-ample`, and in place of a comma or an ampersand, which a
 * filter cannot hold (Tableau help, "Filtering and Sorting"; TSC issue 1200). Not a regular expression: each part is
 * looked for once, so that no pattern takes long.
 */
function wildcard(pattern: string): Matcher {
  const [start = "", ...others] = pattern.split("*");
  const end = others.pop() ?? "";
  const [part = ""] = others;
  // The usual one, `*part*`.
  if (start === "" && end === "" && others.length === 1) return (value) => String(value).includes(part);
  return (value) => {
    const found = String(value);
    if (found.length < start.length + end.length || !found.startsWith(start) || !found.endsWith(end)) return false;
    let at = start.length;
    for (const part of others) {
      const next = found.indexOf(part, at);
      if (next === -1) return false;
      at = next + part.length;
    }
    return at <= found.length - end.length;
  };
}
