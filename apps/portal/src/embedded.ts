import type { Link } from "./actions.ts";
import type { Drafts } from "./drafts.ts";
import { type Answer, localFault, ok, readFault, refused } from "./fault.ts";
import type { HostUpdate, PortalRequest } from "./host-update.ts";
import type { Caller, PortalApi } from "./portal-api.ts";
import type { SdkBridge } from "./sdk-bridge.ts";
import type { Store } from "./store.ts";
import type { Strings } from "./strings.ts";

export interface EmbeddedOptions {
  bridge: SdkBridge;
  api: PortalApi;
  store: Store;
  strings: Strings;
  drafts: Drafts;
  /** The project in our own address. There the browser itself lets only the project's origins frame us. */
  framedProject: string | null;
  focusPortal: () => void;
  focusPage: () => void;
  /** For the developer of the page around us: what is wrong, and what could be better. */
  warn: (text: string) => void;
  hint: (text: string) => void;
}

export interface Embedded {
  onUpdate(update: HostUpdate, origin: string): void;
  readonly link: Link;
}

/** What the page around us has asked for last. */
interface Page {
  readonly origin: string;
  readonly projectId: string;
  /** Renewed when the product signs its user in again. */
  readonly token: string;
  readonly userId: string | null;
  readonly request: PortalRequest;
}

/** How long the SDK's word about a failed sign-in may come after its empty answer. */
const ERROR_WITHIN_MS = 2_000;

/**
 * The portal inside a host page. It stays inert until a page asks for it whose origin the project allows, as our
 * server says; what it then knows and does it has from that page's SDK.
 */
