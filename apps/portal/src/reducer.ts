import type { PortalContext, PortalCredential, PortalProbe } from "@easel/api/portal";
import type { Fault } from "./fault.ts";
import { blankForm } from "./form.ts";
import { blankSetup, reduceSetup } from "./setup.ts";
import type { ConnectForm, PortalState, Screen, Session, SetupWay, Target } from "./state.ts";

/** Everything that can happen to the portal. What does not fit the screen that is shown changes nothing. */
export type PortalEvent =
  | { readonly kind: "hidden" }
  | { readonly kind: "loading" }
  | { readonly kind: "loadFailed"; readonly fault: Fault }
  | { readonly kind: "opened"; readonly session: Session; readonly credentialId: string | null }
  | { readonly kind: "addressTyped"; readonly text: string }
  | { readonly kind: "addressMissing" }
  | { readonly kind: "probing" }
  | { readonly kind: "probeFound"; readonly text: string; readonly probe: PortalProbe }
  | { readonly kind: "probeRefused"; readonly text: string; readonly fault: Fault }
  | { readonly kind: "siteTyped"; readonly site: string }
  | { readonly kind: "fieldTyped"; readonly id: string; readonly value: string }
  | { readonly kind: "methodChosen"; readonly methodId: string }
  | { readonly kind: "fieldsMissing"; readonly ids: readonly string[] }
  | { readonly kind: "guideOpened" }
  | { readonly kind: "guideClosed" }
  | { readonly kind: "signInStarted"; readonly target: Target }
  | { readonly kind: "signInRefused"; readonly fault: Fault }
  | { readonly kind: "signInFinished" }
  | { readonly kind: "connected"; readonly context: PortalContext; readonly credential: PortalCredential }
  | { readonly kind: "reconnectAsked" }
  | { readonly kind: "reconnectDropped" }
  | { readonly kind: "disconnectAsked" }
  | { readonly kind: "disconnectDropped" }
  | { readonly kind: "disconnectStarted" }
  | { readonly kind: "disconnectRefused"; readonly fault: Fault }
  | { readonly kind: "disconnected"; readonly context: PortalContext }
  | { readonly kind: "setupAsked" }
  | { readonly kind: "setupDropped" }
  | { readonly kind: "wayChosen"; readonly way: SetupWay }
  | { readonly kind: "setupStarted" }
  | { readonly kind: "setupRefused"; readonly fault: Fault }
  /** Set up, or removed: what holds now says the context. */
  | { readonly kind: "setupFinished"; readonly context: PortalContext }
  | { readonly kind: "organisationAsked" }
  | { readonly kind: "organisationLeft" }
  | { readonly kind: "removalAsked" }
  | { readonly kind: "removalDropped" }
  | { readonly kind: "removalStarted" }
  | { readonly kind: "removalRefused"; readonly fault: Fault };

type Open = Extract<PortalState, { kind: "open" }>;

/** The portal's one state machine. */
export function reduce(state: PortalState, event: PortalEvent): PortalState {
  switch (event.kind) {
    case "hidden":
      return { kind: "inert" };
    case "loading":
      return { kind: "loading" };
    case "loadFailed":
      return { kind: "failed", fault: event.fault };
    case "opened":
      return { kind: "open", session: event.session, screen: firstScreen(event.session, event.credentialId) };
    default:
      return state.kind === "open" ? reduceOpen(state, event) : state;
  }
}

type OpenEvent = Exclude<PortalEvent, { kind: "hidden" | "loading" | "loadFailed" | "opened" }>;

function reduceOpen(state: Open, event: OpenEvent): Open {
  if (event.kind === "connected") {
    return {
      kind: "open",
      session: { ...state.session, context: event.context },
      screen: { kind: "connected", credential: event.credential, justNow: true },
    };
  }
  if (event.kind === "disconnected") {
    const form = { ...blankForm(event.context), disconnected: true };
    return { kind: "open", session: { ...state.session, context: event.context }, screen: { kind: "connect", form } };
  }
  if (event.kind === "setupFinished") {
    return {
      kind: "open",
      session: { ...state.session, context: event.context },
      screen: event.context.organisation?.trust ? organisationScreen : { kind: "setup", setup: blankSetup },
    };
  }
  return { ...state, screen: reduceScreen(state.session, state.screen, event) };
}

type ScreenEvent = Exclude<OpenEvent, { kind: "connected" | "disconnected" | "setupFinished" }>;

function reduceScreen(session: Session, screen: Screen, event: ScreenEvent): Screen {
  switch (screen.kind) {
    case "connect":
      return reduceConnect(session, screen.form, event) ?? screen;
    case "guide":
      return event.kind === "guideClosed" ? { kind: "connect", form: screen.form } : screen;
    case "signingIn":
      if (event.kind === "signInRefused") return { kind: "connect", form: { ...screen.form, fault: event.fault } };
      return event.kind === "signInFinished" ? { ...screen, finished: true } : screen;
    case "connected":
      return reduceConnected(session, screen.credential, event) ?? screen;
    case "disconnect":
      return reduceDisconnect(screen.credential, event) ?? screen;
    case "setup":
      return event.kind === "setupDropped" || event.kind === "organisationLeft"
        ? ownScreen(session, null)
        : { kind: "setup", setup: reduceSetup(screen.setup, event) };
    case "organisation":
      return reduceOrganisation(session, event) ?? screen;
  }
}

