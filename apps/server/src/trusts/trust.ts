/**
 * The keys with which Easel may sign in as people on ONE site. Secrets are not part of it.
 *
 * `own` belongs to the project, `organisation` to one customer of it; `development` are the instance's, for projects
 * that leave their keys blank.
 */
export type Trust = TrustFacts &
  ({ readonly kind: "own" | "organisation"; readonly owner: TrustOwner } | { readonly kind: "development" });

interface TrustFacts {
  /** `development` for the development keys. New keys are a new id. */
  readonly id: string;
  readonly serverUrl: string;
  readonly site: string;
  readonly keys: TrustKeys;
  readonly setAt: Date | null;
  /** Who set it up, in words; null where that is not known. */
  readonly setBy: string | null;
  /** Why Tableau refuses these keys for everyone, since when. */
  readonly broken: { readonly code: string; readonly reason: string; readonly at: Date } | null;
}

/** What is known of the keys, by kind. */
export type TrustKeys =
  | {
      readonly kind: "connectedApp";
      readonly clientId: string;
      readonly secretId: string;
      /** A second secret of the same app, for a rotation. */
      readonly spare: { readonly secretId: string; readonly addedAt: Date } | null;
    }
  /** Easel is the site's external authorization server. The keys are its own. */
  | { readonly kind: "issuer"; readonly issuer: string }
  /** A unified access token, signed with a private key of the SaaS's. */
  | {
      readonly kind: "uat";
      readonly issuer: string;
      readonly keyId: string;
      readonly tenantId: string;
      readonly usernameClaim: string;
    };

/** The same with what is secret, as somebody gives it. */
export type GivenKeys =
  | {
      readonly kind: "connectedApp";
      readonly clientId: string;
      readonly secretId: string;
      readonly secretValue: string;
    }
  | { readonly kind: "issuer"; readonly issuer: string }
  | {
      readonly kind: "uat";
      readonly issuer: string;
      readonly keyId: string;
      readonly tenantId: string;
      readonly usernameClaim: string;
      /** RSA, PKCS8, PEM. */
      readonly privateKey: string;
    };

/** Keys that are about to be kept, and where they are good. */
export interface NewTrust {
  readonly serverUrl: string;
  readonly site: string;
  readonly keys: GivenKeys;
  readonly setBy: string | null;
}

/** Whose trust: the project's own, or an organisation's. */
export interface TrustOwner {
  readonly projectId: string;
  readonly integrationId: string;
  /** Null for the project's own. */
  readonly organisation: string | null;
}
