/** Something that happened to a project's credential, trust or budget, and is kept. */
export type EventInput = CredentialEvent | TrustEvent | BudgetEvent;

/** Why, in the words of the error table where an error is the reason; `action` is empty where nothing has to be done. */
export interface EventReason {
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

interface OfCredential {
  readonly projectId: string;
  readonly userId: string;
  readonly credentialId: string;
  readonly reason: EventReason;
}

export type CredentialEvent = OfCredential &
  (
    | {
        readonly kind: "credential_invalid" | "credential_recovered" | "credential_contested" | "credential_settled";
      }
    | {
        readonly kind: "credential_expires";
        /** ISO 8601. */
        readonly expiresAt: string;
        /** The warning that it is: fewer days than this are left. */
        readonly days: number;
      }
  );

export interface TrustEvent {
  readonly kind: "trust_broken" | "trust_recovered";
  readonly projectId: string;
  readonly trustId: string;
  readonly reason: EventReason;
}

/** Most of what Tableau lets a site, or one of its users, do in a stretch of time is used. Told once for each. */
export interface BudgetEvent {
  readonly kind: "budget_near";
  readonly projectId: string;
  readonly serverUrl: string;
  readonly site: string;
  /** e.g. `extract-refreshes`. */
  readonly budget: string;
  readonly reason: EventReason;
}

export type StoredEvent = EventInput & {
  readonly id: string;
  readonly at: Date;
  /** The user by the SaaS's own name; null for what concerns no user, and once the user is gone. */
  readonly sub: string | null;
};

export interface EventFilter {
  readonly kind?: EventInput["kind"] | undefined;
  readonly userId?: string | undefined;
  readonly sub?: string | undefined;
  readonly credentialId?: string | undefined;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The id that the next page begins behind; null where there is none. */
  readonly next: string | null;
}