function reduceConnect(session: Session, form: ConnectForm, event: ScreenEvent): Screen | null {
  const changed = (change: Partial<ConnectForm>): Screen => ({
    kind: "connect",
    form: { ...form, disconnected: false, ...change },
  });
  const { text } = form.address;
  switch (event.kind) {
    case "addressTyped":
      return changed({
        address: { kind: "typing", text: event.text, empty: false },
        site: "",
        fault: null,
        missing: [],
      });
    case "addressMissing":
      return changed({ address: { kind: "typing", text, empty: true } });
    case "probing":
      return changed({ address: { kind: "probing", text }, fault: null });
    case "probeFound":
      // An answer to an address that has been changed since is of no use.
      return event.text === text ? changed({ address: { kind: "found", text, probe: event.probe } }) : null;
    case "probeRefused":
      return event.text === text ? changed({ address: { kind: "refused", text, fault: event.fault } }) : null;
    case "siteTyped":
      return changed({ site: event.site, missing: without(form.missing, "site"), fault: faultBut(form, "site") });
    case "fieldTyped":
      return changed({
        values: { ...form.values, [event.id]: event.value },
        missing: without(form.missing, event.id),
        fault: faultBut(form, event.id),
      });
    case "methodChosen":
      return changed({ methodId: event.methodId, missing: [], fault: null });
    case "fieldsMissing":
      return changed({ missing: event.ids, fault: null });
    case "guideOpened":
      return { kind: "guide", form };
    case "signInStarted":
      return {
        kind: "signingIn",
        form: { ...form, fault: null, missing: [], disconnected: false },
        target: event.target,
        finished: false,
      };
    case "organisationAsked":
      return organisationScreen;
    case "setupAsked":
      return { kind: "setup", setup: blankSetup };
    case "reconnectDropped":
      return form.reconnecting ? showCredential(form.reconnecting) : ownScreen(session, null);
    default:
      return null;
  }
}

function reduceConnected(session: Session, credential: PortalCredential, event: ScreenEvent): Screen | null {
  if (event.kind === "reconnectAsked")
    return { kind: "connect", form: blankForm(session.context, { reconnecting: credential }) };
  if (event.kind === "disconnectAsked") return { kind: "disconnect", credential, step: { kind: "asking" } };
  if (event.kind === "setupAsked") return { kind: "setup", setup: blankSetup };
  return event.kind === "organisationAsked" ? organisationScreen : null;
}

function reduceDisconnect(credential: PortalCredential, event: ScreenEvent): Screen | null {
  if (event.kind === "disconnectDropped") return showCredential(credential);
  if (event.kind === "disconnectStarted") return { kind: "disconnect", credential, step: { kind: "working" } };
  if (event.kind === "disconnectRefused") {
    return { kind: "disconnect", credential, step: { kind: "refused", fault: event.fault } };
  }
  return null;
}

function reduceOrganisation(session: Session, event: ScreenEvent): Screen | null {
  switch (event.kind) {
    case "setupAsked":
      return { kind: "setup", setup: blankSetup };
    case "organisationLeft":
      return ownScreen(session, null);
    case "removalAsked":
      return { kind: "organisation", step: { kind: "asking" } };
    case "removalDropped":
      return organisationScreen;
    case "removalStarted":
      return { kind: "organisation", step: { kind: "working" } };
    case "removalRefused":
      return { kind: "organisation", step: { kind: "refused", fault: event.fault } };
    default:
      return null;
  }
}

const organisationScreen: Screen = { kind: "organisation", step: { kind: "shown" } };

/** Who administers Tableau for an organisation that has not set it up, or whose trust is broken, sees that first. */
function firstScreen(session: Session, credentialId: string | null): Screen {
  const { organisation, credentials, integration } = session.context;
  const isDue = organisation !== null && (organisation.trust === null || organisation.trust.problem !== null);
  return isDue && integration.isActive && credentials.length === 0
    ? { kind: "setup", setup: blankSetup }
    : ownScreen(session, credentialId);
}

/** The person's own connection. */
function ownScreen({ context, installOnly, remembered }: Session, credentialId: string | null): Screen {
  const credential = credentialId ? context.credentials.find(({ id }) => id === credentialId) : context.credentials[0];
  if (!credential || (installOnly && credential.status === "VALID"))
    return { kind: "connect", form: blankForm(context, { remembered }) };
  if (installOnly) return { kind: "connect", form: blankForm(context, { reconnecting: credential }) };
  return showCredential(credential);
}

const showCredential = (credential: PortalCredential): Screen => ({ kind: "connected", credential, justNow: false });

const without = (ids: readonly string[], id: string): string[] => ids.filter((other) => other !== id);

/** A refusal about a field goes once the field changes. One about nothing in particular stays until the next try. */
const faultBut = ({ fault }: ConnectForm, id: string): Fault | null => (fault?.at === id ? null : fault);
