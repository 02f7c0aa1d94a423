/**
 * What a user token says in a claim that a project names: found by its whole name first (`tableau.username` may be one
 * literal key), by path second (`tableau: { username }`). Undefined where it says nothing.
 */
export function claimValue(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  return claim.includes(".") ? atPath(claims, claim.split(".")) : undefined;
}

function atPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
