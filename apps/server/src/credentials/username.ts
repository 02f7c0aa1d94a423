import { claimValue } from "../keys/claim-value.ts";

/**
 * Which Tableau user a user token names: the value of a claim. It comes from the SaaS, never from the person.
 *
 * `email` counts only beside `email_verified: true`: an address that nobody checked would let people sign in as others.
 *
 * @returns the user name, or null where the token names none
 */
export function tableauUsername(claims: Readonly<Record<string, unknown>>, claim: string): string | null {
  if (claim === "email" && claims.email_verified !== true) return null;
  const value = claimValue(claims, claim);
  return typeof value === "string" && value.trim() !== "" && value.length <= LONGEST ? value : null;
}

const LONGEST = 512;
