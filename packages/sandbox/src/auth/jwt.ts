import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";

type VerifyKey = Parameters<typeof compactVerify>[1];

/** A JWT that was read, and not yet believed. */
export type ReadJwt = { written: string; algorithm: string; kid: string | undefined; claims: JWTPayload };

/**
 * Why a JWT was not taken: Tableau's number, which stands in the error's detail. 5 no such user, 16 several causes,
 * 10081 no metadata of the issuer, 10082 no such issuer, 10083 the header, 10084 audience, subject or clock, 10085 no
 * such key, 10088 the key is too short, 10089 no such app, 10090 the app is off, 10091 used before, 10096 expires too
 * late, 10099 no scopes (Tableau help, "Troubleshoot connected apps", and public reports). 101002 is what unified access
 * tokens are refused with.
 */
export type SubCode =
  | 5
  | 16
  | 67
  | 10081
  | 10082
  | 10083
  | 10084
  | 10085
  | 10088
  | 10089
  | 10090
  | 10091
  | 10096
  | 10099
  | 101002;

export type JwtProblem = { kind: "problem"; subCode: SubCode };

/** Who a JWT says it is, and what they may do. */
export type JwtProof = { kind: "proof"; userName: string; scopes: readonly string[]; claims: JWTPayload };

/** How far ahead a token may expire: ten minutes, in s. */
export const longestLife = 600;

/** How far a clock may run ahead before `nbf` is not believed, in s. inferred. */
const leeway = 60;

export function problem(subCode: SubCode): JwtProblem {
  return { kind: "problem", subCode };
}

export function isProblem(value: unknown): value is JwtProblem {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "problem";
}

export function readJwt(written: string): ReadJwt | undefined {
  try {
    // jose reads both and checks neither: whatever is JSON may stand there.
    const { alg, kid }: Record<string, unknown> = { ...decodeProtectedHeader(written) };
    const claims = decodeJwt(written);
    const algorithm = typeof alg === "string" ? alg : "";
    return { written, algorithm, kid: typeof kid === "string" ? kid : undefined, claims };
  } catch {
    return undefined; // not a JWT
  }
}

/** Whether this key signed it. */
export async function isSigned({ written, algorithm }: ReadJwt, key: VerifyKey): Promise<boolean> {
  try {
    await compactVerify(written, key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false; // a wrong signature, or a key of another kind
  }
}

/** What is wrong with a JWT's times, if anything. `now` and the claims in s. */
export function timeProblem({ exp, nbf }: JWTPayload, now: number): JwtProblem | undefined {
  if (typeof exp !== "number") return problem(16);
  if (exp <= now || (typeof nbf === "number" && nbf > now + leeway)) return problem(10084);
  return exp > now + longestLife ? problem(10096) : undefined;
}

/** The scopes of a JWT: an array `scp`. Nothing when there is none, and when it is something else. */
export function scopesOf({ scp }: JWTPayload): readonly string[] | "absent" | "malformed" {
  if (scp === undefined) return "absent";
  return Array.isArray(scp) && scp.every((one) => typeof one === "string") ? scp : "malformed";
}

/** The audience, one or several. */
export function audiencesOf({ aud }: JWTPayload): readonly string[] {
  return aud === undefined ? [] : [aud].flat();
}
