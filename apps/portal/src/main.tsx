import { useCallback, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { createActions, type Link } from "./actions.ts";
import { App } from "./app.tsx";
import { createDrafts, type Drafts } from "./drafts.ts";
import { createEmbedded, type Embedded } from "./embedded.ts";
import { createHosted, hostedCode } from "./hosted.ts";
import { focusScreen } from "./parts/focus.ts";
import { createPortalApi, type PortalApi } from "./portal-api.ts";
import { createSdkBridge } from "./sdk-bridge.ts";
import { createStore, type Store } from "./store.ts";
import { type Strings, stringsFor } from "./strings.ts";
import { type View, ViewProvider } from "./view.ts";

/** Puts the portal together, for the page that it is in. */
function start(container: HTMLElement): void {
  const strings = stringsFor(navigator.languages);
  document.documentElement.lang = strings.language;
  const touch = matchMedia("(pointer: coarse)").matches;
  const watchers = new Set<() => void>();
  const store = createStore(() => {
    for (const changed of watchers) changed();
  });
  const api = createPortalApi((input, init) => fetch(input, init), strings);

  const parts = { store, api, strings, drafts: createDrafts(() => sessionStorage) };
  const code = hostedCode(location.pathname);
  const link = code ? startHosted(parts, code) : startEmbedded(parts, () => focusPortal(container, touch));
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const actions = createActions({ store, link, now: () => new Date(), wait });
  const view: View = { strings, actions, dispatch: store.dispatch, embedded: code === null };

  // Once: Preact 11's useId starts again when the root itself is rendered again, and two fields then share an id.
  createRoot(container).render(
    <ViewProvider value={view}>
      <Portal store={store} watchers={watchers} touch={touch} />
    </ViewProvider>,
  );
  if (code) link.reload();
}

interface PortalProps {
  store: Store;
  /** Called when the store holds another state. */
  watchers: Set<() => void>;
  touch: boolean;
}

function Portal({ store, watchers, touch }: PortalProps) {
  const watch = useCallback(
    (changed: () => void) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    [watchers],
  );
  const state = useSyncExternalStore(watch, store.state);
  const isDark = useSyncExternalStore(watchScheme, () => darkScheme().matches);
  return <App state={state} scheme={isDark ? "dark" : "light"} touch={touch} />;
}

const darkScheme = () => matchMedia("(prefers-color-scheme: dark)");

function watchScheme(changed: () => void): () => void {
  const scheme = darkScheme();
  scheme.addEventListener("change", changed);
  return () => scheme.removeEventListener("change", changed);
}

interface Parts {
  store: Store;
  api: PortalApi;
  strings: Strings;
  drafts: Drafts;
}

function startHosted(parts: Parts, code: string): Link {
  return createHosted({ ...parts, code, closeWindow: () => window.close() });
}

function startEmbedded(parts: Parts, focus: () => void): Link {
  const bridge = createSdkBridge(window, (update, origin) => embedded.onUpdate(update, origin));
  const embedded: Embedded = createEmbedded({
    ...parts,
    bridge,
    framedProject: new URLSearchParams(location.search).get("projectId"),
    // In a new task: the iframe becomes focusable only after the SDK has shown it.
    focusPortal: () => setTimeout(focus),
    focusPage: () => parent.focus(),
    warn: (text) => console.error(text),
    hint: (text) => console.info(text),
  });
  return embedded.link;
}

function focusPortal(container: HTMLElement, touch: boolean): void {
  window.focus();
  focusScreen(container.querySelector<HTMLElement>("[role=dialog]"), touch);
}

const container = document.getElementById("portal");
if (container) start(container);
