import { createPublicKey, type KeyObject } from "node:crypto";
import type { CryptoKey } from "jose";
import type { Site } from "../site/site.ts";
import type { Credentials, KeySource, UnifiedAccess } from "./credentials.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import { isProblem, isSigned, type JwtProblem, type JwtProof, problem, type ReadJwt, timeProblem } from "./jwt.ts";
import { holds, isScope } from "./scopes.ts";

/** A longer JWT is refused by Tableau Cloud (measured by a public client), in bytes. */
const largestJwt = 8192;

const claimNames = { tenant: "https://tableau.com/tenantId", site: "https://tableau.com/siteId" } as const;

/**
 * Checks the JWT of a unified access token (Tableau Cloud Manager help, "Unified Access Tokens"). What is refused has
 * one number, 101002, as public clients saw it. A token's id is not remembered: Tableau's own client makes it of the
 * issuer and the second, so two sign-ins at once share it. `now` in s.
 */
export async function proveByUnifiedAccess(
  jwt: ReadJwt,
  { credentials, issuerKeys, site, now }: { credentials: Credentials; issuerKeys: IssuerKeys; site: Site; now: number },
): Promise<JwtProof | JwtProblem> {
  const { claims } = jwt;
  const configured = credentials.unifiedAccess.values().find(({ issuer }) => issuer === claims.iss);
  if (configured === undefined || !configured.enabled || jwt.written.length > largestJwt) return problem(101002);
  const key = await keyFor(configured, jwt, issuerKeys);
  if (isProblem(key) || !(await isSigned(jwt, key))) return problem(101002);
  const userName = claims[configured.usernameClaim];
  const scopes = scopesIn(claims);
  const isTheirs =
    claims[claimNames.tenant] === credentials.tenantId && isFor(configured, claims[claimNames.site], site);
  if (!isTheirs || typeof userName !== "string" || !claims.jti || timeProblem(claims, now)) return problem(101002);
  if (scopes === undefined || !scopes.every((scope) => isGranted(configured, scope))) return problem(101002);
  return { kind: "proof", userName, scopes, claims };
}

/** The key of an issuer: its own, or the published one that the JWT names. */
export async function keyFor(
  { issuer, publicKey, jwksUri }: KeySource,
  jwt: ReadJwt,
  issuerKeys: IssuerKeys,
): Promise<KeyObject | CryptoKey | JwtProblem> {
  if (!/^(RS|PS|ES)\d{3}$/.test(jwt.algorithm)) return problem(10083);
  return publicKey === undefined ? issuerKeys.find({ issuer, jwksUri }, jwt) : createPublicKey(publicKey);
}

/** `scp`, an array; or `scope`, an array or words: public clients send either. */
export function scopesIn({ scp, scope }: Record<string, unknown>): readonly string[] | undefined {
  const written = scp ?? scope;
  const scopes = typeof written === "string" ? written.split(" ").filter((one) => one !== "") : written;
  return Array.isArray(scopes) && scopes.every((one) => typeof one === "string") ? scopes : undefined;
}

function isFor({ siteIds }: UnifiedAccess, claimed: unknown, site: Site): boolean {
  if (claimed !== undefined && claimed !== site.id) return false;
  return siteIds.length === 0 || siteIds.includes(site.id);
}

/** A configuration that lists scopes grants those; a wildcard is asked for only where it is granted itself. */
function isGranted({ scopes }: UnifiedAccess, asked: string): boolean {
  return scopes.length === 0 || (isScope(asked) && holds(scopes, asked));
}
