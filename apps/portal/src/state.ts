import type { PortalContext, PortalCredential, PortalProbe } from "@easel/api/portal";
import type { Fault } from "./fault.ts";

/** Everything that the portal can be showing. */
export type PortalState =
  /** Nothing: no page that may embed us has asked for anything. */
  | { readonly kind: "inert" }
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: Fault }
  | { readonly kind: "open"; readonly session: Session; readonly screen: Screen };

/** What holds while the portal is open for one person. */
export interface Session {
  readonly context: PortalContext;
  /** Whom the product connects, where the hosted form was told. */
  readonly person: string | null;
  /** The address that this person was connecting to when the card was last closed or the page reloaded. */
  readonly remembered: string | null;
  /** Go to the form, whatever is connected already, and close when it is done. */
  readonly installOnly: boolean;
}

export type Screen =
  | { readonly kind: "connect"; readonly form: ConnectForm }
  /** Where a token is found, in pictures. */
  | { readonly kind: "guide"; readonly form: ConnectForm }
  | { readonly kind: "signingIn"; readonly form: ConnectForm; readonly target: Target; readonly finished: boolean }
  | { readonly kind: "connected"; readonly credential: PortalCredential; readonly justNow: boolean }
  | { readonly kind: "disconnect"; readonly credential: PortalCredential; readonly step: DisconnectStep }
  /** For an organisation's administrator: setting Tableau up for everybody. */
  | { readonly kind: "setup"; readonly setup: SetupForm }
  /** What was set up, and the question whether to remove it. */
  | { readonly kind: "organisation"; readonly step: OrganisationStep };

export type OrganisationStep = { readonly kind: "shown" } | DisconnectStep;

export type SetupWay = "issuer" | "keys" | "createApp";

export interface SetupForm {
  readonly way: SetupWay;
  /** What was typed, by field id. */
  readonly values: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly step:
    | { readonly kind: "typing" }
    | { readonly kind: "working" }
    | { readonly kind: "refused"; readonly fault: Fault };
}

export type DisconnectStep =
  | { readonly kind: "asking" }
  | { readonly kind: "working" }
  | { readonly kind: "refused"; readonly fault: Fault };

/** A server and a site to sign in to. */
export interface Target {
  readonly serverUrl: string;
  /** "" is the default site. */
  readonly site: string;
}

export interface ConnectForm {
  /** The credential that is signed in again; null adds one. */
  readonly reconnecting: PortalCredential | null;
  readonly address: AddressStep;
  /** The method the person chose; null leaves it to the best one. */
  readonly methodId: string | null;
  /** The site as typed, where the address did not say it. */
  readonly site: string;
  /** What the person typed, by field id. */
  readonly values: Readonly<Record<string, string>>;
  /** Ids of the fields (`site` among them) that were left empty. */
  readonly missing: readonly string[];
  /** Why the last sign-in was refused. */
  readonly fault: Fault | null;
  /** The person has just disconnected. */
  readonly disconnected: boolean;
}

export type AddressStep =
  | { readonly kind: "typing"; readonly text: string; readonly empty: boolean }
  | { readonly kind: "probing"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string; readonly fault: Fault }
  | { readonly kind: "found"; readonly text: string; readonly probe: PortalProbe };
