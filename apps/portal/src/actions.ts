import type { TrustOrderBody } from "@easel/api/organisations";
import type { PortalContext, PortalCredential, PortalProbe } from "@easel/api/portal";
import type { Answer } from "./fault.ts";
import { currentMethod, missingFields, targetOf, typedValues } from "./form.ts";
import type { ConnectPayload } from "./portal-api.ts";
import { readOrder } from "./setup.ts";
import type { ConnectForm, Screen, Session, Target } from "./state.ts";
import type { Store } from "./store.ts";

/** How the portal reaches what it works with: through the SDK of the page around it, or directly in the hosted form. */
export interface Link {
  context(): Promise<Answer<PortalContext>>;
  probe(address: string): Promise<Answer<PortalProbe>>;
  /** Answers the credential's id, where it is told. */
  connect(payload: ConnectPayload): Promise<Answer<string | null>>;
  /** null where disconnecting is not offered. */
  readonly disconnect: ((credentialId: string) => Promise<Answer<null>>) | null;
  setTrust(order: TrustOrderBody): Promise<Answer<null>>;
  removeTrust(): Promise<Answer<null>>;
  /** Loads everything again after a failure. */
  reload(): void;
  close(): void;
}

/** What a person can do. */
export interface Actions {
  reload(): void;
  close(): void;
  /** The one button of the form: look the address up, or sign in. */
  proceed(): void;
  lookUp(): void;
  confirmDisconnect(): void;
  /** Sets Tableau up for the organisation, as the form says. */
  setUp(): void;
  /** Removes what was set up for it. */
  confirmRemoval(): void;
  /** An address that nobody has to type is looked up at once. */
  lookUpKnown(): void;
}

export interface ActionOptions {
  store: Store;
  link: Link;
  now: () => Date;
  /** After "Done" has been seen: the connected state, or closing. */
  wait: (milliseconds: number) => Promise<void>;
}

/** Long enough to read "Done", too short to wait for. */
const DONE_SHOWN_MS = 700;
/** An installation closes by itself, once it has been seen as whom it connected. */
const CONNECTED_SHOWN_MS = 1_500;

