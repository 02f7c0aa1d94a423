import { useEffect, useRef, useState } from "react";
import type { Embed } from "../acme/app.tsx";
import type { Problem } from "../acme/problem.ts";
import { problemOfError } from "./failure.ts";
import type { Easel } from "./use-easel.ts";

/** A portal that has not opened after this long will not. The SDK itself never says so. */
const openingMs = 10_000;

export type Connecting = {
  problem: Problem | undefined;
  busy: "none" | "opening" | "disconnecting";
  /** Opens the Connect Portal: to connect, or to see and change the connection. */
  openPortal: () => void;
  disconnect: () => Promise<void>;
};

/** Opening the portal and disconnecting, and what went wrong with either. */
export function useConnecting({ config, paragon }: Embed, { state, refresh }: Easel): Connecting {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState<Connecting["busy"]>("none");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function settle(found?: Problem) {
    clearTimeout(timer.current);
    setBusy("none");
    setProblem(found);
  }

  function openPortal() {
    let opened = false;
    setProblem(undefined);
    setBusy("opening");
    timer.current = setTimeout(() => settle(portalMissing(config.easelOrigin)), openingMs);
    paragon.setHeadless(false);
    const onOpen = () => {
      opened = true;
      settle();
    };
    // The promise stays open when the person closes the portal, so what the page shows follows the SDK's events. Once
    // the portal is open it says itself what went wrong, where the person can mend it.
    paragon.connect("tableau", { onOpen, onClose: refresh }).catch((error: unknown) => {
      if (!paragon.getUser().authenticated) {
        settle(signInEnded);
        refresh();
      } else if (!opened) settle(problemOfError(error, config.easelOrigin));
    });
  }

  async function disconnect() {
    if (state.kind !== "ready" || state.connection.kind === "none") return;
    setProblem(undefined);
    setBusy("disconnecting");
    try {
      await paragon.uninstallIntegration("tableau", { selectedCredentialId: state.connection.credentialId });
      settle();
    } catch (error) {
      settle(problemOfError(error, config.easelOrigin));
    }
    refresh();
  }

  return { problem, busy, openPortal, disconnect };
}

/** The SDK forgets the person after a plain 401, and where another tab signed out. */
const signInEnded: Problem = {
  message: "Your sign-in at Easel had ended.",
  action: "It is being renewed. Try again in a moment.",
};

function portalMissing(easelOrigin: string): Problem {
  return {
    message: "The Connect Portal did not open.",
    action: `Check that Easel runs at ${easelOrigin} and that ${location.origin} is among the project's allowed origins, then load this page again.`,
  };
}
