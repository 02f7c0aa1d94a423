import { useCallback, useEffect, useState } from "react";
import { backend } from "../acme/backend.ts";
import type { Problem } from "../acme/problem.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { problemOfError } from "./failure.ts";
import { type Paragon, watchInstalls } from "./paragon.ts";

export type EaselState =
  | { kind: "loading" }
  | { kind: "unavailable"; problem: Problem }
  | { kind: "ready"; connection: Connection };

export type Easel = {
  state: EaselState;
  /** Shows what the SDK knows now; asks Easel again where the SDK has lost the person. */
  refresh: () => void;
  /** Asks Easel again, e.g. after a call that said the account no longer works: the SDK does not do so by itself. */
  recheck: () => void;
};

/** A token is renewed this long before it ends. */
const renewAheadMs = 5 * 60 * 1000;

export type UseEaselOptions = {
  paragon: Paragon;
  easelOrigin: string;
  projectId: string;
  /** Acme's session is over: the person has to sign in again. */
  onSignedOut: (problem: Problem) => void;
};

/** Signs the person in at Easel with a user token of Acme's backend, renews it while the page is open, and follows the connection. */
export function useEasel({ paragon, easelOrigin, projectId, onSignedOut }: UseEaselOptions): Easel {
  const [state, setState] = useState<EaselState>({ kind: "loading" });
  const [round, setRound] = useState(0);
  const recheck = useCallback(() => setRound((was) => was + 1), []);
  const refresh = useCallback(() => {
    // A plain 401 makes the SDK forget who it speaks for.
    if (!paragon.getUser().authenticated) return recheck();
    setState((was) => (was.kind === "ready" ? { kind: "ready", connection: connectionOf(paragon) } : was));
  }, [paragon, recheck]);

  // `round` is not read: another round is the same once more.
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let renewAt = 0;

    async function authenticate() {
      const token = await backend.userToken();
      if (!current) return;
      if (token.kind === "signedOut") return onSignedOut(token.problem);
      if (token.kind === "failed") return setState({ kind: "unavailable", problem: token.problem });
      const { userToken, expiresAt } = token.value;
      window.acme = { projectId, userToken };
      try {
        await paragon.authenticate(projectId, userToken);
      } catch (error) {
        if (current) setState({ kind: "unavailable", problem: problemOfError(error, easelOrigin) });
        return;
      }
      if (!current) return;
      setState({ kind: "ready", connection: connectionOf(paragon) });
      renewAt = expiresAt - renewAheadMs;
      timer = setTimeout(authenticate, renewAt - Date.now());
    }

    // A timer does not run while the computer sleeps.
    function onVisible() {
      if (document.visibilityState !== "visible" || renewAt === 0 || Date.now() < renewAt) return;
      clearTimeout(timer);
      renewAt = 0;
      void authenticate();
    }

    document.addEventListener("visibilitychange", onVisible);
    const stopWatching = watchInstalls(paragon, refresh);
    void authenticate();
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
      stopWatching();
    };
  }, [paragon, easelOrigin, projectId, onSignedOut, refresh, round]);

  return { state, refresh, recheck };
}
