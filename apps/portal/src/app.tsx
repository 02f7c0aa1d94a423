import { Card } from "@easel/design/card";
import { useEffect, useLayoutEffect, useRef } from "react";
import { accentFor } from "./accent.ts";
import { CardHeader } from "./parts/card-header.tsx";
import { focusScreen, keepFocusInside } from "./parts/focus.ts";
import { ConnectScreen } from "./screens/connect.tsx";
import { ConnectedScreen } from "./screens/connected.tsx";
import { DisconnectScreen } from "./screens/disconnect.tsx";
import { FailedScreen } from "./screens/failed.tsx";
import { LoadingScreen } from "./screens/loading.tsx";
import { OrganisationScreen } from "./screens/organisation.tsx";
import { SetupScreen } from "./screens/setup.tsx";
import { SigningInScreen } from "./screens/signing-in.tsx";
import { TokenGuideScreen } from "./screens/token-guide.tsx";
import type { PortalState } from "./state.ts";
import { useView } from "./view.ts";

export interface AppProps {
  state: PortalState;
  scheme: "light" | "dark";
  touch: boolean;
}

/** The card in the middle of the page; full screen on phones. Nothing at all while the portal is inert. */
export function App({ state, scheme, touch }: AppProps) {
  const { strings, embedded, actions, dispatch } = useView();
  const card = useRef<HTMLDivElement>(null);
  const session = state.kind === "open" ? state.session : null;
  useAccent(card, session?.context.project.accentColor ?? null, scheme);

  const title = session && strings.connect.windowTitle(session.context.project.name, session.context.integration.name);
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);

  const place = placeOf(state);
  useEffect(() => {
    if (place === "inert") return;
    card.current?.scrollTo(0, 0);
    focusScreen(card.current, touch);
    card.current?.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
  }, [place, touch]);

  // With the screen itself, not after it: a key pressed at once must mean what the new screen says it means.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (card.current && embedded) keepFocusInside(card.current, event);
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (state.kind !== "open") return state.kind === "inert" || !embedded ? undefined : actions.close();
      if (state.screen.kind === "guide") return dispatch({ kind: "guideClosed" });
      if (state.screen.kind === "disconnect") return dispatch({ kind: "disconnectDropped" });
      if (state.screen.kind === "organisation" && state.screen.step.kind !== "shown")
        return dispatch({ kind: "removalDropped" });
      if (embedded) actions.close();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [state, embedded, actions, dispatch]);

  if (state.kind === "inert") return null;
  return (
    <div className={`${embedded ? "bg-scrim" : "bg-ground"} flex h-full sm:items-center sm:justify-center sm:p-6`}>
      <Card
        ref={card}
        role={embedded ? "dialog" : "main"}
        aria-modal={embedded ? true : undefined}
        aria-labelledby="title"
        floating
        className="flex h-full w-full flex-col gap-4 overflow-y-auto overscroll-contain p-6 pt-4 max-sm:rounded-none max-sm:border-0 sm:h-auto sm:max-h-full sm:w-110"
      >
        <CardHeader session={session} />
        <ScreenOf state={state} />
      </Card>
    </div>
  );
}

function ScreenOf({ state }: { state: PortalState }) {
  switch (state.kind) {
    case "inert":
      return null;
    case "loading":
      return <LoadingScreen />;
    case "failed":
      return <FailedScreen fault={state.fault} />;
    case "open":
      break;
  }
  const { session, screen } = state;
  switch (screen.kind) {
    case "connect":
      return <ConnectScreen session={session} form={screen.form} />;
    case "guide":
      return <TokenGuideScreen session={session} form={screen.form} />;
    case "signingIn":
      return <SigningInScreen target={screen.target} finished={screen.finished} />;
    case "connected":
      return <ConnectedScreen session={session} credential={screen.credential} justNow={screen.justNow} />;
    case "disconnect":
      return <DisconnectScreen session={session} credential={screen.credential} step={screen.step} />;
    case "setup":
      return <SetupScreen session={session} form={screen.setup} />;
    case "organisation":
      return <OrganisationScreen session={session} step={screen.step} />;
  }
}

/** Where the person is: the keyboard moves when this changes, and not with every letter typed. */
function placeOf(state: PortalState): string {
  if (state.kind !== "open") return state.kind;
  const { screen } = state;
  if (screen.kind === "disconnect") return `disconnect ${screen.step.kind}`;
  if (screen.kind === "organisation") return `organisation ${screen.step.kind}`;
  if (screen.kind === "setup") {
    const { step, missing } = screen.setup;
    return ["setup", step.kind, missing.join(), step.kind === "refused" ? step.fault.requestId : ""].join(" ");
  }
  if (screen.kind !== "connect") return screen.kind;
  const { form } = screen;
  const found = form.address.kind === "probing" ? "typing" : form.address.kind;
  return ["connect", found, form.methodId, form.missing.length > 0, form.fault?.requestId ?? form.fault?.code].join(
    " ",
  );
}

/** The product's accent on the card. Set through the CSSOM: the page allows no inline style. */
function useAccent(card: { current: HTMLElement | null }, color: string | null, scheme: "light" | "dark"): void {
  useLayoutEffect(() => {
    const accent = accentFor(color, scheme);
    const element = card.current;
    if (!accent || !element) return;
    for (const [name, value] of Object.entries(accent.variables)) element.style.setProperty(name, value);
    return () => {
      for (const name of Object.keys(accent.variables)) element.style.removeProperty(name);
    };
  }, [card, color, scheme]);
}
