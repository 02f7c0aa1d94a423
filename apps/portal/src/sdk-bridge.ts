import { type HostUpdate, readHostUpdate } from "./host-update.ts";

/** The methods of the host page's SDK that the portal calls. */
export type SdkMethod = "updateContainerStyle" | "onOpen" | "onClose" | "_oauthCallback" | "uninstallIntegration";

export type Reply =
  | { readonly kind: "answered"; readonly result: unknown }
  /** `message` may be the JSON text of our own error envelope. */
  | { readonly kind: "threw"; readonly message: string }
  /** The portal may not speak to this page, or the page did not answer in time. */
  | { readonly kind: "silent" };

export interface SdkBridge {
  /**
   * Lets the bridge answer pages of this origin. Until then nothing at all is sent: whoever frames us learns
   * nothing, and a page that may not embed the portal cannot make it show itself.
   */
  trust(origin: string): void;
  /** Calls a method of the SDK. Never rejects. */
  invoke(method: SdkMethod, parameters: readonly unknown[]): Promise<Reply>;
}

/** The part of a window that the bridge uses. */
export interface BridgeWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  addEventListener(type: "message", listener: (event: BridgeMessage) => void): void;
}
export interface BridgeMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
}

/** A sign-in at a slow Tableau server takes up to a minute with its retries; after this the page has lost our call. */
const REPLY_WITHIN_MS = 90_000;
/** Calls that wait for an answer. A page that never answers must not make us remember every call. */
const MAX_WAITING = 32;

/**
 * Speaks with the SDK in the page around the iframe. It listens to that page only (`event.source`), and sends to
 * an origin only after `trust`, never to `*`.
 */
export function createSdkBridge(
  window: BridgeWindow,
  onUpdate: (update: HostUpdate, origin: string) => void,
): SdkBridge {
  const waiting = new Map<string, (reply: Reply) => void>();
  const idPrefix = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let trusted: string | null = null;
  let calls = 0;

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.source === window) return;
    // A page of opaque origin cannot be named as the target of an answer.
    if (event.origin === "null" || event.origin === "") return;
    const update = readHostUpdate(event.data);
    if (update) onUpdate(update, event.origin);
    else if (event.origin === trusted) settle(event.data);
  });

  function settle(data: unknown): void {
    if (typeof data !== "object" || data === null || !("id" in data) || !("messageType" in data)) return;
    if (typeof data.id !== "string") return;
    const resolve = waiting.get(data.id);
    if (!resolve) return;
    if (data.messageType === "SDK_FUNCTION_RESPONSE") {
      resolve({ kind: "answered", result: "result" in data ? data.result : undefined });
    } else if (data.messageType === "SDK_FUNCTION_ERROR") {
      resolve({ kind: "threw", message: "message" in data && typeof data.message === "string" ? data.message : "" });
    }
  }

  return {
    trust(origin) {
      trusted = origin;
    },
    invoke(method, parameters) {
      const target = trusted;
      if (target === null || waiting.size >= MAX_WAITING) return Promise.resolve({ kind: "silent" });
      calls += 1;
      const id = `${idPrefix}-${calls}`;
      return new Promise((resolve) => {
        const finish = (reply: Reply) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(reply);
        };
        const timer = setTimeout(() => finish({ kind: "silent" }), REPLY_WITHIN_MS);
        waiting.set(id, finish);
        window.parent.postMessage({ messageType: "SDK_FUNCTION_INVOCATION", type: method, parameters, id }, target);
      });
    },
  };
}
