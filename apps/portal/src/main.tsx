import { createRoot } from "react-dom/client";
import { type Actions, createActions } from "./actions.ts";
import { App } from "./app.tsx";
import { createEmbedded } from "./embedded.ts";
import { createHosted, hostedCode } from "./hosted.ts";
import { focusScreen } from "./parts/focus.ts";
import { createPortalApi } from "./portal-api.ts";
import { createSdkBridge, type SdkBridge } from "./sdk-bridge.ts";
import type { PortalState } from "./state.ts";
import { createStore } from "./store.ts";
import { stringsFor } from "./strings.ts";
import { type View, ViewProvider } from "./view.ts";

/** Puts the portal together, for the page that it is in. */
function start(container: HTMLElement): void {
  const strings = stringsFor(navigator.languages);
  document.documentElement.lang = strings.language;
  const root = createRoot(container);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const touch = matchMedia("(pointer: coarse)").matches;

  let current: PortalState = { kind: "inert" };
  const render = () => {
    root.render(
      <ViewProvider value={view}>
        <App state={current} scheme={dark.matches ? "dark" : "light"} touch={touch} />
      </ViewProvider>,
    );
  };
  const store = createStore((state) => {
    current = state;
    render();
  });
  const api = createPortalApi((input, init) => fetch(input, init), strings);
  const code = hostedCode(location.pathname);
  const actions = code ? startHosted(code) : startEmbedded();
  const view: View = { strings, actions, dispatch: store.dispatch, embedded: code === null };
  dark.addEventListener("change", render);

  function startHosted(oneTimeCode: string): Actions {
    const hosted = createHosted({ code: oneTimeCode, api, store, strings, closeWindow: () => window.close() });
    queueMicrotask(hosted.start);
    return actionsFor(hosted.link);
  }

  function startEmbedded(): Actions {
    const bridge: SdkBridge = createSdkBridge(window, (update, origin) => embedded.onUpdate(update, origin));
    const embedded = createEmbedded({
      bridge,
      api,
      store,
      strings,
      framedProject: new URLSearchParams(location.search).get("projectId"),
      // In a new task: the iframe becomes focusable only after the SDK has shown it.
      focusPortal: () => setTimeout(() => focusPortal(container, touch)),
      focusPage: () => parent.focus(),
      warn: (text) => console.error(text),
    });
    return actionsFor(embedded.link);
  }

  const actionsFor = (link: Parameters<typeof createActions>[0]["link"]) =>
    createActions({
      store,
      link,
      now: () => new Date(),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
}

function focusPortal(container: HTMLElement, touch: boolean): void {
  window.focus();
  focusScreen(container.querySelector<HTMLElement>("[role=dialog]"), touch);
}

const container = document.getElementById("portal");
if (container) start(container);
