import { randomUUID } from "node:crypto";
import type { SignInRequest, TrustKind } from "@easel/connector";
import { importPKCS8, SignJWT } from "jose";
import { sortedScopes } from "./methods.ts";

/** Tableau allows at most 10 minutes ("Configure connected apps with direct trust"). */
const jwtSeconds = 300;

/** The JWT with which a trust signs a person in. `now` in ms. Throws where the private key is none. */
export async function signJwt(
  kind: TrustKind,
  fields: SignInRequest["fields"],
  scopes: readonly string[],
  now: number,
): Promise<string> {
  const jwt = new SignJWT({ scp: [...sortedScopes(scopes)], ...personClaims(kind, fields) })
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000) + jwtSeconds)
    .setJti(randomUUID());
  if (kind === "connectedApp") {
    const { clientId = "", secretId = "", secretValue = "" } = fields;
    // "Configure connected apps with direct trust"; `typ` and `iat` are asked for by some sites, `iss` stands twice.
    return jwt
      .setIssuer(clientId)
      .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: secretId, iss: clientId })
      .sign(new TextEncoder().encode(secretValue));
  }
  const { issuer = "", keyId = "", privateKey = "" } = fields;
  return jwt
    .setIssuer(issuer)
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: keyId })
    .sign(await importPKCS8(privateKey, "RS256"));
}

/** "Configure connected apps with OAuth 2.0 trust"; for unified access tokens: the claims of Tableau's own client. */
function personClaims(kind: TrustKind, fields: SignInRequest["fields"]): Record<string, string> {
  const { username = "", tenantId = "", usernameClaim = "" } = fields;
  return kind === "uat"
    ? { [usernameClaim]: username, "https://tableau.com/tenantId": tenantId }
    : { sub: username, aud: "tableau" };
}
