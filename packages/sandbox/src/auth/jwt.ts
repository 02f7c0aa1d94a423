import { compactVerify, decodeProtectedHeader } from "jose";
import * as z from "zod";

/** How far ahead a token may expire, and how long after its end it is still taken for a replay: ten minutes, in s. */
const longestLife = 600;

/** How far a clock may run ahead before `nbf` is not believed, in s. inferred. */
const leeway = 60;

/** Token ids remembered to refuse replays; more than this and the oldest are forgotten. */
const mostRemembered = 100_000;

export type ConnectedApp = { clientId: string; secretId: string; secretValue: string };

export type VerifiedJwt = { kind: "verified"; userName: string; scopes: string[] };

/**
 * Why a JWT was not taken: Tableau's sub-code, which stands in the error's detail. inferred from public reports: which
 * cause has which code (16 and 10084 cover several).
 */
export type JwtProblem = { kind: "problem"; subCode: 16 | 10083 | 10084 | 10085 | 10089 | 10096 };

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  jti: z.string().min(1),
  scp: z.array(z.string()).optional(), // inferred: without scopes the sign-in works and the session may do nothing
});

/** Checks JWTs of a connected app with direct trust (Tableau help, "Configure connected apps with direct trust"). */
export function jwtVerifier(clock: () => number) {
  const seen = new Map<string, number>();

  /** True the first time; remembers an id until a token with it could no longer be valid. */
  function isNew(jti: string, expiresAt: number, now: number): boolean {
    for (const [id, end] of seen) {
      if (end >= now && seen.size < mostRemembered) break;
      seen.delete(id);
    }
    if (seen.has(jti)) return false;
    seen.set(jti, Math.max(expiresAt, now + longestLife));
    return true;
  }

  return async (jwt: string, app: ConnectedApp | undefined): Promise<VerifiedJwt | JwtProblem> => {
    const header = readHeader(jwt);
    if (header?.alg !== "HS256") return problem(16);
    if (header.kid === undefined) return problem(10083);
    if (header.kid !== app?.secretId) return problem(10085);
    const payload = await verified(jwt, app.secretValue);
    if (payload === undefined) return problem(16);
    const issuer = z.object({ iss: z.string() }).safeParse(payload);
    // The header's `iss` is optional: the official samples send it, other public clients do not.
    if (!issuer.success) return problem(10083);
    if (issuer.data.iss !== app.clientId) return problem(10089);
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return problem(16);
    const { aud, exp, nbf, jti, sub, scp } = claims.data;
    const now = clock() / 1000;
    if (![aud].flat().includes("tableau")) return problem(10084);
    if (exp <= now || (nbf ?? 0) > now + leeway) return problem(10084);
    if (exp > now + longestLife) return problem(10096);
    if (!isNew(jti, exp, now)) return problem(16);
    return { kind: "verified", userName: sub, scopes: scp ?? [] };
  };
}

function problem(subCode: JwtProblem["subCode"]): JwtProblem {
  return { kind: "problem", subCode };
}

function readHeader(jwt: string): { alg?: string; kid?: string } | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(jwt);
    return { ...(alg === undefined ? {} : { alg }), ...(kid === undefined ? {} : { kid }) };
  } catch {
    return undefined; // not a JWT
  }
}

async function verified(jwt: string, secret: string): Promise<unknown> {
  try {
    const { payload } = await compactVerify(jwt, new TextEncoder().encode(secret), { algorithms: ["HS256"] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined; // a wrong signature, or a payload that is not JSON
  }
}
