import type { Problem, SessionGrant, SignInResult } from "@easel/connector";

/** A live sign-in, shared by everything in every process that uses the same sign-in identity. Times are this process's. */
export interface Session extends SessionGrant {
  readonly identity: string;
  /** Grows with every sign-in: what failed with an older one says nothing about this one. */
  readonly generation: number;
  /** That it was signed in to: an exclusive secret has one session, whichever site its signer meant. */
  readonly site: string;
  /** Milliseconds since 1970. */
  readonly usableUntil: number;
  /** From then on whoever uses it begins its renewal in the background. Never later than `usableUntil`. */
  renewAt: number;
  /** When an answer last proved it alive; 0 for one that came from the database and was not used since. */
  provenAt: number;
  /** When it came into this process's memory. */
  readonly keptAt: number;
  /** When the database was last told that it is used. */
  toldUsedAt: number;
  /** Bodies on their way that cannot be sent again. */
  streams: number;
  /** Somebody is about to renew it until then: what cannot be sent again waits for the new one. */
  leavingUntil: number;
}

/** Who signs in, and how. */
export interface Signer {
  /** An HMAC of everything secret (design: "The main path", step 4). */
  readonly identity: string;
  /** One live session in the world per secret, as with a personal access token. */
  readonly isExclusive: boolean;
  readonly site: string;
  signIn(): Promise<SignInResult>;
}

export type AcquireResult =
  | { readonly kind: "session"; readonly session: Session; readonly isNew: boolean }
  | { readonly kind: "refused"; readonly concerns: "person" | "app"; readonly problem: Problem }
  | { readonly kind: "failed"; readonly problem: Problem }
  /** The secret is used somewhere else, and its sign-ins are rationed. */
  | { readonly kind: "contested" }
  /** Another process holds the sign-in and did not finish in time. */
  | { readonly kind: "busy" };