export function createActions({ store, link, now, wait }: ActionOptions): Actions {
  function opened(): { session: Session; screen: Screen } | null {
    const state = store.state();
    return state.kind === "open" ? state : null;
  }

  async function lookUp(): Promise<void> {
    const screen = opened()?.screen;
    if (screen?.kind !== "connect" || screen.form.address.kind === "probing") return;
    const { text } = screen.form.address;
    if (text.trim() === "") return store.dispatch({ kind: "addressMissing" });
    store.dispatch({ kind: "probing" });
    const answer = await link.probe(text.trim());
    if (answer.kind === "ok") store.dispatch({ kind: "probeFound", text, probe: answer.value });
    else store.dispatch({ kind: "probeRefused", text, fault: answer.fault });
  }

  async function signIn(session: Session, form: ConnectForm): Promise<void> {
    const { context } = session;
    const method = currentMethod(context, form);
    const target = targetOf(context, form);
    if (!method || !target) return lookUp();
    const missing = missingFields(context, form);
    if (missing.length > 0) return store.dispatch({ kind: "fieldsMissing", ids: missing });

    store.dispatch({ kind: "signInStarted", target });
    const answer = await link.connect({
      method: method.id,
      ...target,
      ...typedValues(method, form),
      ...(form.reconnecting ? { credentialId: form.reconnecting.id } : {}),
      // The SDK swallows a payload that it has seen in the last five seconds; the server ignores this field.
      attempt: crypto.getRandomValues(new Uint32Array(2)).join("-"),
    });
    if (answer.kind === "refused") return store.dispatch({ kind: "signInRefused", fault: answer.fault });
    store.dispatch({ kind: "signInFinished" });
    const [fresh] = await Promise.all([link.context(), wait(DONE_SHOWN_MS)]);
    const id = answer.value ?? form.reconnecting?.id ?? null;
    const known = fresh.kind === "ok" ? fresh.value : context;
    // The card may have been closed and opened again meanwhile: then only what the server tells of this person counts.
    const screen = opened()?.screen;
    const told = known.credentials.some((credential) => credential.id === id);
    if (!screen || (screen.kind !== "signingIn" && !told)) return;
    const made = madeCredential(known, { id, method: method.id, target, now });
    store.dispatch({ kind: "connected", context: known, credential: made });
    if (!session.installOnly) return;
    await wait(CONNECTED_SHOWN_MS);
    if (opened()?.screen.kind === "connected") link.close();
  }

  async function disconnect(): Promise<void> {
    const screen = opened()?.screen;
    if (screen?.kind !== "disconnect" || screen.step.kind === "working" || !link.disconnect) return;
    store.dispatch({ kind: "disconnectStarted" });
    const answer = await link.disconnect(screen.credential.id);
    if (answer.kind === "refused") return store.dispatch({ kind: "disconnectRefused", fault: answer.fault });
    const fresh = await link.context();
    const session = opened()?.session;
    if (!session) return;
    const left = session.context.credentials.filter(({ id }) => id !== screen.credential.id);
    const context = fresh.kind === "ok" ? fresh.value : { ...session.context, credentials: left };
    store.dispatch({ kind: "disconnected", context });
  }

  /** What holds for the organisation now, as the server says; the screen says what came of it. */
  async function refreshed(): Promise<PortalContext | null> {
    const fresh = await link.context();
    return fresh.kind === "ok" ? fresh.value : (opened()?.session.context ?? null);
  }

  async function setUp(): Promise<void> {
    const screen = opened()?.screen;
    if (screen?.kind !== "setup" || screen.setup.step.kind === "working") return;
    const order = readOrder(screen.setup);
    if (order.kind === "missing") return store.dispatch({ kind: "fieldsMissing", ids: order.ids });
    store.dispatch({ kind: "setupStarted" });
    const answer = await link.setTrust(order.order);
    if (answer.kind === "refused") return store.dispatch({ kind: "setupRefused", fault: answer.fault });
    const context = await refreshed();
    if (context) store.dispatch({ kind: "setupFinished", context });
  }

  async function removeTrust(): Promise<void> {
    const screen = opened()?.screen;
    if (screen?.kind !== "organisation" || screen.step.kind === "working") return;
    store.dispatch({ kind: "removalStarted" });
    const answer = await link.removeTrust();
    if (answer.kind === "refused") return store.dispatch({ kind: "removalRefused", fault: answer.fault });
    const context = await refreshed();
    if (context) store.dispatch({ kind: "setupFinished", context });
  }

  function lookUpKnown(): void {
    const screen = opened()?.screen;
    if (screen?.kind !== "connect" || screen.form.address.kind !== "typing") return;
    if (screen.form.address.text !== "") void lookUp();
  }

  return {
    reload: link.reload,
    close: link.close,
    lookUp: () => void lookUp(),
    proceed() {
      const current = opened();
      if (current?.screen.kind === "connect") void signIn(current.session, current.screen.form);
    },
    confirmDisconnect: () => void disconnect(),
    setUp: () => void setUp(),
    confirmRemoval: () => void removeTrust(),
    lookUpKnown,
  };
}

interface Made {
  id: string | null;
  method: string;
  target: Target;
  now: () => Date;
}

/** The credential that a sign-in has made, as the server tells it; put together from what we know where it does not. */
function madeCredential(context: PortalContext, { id, method, target, now }: Made): PortalCredential {
  const told =
    context.credentials.find((credential) => credential.id === id) ?? (id === null ? context.credentials[0] : null);
  if (told) return told;
  return {
    id: id ?? "",
    status: "VALID",
    reason: null,
    warning: null,
    method,
    ...target,
    username: null,
    createdAt: now().toISOString(),
  };
}
