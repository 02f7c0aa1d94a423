import { type EaselError, easelError } from "../http/errors.ts";
import type { Project } from "../projects/projects.ts";

/** A verified user token: who is calling, as the SaaS says. */
export interface VerifiedToken {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The key that signed it. */
  readonly signingKeyId: string;
}

/** How far the SaaS's clock may be from ours. */
export const CLOCK_TOLERANCE_S = 60;
const LONGEST_SUBJECT = 512;
const LONGEST_LIFETIME_S = 24 * 60 * 60;

/**
 * What a user token must say, its signature being good. `now` in ms. Throws `user_token_claims`, `user_token_expired` or
 * `user_token_permissions`, each with the claim at fault.
 */
export function checkClaims(
  project: Project,
  claims: Record<string, unknown>,
  now: number,
): Omit<VerifiedToken, "signingKeyId"> {
  const subject = checkSubject(claims.sub);
  const expiresAt = checkTimes(claims, now / 1000) * 1000;
  checkAudience(project, claims.aud);
  checkRestriction(claims[RESTRICTION]);
  return { subject, claims, expiresAt };
}

function refuse(detail: string): EaselError {
  return easelError("user_token_claims", { detail });
}

/** Half a character (a lone surrogate) becomes U+FFFD in the database, which would make one user of two. */
function checkSubject(sub: unknown): string {
  const isFit =
    typeof sub === "string" && sub !== "" && sub.length <= LONGEST_SUBJECT && sub.isWellFormed() && !hasControl(sub);
  if (!isFit) throw refuse(`sub must be a text of 1 to ${LONGEST_SUBJECT} characters.`);
  return sub;
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(text);
}

/** Gives back `exp`. It is checked without tolerance: whoever signs decides when the token ends. */
function checkTimes({ iat, exp, nbf }: Record<string, unknown>, now: number): number {
  if (typeof iat !== "number" || typeof exp !== "number")
    throw refuse("iat and exp are required, in seconds since 1970.");
  if (exp <= now) throw easelError("user_token_expired", { at: writtenTime(exp) });
  if (iat > now + CLOCK_TOLERANCE_S) throw refuse("iat is in the future; check the clock of the server that signs.");
  if (nbf !== undefined && typeof nbf !== "number") throw refuse("nbf must be a number, in seconds since 1970.");
  if (nbf !== undefined && nbf > now + CLOCK_TOLERANCE_S) throw refuse("nbf is in the future.");
  if (exp - iat > LONGEST_LIFETIME_S) throw refuse("exp is more than 24 hours after iat.");
  return exp;
}

/** Numbers beyond what a date can hold (ECMAScript: 8.64e15 ms) are said as they are. */
function writtenTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function checkAudience(project: Project, aud: unknown): void {
  const audience = `useparagon.com/${project.id}`;
  if (aud === undefined) {
    if (project.requireAudience) throw refuse(`aud is required by this project: ${audience}.`);
    return;
  }
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(audience)) throw refuse(`aud must be ${audience}.`);
}

const RESTRICTION = "urn:useparagon:connect:permissions";

/**
 * Paragon documents one value of its restriction claim, `{"integration:*": true}`. What limits nothing is let through;
 * anything else asks for a limit that Easel cannot enforce, and is refused rather than ignored.
 */
function checkRestriction(restriction: unknown): void {
  if (restriction === undefined) return;
  const entries = typeof restriction === "object" && restriction !== null ? Object.entries(restriction) : null;
  const allows = entries?.length === 1 && entries[0]?.[0] === "integration:*" && entries[0][1] === true;
  if (!allows) throw easelError("user_token_permissions", { detail: JSON.stringify(restriction).slice(0, 200) });
}