export function createEmbedded(options: EmbeddedOptions): Embedded {
  const { bridge, api, store, strings } = options;
  let page: Page | null = null;
  /** Counts openings, so that answers to an earlier one are dropped. */
  let opening = 0;
  let shown = false;
  /** The page and project that our server has let embed us: from then on the card shows before its content. */
  let verified: string | null = null;
  let connectionError: string | null = null;
  const onConnectionError = new Set<(message: string) => void>();

  const callerOf = ({ token, origin }: Page): Caller => ({ kind: "user", token, embedder: origin });

  function onUpdate(update: HostUpdate, origin: string): void {
    connectionError = update.connectionError;
    if (connectionError !== null) for (const listener of onConnectionError) listener(connectionError);

    const { request, projectId, token, userId } = update;
    if (!request || request.inPopup) {
      hide();
      return;
    }
    if (!projectId || !token) {
      // The SDK signs its user out when a token is refused; a portal that is open says so.
      if (page && shown)
        store.dispatch({ kind: "loadFailed", fault: localFault("signed_out", strings.faults.signedOut) });
      page = null;
      return;
    }
    const next: Page = { origin, projectId, token, userId, request };
    const same = page !== null && identityOf(page) === identityOf(next);
    page = next;
    if (!same) void open(next);
  }

  async function open(asked: Page): Promise<void> {
    opening += 1;
    const mine = opening;
    const vouched = options.framedProject === asked.projectId || verified === embeddingOf(asked);
    if (vouched) {
      bridge.trust(asked.origin);
      store.dispatch({ kind: "loading" });
      void show();
    }
    const answer = await api.context(callerOf(asked), asked.projectId);
    if (mine !== opening) return;
    if (answer.kind === "refused") {
      if (answer.fault.code === "origin_not_allowed" || !vouched) {
        options.warn(
          `Easel: the Connect Portal stays closed in ${asked.origin}. ${answer.fault.message} ${answer.fault.action}`,
        );
        return hide();
      }
      return store.dispatch({ kind: "loadFailed", fault: answer.fault });
    }
    const problem = answer.value.trust?.problem;
    if (problem?.code === "trust_user_unnamed") options.hint(`Easel: ${problem.message} ${problem.action}`);
    verified = embeddingOf(asked);
    bridge.trust(asked.origin);
    store.dispatch({
      kind: "opened",
      session: {
        context: answer.value,
        person: null,
        remembered: options.drafts.read(whoOf(asked)),
        installOnly: asked.request.installOnly,
      },
      credentialId: asked.request.credentialId,
    });
    void show();
  }

  /** Nothing is visible before the SDK has been told so; only then can a field be focused, in a new task. */
  async function show(): Promise<void> {
    if (shown) return;
    shown = true;
    await bridge.invoke("updateContainerStyle", [{ isModalShown: true }]);
    if (!shown) return;
    void bridge.invoke("onOpen", []);
    options.focusPortal();
  }

  function hide(): void {
    page = null;
    opening += 1;
    store.dispatch({ kind: "hidden" });
    if (!shown) return;
    shown = false;
    void bridge.invoke("updateContainerStyle", [{ isModalShown: false }]);
    // The hidden iframe would keep the keyboard.
    options.focusPage();
  }

  /**
   * The SDK does not reject when the server refuses a sign-in: it answers nothing, and says why in an update that may
   * come before or after that answer.
   */
  async function connect(payload: unknown): Promise<Answer<string | null>> {
    const state = store.state();
    if (!page || state.kind !== "open") return refused(localFault("signed_out", strings.faults.signedOut));
    let latest: string | null = null;
    const listen = (message: string) => {
      latest = message;
    };
    onConnectionError.add(listen);
    try {
      const reply = await bridge.invoke("_oauthCallback", [
        { integrationId: state.session.context.integration.id, payload },
      ]);
      if (reply.kind === "silent") return refused(localFault("page_silent", strings.faults.silent));
      if (reply.kind === "threw") return refused(readError(reply.message));
      if (reply.result !== undefined && reply.result !== null) return ok(credentialIdOf(reply.result));
      return refused(readError(latest ?? (await nextConnectionError()) ?? connectionError ?? ""));
    } finally {
      onConnectionError.delete(listen);
    }
  }

  function nextConnectionError(): Promise<string | null> {
    return new Promise((resolve) => {
      const finish = (message: string | null) => {
        clearTimeout(timer);
        onConnectionError.delete(finish);
        resolve(message);
      };
      const timer = setTimeout(() => finish(null), ERROR_WITHIN_MS);
      onConnectionError.add(finish);
    });
  }

  /** What the SDK threw: our own envelope, or its own English. */
  const readError = (message: string) =>
    readFault(message) ??
    localFault(
      "unsettled",
      message === "" || message.startsWith("{")
        ? strings.faults.unsettled
        : { message, action: strings.faults.unsettled.action },
    );

  async function disconnect(selectedCredentialId: string): Promise<Answer<null>> {
    if (!page) return refused(localFault("signed_out", strings.faults.signedOut));
    const reply = await bridge.invoke("uninstallIntegration", [page.request.integrationType, { selectedCredentialId }]);
    if (reply.kind === "answered") return ok(null);
    return refused(
      reply.kind === "threw" ? readError(reply.message) : localFault("page_silent", strings.faults.silent),
    );
  }

  /** The SDK answers with an update that asks us to hide; without one we hide all the same. */
  async function close(): Promise<void> {
    const closing = opening;
    await bridge.invoke("onClose", [true]);
    if (closing === opening) hide();
  }

  const signedOut = () => Promise.resolve(refused<never>(localFault("signed_out", strings.faults.signedOut)));
  return {
    onUpdate,
    link: {
      context: () => (page ? api.context(callerOf(page), page.projectId) : signedOut()),
      async probe(address) {
        if (!page) return signedOut();
        const who = whoOf(page);
        const answer = await api.probe(callerOf(page), page.projectId, address);
        if (answer.kind === "ok") options.drafts.keep(who, address);
        return answer;
      },
      connect,
      disconnect,
      setTrust: (order) => (page ? api.setTrust(callerOf(page), page.projectId, order) : signedOut()),
      removeTrust: () => (page ? api.removeTrust(callerOf(page), page.projectId) : signedOut()),
      reload: () => void (page && open(page)),
      close: () => void close(),
    },
  };
}

/** Updates come several times over; only a different one opens the portal anew. A renewed token is the same person. */
const identityOf = ({ origin, projectId, userId, request }: Page): string =>
  JSON.stringify([origin, projectId, userId, request.integrationType]);

const embeddingOf = ({ origin, projectId }: Page): string => `${origin} ${projectId}`;

/** Whose address is remembered: another person in the same tab never sees it. */
const whoOf = ({ projectId, userId }: Page): string => `${projectId} ${userId ?? ""}`;

function credentialIdOf(event: unknown): string | null {
  if (typeof event !== "object" || event === null || !("credentialId" in event)) return null;
  return typeof event.credentialId === "string" ? event.credentialId : null;
}
