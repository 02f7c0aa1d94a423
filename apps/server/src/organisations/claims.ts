import { claimValue } from "../keys/claim-value.ts";

type Claims = Readonly<Record<string, unknown>>;

const LONGEST = 255;

/**
 * The organisation that a user token names, by the claim that the integration says: a text, or a number as text. Null
 * where it names none: then the project's own trust is in effect.
 */
export function organisationOf(claims: Claims, claim: string): string | null {
  const value = claimValue(claims, claim);
  const name = typeof value === "number" ? String(value) : value;
  return isOrganisationName(name) ? name : null;
}

/** Half a character becomes U+FFFD in the database, which would make one organisation of two. */
export function isOrganisationName(name: unknown): name is string {
  const hasControl = (text: string) => /\p{Cc}/u.test(text);
  return typeof name === "string" && name !== "" && name.length <= LONGEST && name.isWellFormed() && !hasControl(name);
}

const ADMINISTRATOR = "tableau.admin";

/** May this person set up their organisation's trust? Nothing but a plain yes counts. */
export function isTableauAdministrator(claims: Claims): boolean {
  const value = claimValue(claims, ADMINISTRATOR);
  return value === true || value === "true";
}
