import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import type { UserToken } from "./contract.ts";
import type { Demo, SandboxUser } from "./demo-file.ts";
import { personOf } from "./people.ts";

const lifetimeSeconds = 60 * 60;

/**
 * Mints the user token with which the signed-in person's browser speaks to Easel: this is what a product's backend does.
 * RS256, `kid` of the project's signing key, 1 h. `tableau.username` says who the person is at Tableau, for sign-in by
 * connected app: it comes from the product, never from the person.
 */
export async function mintUserToken(demo: Demo, user: SandboxUser, now: number): Promise<UserToken> {
  const person = personOf(user);
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + lifetimeSeconds;
  const userToken = await new SignJWT({
    name: person.name,
    email: person.email,
    email_verified: true,
    org: "acme",
    "tableau.username": user.name,
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: demo.signingKey.kid })
    .setSubject(person.email)
    .setAudience(`useparagon.com/${demo.projectId}`)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(createPrivateKey(demo.signingKey.privateKey));
  return { userToken, expiresAt: expiresAt * 1000 };
}
