/**
 * Which Tableau user a user token names: the value of a claim, found by its whole name first (`tableau.username` may be
 * one literal key) and by path second (`tableau: { username }`). It comes from the SaaS, never from the person.
 *
 * `email` counts only beside `email_verified: true`: an address that nobody checked would let people sign in as others.
 *
 * @returns the user name, or null where the token names none
 */
export function tableauUsername(claims: Readonly<Record<string, unknown>>, claim: string): string | null {
  if (claim === "email" && claims.email_verified !== true) return null;
  const value = Object.hasOwn(claims, claim) ? claims[claim] : atPath(claims, claim.split("."));
  return typeof value === "string" && value.trim() !== "" && value.length <= LONGEST ? value : null;
}

const LONGEST = 512;

function atPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
