import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { EaselError, easelError } from "../http/errors.ts";
import type { Project } from "../projects/projects.ts";
import { findRejectedToken, type RejectedToken, upsertRejectedToken } from "./store.ts";

/** A verified user token: who is calling, as the SaaS says. */
export interface VerifiedToken {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface UserTokens {
  /** A token that was verified before, for as long as it and the project's keys are good: no signature is checked again. */
  peek(project: Project, token: string): VerifiedToken | undefined;
  /** Throws a `user_token_…` error, and keeps the token (decoded, without its signature) as the project's last rejected one. */
  verify(project: Project, token: string): Promise<VerifiedToken>;
  lastRejected(projectId: string): Promise<(RejectedToken & { rejectedAt: Date }) | undefined>;
}

/** Verified tokens kept in memory at most, for all projects. */
const KEPT = 20_000;
/** Tokens longer than this are refused unread. */
const LONGEST_TOKEN = 16_384;
const LONGEST_SUBJECT = 512;
const LONGEST_LIFETIME_S = 24 * 60 * 60;
/** How far the SaaS's clock may be from ours. */
const CLOCK_TOLERANCE_S = 60;
/** A project's last rejected token is written at most this often, so that bad tokens cost no database. */
const RECORD_EVERY_MS = 1000;

export function createUserTokens(database: DatabaseAccess, clock: () => number): UserTokens {
  // An entry counts only for the very project object that it was verified with: any change to the project or its keys
  // makes a new object, so nothing has to be searched when a key is disabled.
  const verified = new LRUCache<string, { project: Project; token: VerifiedToken }>({ max: KEPT });
  const recordedAt = new LRUCache<string, number>({ max: 1000 });

  const peek = (project: Project, token: string): VerifiedToken | undefined => {
    const entry = verified.get(token);
    return entry?.project === project && entry.token.expiresAt > clock() ? entry.token : undefined;
  };

  const record = (project: Project, token: string, error: EaselError): void => {
    const now = clock();
    if (now - (recordedAt.get(project.id) ?? 0) < RECORD_EVERY_MS) return;
    recordedAt.set(project.id, now);
    const { header, claims } = decode(token);
    // Not awaited: the answer does not depend on it, and a database that is away must not hide the real reason.
    upsertRejectedToken(database, project.id, { header, claims, code: error.code, reason: error.message }).catch(
      () => {},
    );
  };

  return {
    peek: (project, token) => peek(project, hash(token)),
    verify: async (project, token) => {
      const key = hash(token);
      const known = peek(project, key);
      if (known !== undefined) return known;
      try {
        const result = await verifyToken(project, token, clock());
        verified.set(key, { project, token: result });
        return result;
      } catch (error) {
        if (error instanceof EaselError) record(project, token, error);
        throw error;
      }
    },
    lastRejected: (projectId) => findRejectedToken(database, projectId),
  };
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}

async function verifyToken(project: Project, token: string, now: number): Promise<VerifiedToken> {
  if (token.length > LONGEST_TOKEN) throw easelError("user_token_malformed");
  const { header, claims } = decode(token);
  if (header === null || claims === null) throw easelError("user_token_malformed");
  if (header.alg !== "RS256" && header.alg !== "ES256") {
    throw easelError("user_token_claims", {
      detail: `it is signed with ${String(header.alg).slice(0, 20)}, not RS256 or ES256.`,
    });
  }
  await checkSignature(project, token, header.alg, typeof header.kid === "string" ? header.kid : undefined, now);
  return checkClaims(project, claims, now);
}

/** The key that `kid` names is tried first; without one, or where it names none of ours, every key of the algorithm. */
async function checkSignature(
  project: Project,
  token: string,
  algorithm: string,
  kid: string | undefined,
  now: number,
): Promise<void> {
  const keys = project.signingKeys.filter((key) => key.algorithm === algorithm);
  keys.sort((a, b) => Number(b.id === kid) - Number(a.id === kid));
  for (const key of keys) {
    try {
      await jwtVerify(token, key.publicKey, {
        algorithms: [algorithm],
        currentDate: new Date(now),
        clockTolerance: CLOCK_TOLERANCE_S,
        // `exp` is checked without tolerance in `checkClaims`; everything else there too, in words.
      });
      return;
    } catch (error) {
      // A good signature on a bad claim: `checkClaims` says which.
      if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) return;
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  throw easelError("user_token_signature");
}

function checkClaims(project: Project, claims: Record<string, unknown>, now: number): VerifiedToken {
  const refuse = (detail: string): EaselError => easelError("user_token_claims", { detail });
  const { sub, iat, exp, nbf, aud } = claims;
  const seconds = now / 1000;
  if (typeof sub !== "string" || sub === "" || sub.length > LONGEST_SUBJECT || hasControlCharacter(sub)) {
    throw refuse(`sub must be a text of 1 to ${LONGEST_SUBJECT} characters.`);
  }
  if (typeof iat !== "number" || typeof exp !== "number")
    throw refuse("iat and exp are required, in seconds since 1970.");
  if (exp <= seconds) throw easelError("user_token_expired", { at: new Date(exp * 1000).toISOString() });
  if (iat > seconds + CLOCK_TOLERANCE_S)
    throw refuse("iat is in the future; check the clock of the server that signs.");
  if (typeof nbf === "number" && nbf > seconds + CLOCK_TOLERANCE_S) throw refuse("nbf is in the future.");
  if (exp - iat > LONGEST_LIFETIME_S) throw refuse("exp is more than 24 hours after iat.");
  const audience = `useparagon.com/${project.id}`;
  const audiences = aud === undefined ? [] : Array.isArray(aud) ? aud : [aud];
  if (aud === undefined && project.requireAudience) throw refuse(`aud is required by this project: ${audience}.`);
  if (aud !== undefined && !audiences.includes(audience)) throw refuse(`aud must be ${audience}.`);
  checkRestriction(claims[RESTRICTION]);
  return { subject: sub, claims, expiresAt: exp * 1000 };
}

function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(text);
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

function decode(token: string): { header: Record<string, unknown> | null; claims: Record<string, unknown> | null } {
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch {
      return null;
    }
  };
  if (token.length > LONGEST_TOKEN) return { header: null, claims: null };
  return {
    header: attempt(() => ({ ...decodeProtectedHeader(token) })),
    claims: attempt(() => ({ ...decodeJwt(token) })),
  };
}
