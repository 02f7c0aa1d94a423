import { hkdfSync } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Demo } from "./demo-file.ts";

/** How long Acme keeps a person signed in. */
export const sessionSeconds = 8 * 60 * 60;

export type Session = { kind: "signedIn"; personId: string } | { kind: "none" } | { kind: "expired" };

/** The cookie's name holds the port: cookies ignore ports, and several instances run side by side on localhost. */
export function sessionCookieName(port: number): string {
  return `acme_session_${port}`;
}

/** Signs the value of the session cookie. */
export function signSession(demo: Demo, personId: string, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(personId)
    .setAudience("acme-session")
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + sessionSeconds)
    .sign(sessionKey(demo));
}

/** Reads a session cookie's value. A forged one, or one of an earlier demo project, is no session. */
export async function readSession(demo: Demo, value: string | undefined, now: number): Promise<Session> {
  if (value === undefined) return { kind: "none" };
  try {
    const { payload } = await jwtVerify(value, sessionKey(demo), {
      algorithms: ["HS256"],
      audience: "acme-session",
      currentDate: new Date(now),
    });
    return payload.sub === undefined ? { kind: "none" } : { kind: "signedIn", personId: payload.sub };
  } catch (error) {
    return { kind: error instanceof errors.JWTExpired ? "expired" : "none" };
  }
}

/** `Set-Cookie` for a session, or, with `value` null, for its end. Not `Secure`: the demo runs on http://localhost only. */
export function sessionCookie(name: string, value: string | null): string {
  const age = value === null ? 0 : sessionSeconds;
  return `${name}=${value ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax`;
}

/** The value of one cookie in a `Cookie` header. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && value !== "") return value;
  }
  return undefined;
}

/** Derived from the demo's signing key, so that sessions outlive a restart but not the project. */
function sessionKey(demo: Demo): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", demo.signingKey.privateKey, "", "acme session cookie", 32));
}
