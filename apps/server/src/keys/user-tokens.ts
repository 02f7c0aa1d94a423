import { hash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { EaselError, easelError } from "../http/errors.ts";
import type { Project } from "../projects/projects.ts";
import { CLOCK_TOLERANCE_S, checkClaims, type VerifiedToken } from "./claims.ts";
import { createRejectedTokens, type RejectedTokens } from "./rejected-tokens.ts";

export type { VerifiedToken };

export interface UserTokens {
  /** A token that was verified before, for as long as it and the project's keys are good: no signature is checked again. */
  peek(project: Project, token: string): VerifiedToken | undefined;
  /** Throws a `user_token_…` error, and keeps the token (decoded, without its signature) as the project's last rejected one. */
  verify(project: Project, token: string): Promise<VerifiedToken>;
  lastRejected: RejectedTokens["last"];
}

/** Verified tokens kept in memory at most, for all projects. */
const KEPT = 20_000;
/** Tokens longer than this are refused unread. */
const LONGEST_TOKEN = 16_384;

export function createUserTokens(database: DatabaseAccess, clock: () => number): UserTokens {
  // An entry counts only for the very project object that it was verified with: any change to the project or its keys
  // makes a new object, so nothing has to be searched when a key is disabled.
  const verified = new LRUCache<string, { project: Project; token: VerifiedToken }>({ max: KEPT });
  const rejected = createRejectedTokens(database, clock);

  const peek = (project: Project, token: string): VerifiedToken | undefined => {
    const entry = verified.get(token);
    return entry?.project === project && entry.token.expiresAt > clock() ? entry.token : undefined;
  };

  return {
    peek: (project, token) => peek(project, keyOf(token)),
    verify: async (project, token) => {
      const key = keyOf(token);
      const known = peek(project, key);
      if (known !== undefined) return known;
      try {
        const result = await verifyToken(project, token, clock());
        verified.set(key, { project, token: result });
        return result;
      } catch (error) {
        if (error instanceof EaselError)
          rejected.record(project.id, { ...decode(token), code: error.code, reason: error.message });
        throw error;
      }
    },
    lastRejected: rejected.last,
  };
}

function keyOf(token: string): string {
  return hash("sha256", token, "base64");
}

async function verifyToken(project: Project, token: string, now: number): Promise<VerifiedToken> {
  const { header, claims } = decode(token);
  if (header === null || claims === null) throw easelError("user_token_malformed");
  if (header.alg !== "RS256" && header.alg !== "ES256") {
    throw easelError("user_token_claims", {
      detail: `it is signed with ${String(header.alg).slice(0, 20)}, not RS256 or ES256.`,
    });
  }
  const kid = typeof header.kid === "string" ? header.kid : undefined;
  const signingKeyId = await checkSignature(project, token, header.alg, kid, now);
  return { ...checkClaims(project, claims, now), signingKeyId };
}

/**
 * The id of the key that signed it. The one that `kid` names is tried first; without one, or where it names none of ours,
 * every key of the algorithm.
 */
async function checkSignature(
  project: Project,
  token: string,
  algorithm: string,
  kid: string | undefined,
  now: number,
): Promise<string> {
  const keys = project.signingKeys.filter((key) => key.algorithm === algorithm);
  keys.sort((a, b) => Number(b.id === kid) - Number(a.id === kid));
  for (const key of keys) {
    try {
      await jwtVerify(token, key.publicKey, {
        algorithms: [algorithm],
        currentDate: new Date(now),
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return key.id;
    } catch (error) {
      // A good signature on a bad claim: `checkClaims` looks at every claim again, and says which.
      if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) return key.id;
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  throw easelError("user_token_signature");
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
