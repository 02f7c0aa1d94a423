import { createHash } from "node:crypto";

/**
 * Under which address Easel is an external authorization server: one for a project's own trust, and one for each of its
 * organisations.
 *
 * Tableau takes `aud: "tableau"` from an issuer that a site has registered, whichever site that is. So a JWT for one
 * customer's site must not be worth anything at another's: whoever runs the first server could hold on to it, and sign in
 * at the second as a user of the same name. Each site therefore registers an issuer that no other site knows.
 */
export function issuerUrl(origin: string, projectId: string, organisation: string | null): string {
  const own = `${origin}/issuers/${projectId}`;
  return organisation === null ? own : `${own}/${organisationKey(organisation)}`;
}

/** An organisation in an address: its name is nobody else's business, and may hold anything. 128 bits of its hash. */
function organisationKey(organisation: string): string {
  return createHash("sha256").update(organisation).digest("base64url").slice(0, 22);
}

/** What an issuer says of itself (OpenID Connect Discovery 1.0, section 3; RFC 8414). Easel signs JWTs and answers nothing else. */
export function metadata(issuer: string, projectUrl: string): object {
  return {
    issuer,
    jwks_uri: `${projectUrl}/jwks.json`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ["none"],
    grant_types_supported: [],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}
