import { Button } from "@easel/design/button";
import { useCallback, useEffect, useState } from "react";
import type { EmbedConfig, Person } from "../../src/contract.ts";
import { createParagon, type Paragon } from "../easel/paragon.ts";
import { backend } from "./backend.ts";
import { FrameSkeleton } from "./frame.tsx";
import type { Problem } from "./problem.ts";
import { ProblemNotice } from "./problem-notice.tsx";
import { SignIn } from "./sign-in.tsx";
import { Workspace } from "./workspace.tsx";

/** What every page needs: where Easel is, and the SDK that speaks to it. */
export type Embed = { config: EmbedConfig; paragon: Paragon };

type AppState =
  | { kind: "loading" }
  | { kind: "failed"; problem: Problem }
  | { kind: "signedOut"; embed: Embed; notice: Problem | null }
  | { kind: "signedIn"; embed: Embed; person: Person };

/** Acme, from the first request on: who is signed in, and which page that means. */
export function App() {
  const [state, setState] = useState<AppState>({ kind: "loading" });

  useEffect(() => {
    void start().then(setState);
  }, []);

  const signedIn = useCallback((person: Person) => {
    setState((was) => (was.kind === "signedOut" ? { kind: "signedIn", embed: was.embed, person } : was));
  }, []);

  const signedOut = useCallback((notice: Problem | null) => {
    setState((was) => {
      if (was.kind !== "signedIn") return was;
      was.embed.paragon.logout();
      window.acme = undefined;
      return { kind: "signedOut", embed: was.embed, notice };
    });
  }, []);

  switch (state.kind) {
    case "loading":
      return <FrameSkeleton />;
    case "failed":
      return (
        <main className="mx-auto flex max-w-lg flex-col gap-4 px-4 py-16">
          <h1 className="text-title font-semibold">Acme</h1>
          <ProblemNotice problem={state.problem}>
            <Button onClick={() => location.reload()}>Try again</Button>
          </ProblemNotice>
        </main>
      );
    case "signedOut":
      return <SignIn notice={state.notice} onSignedIn={signedIn} />;
    case "signedIn":
      return <Workspace embed={state.embed} person={state.person} onSignedOut={signedOut} />;
  }
}

async function start(): Promise<AppState> {
  const [config, me] = await Promise.all([backend.config(), backend.me()]);
  if (config.kind !== "ok") return { kind: "failed", problem: config.problem };
  if (me.kind === "failed") return { kind: "failed", problem: me.problem };
  const embed = { config: config.value, paragon: createParagon(config.value.easelOrigin) };
  window.paragon = embed.paragon;
  const person = me.kind === "ok" ? me.value.person : null;
  return person === null ? { kind: "signedOut", embed, notice: null } : { kind: "signedIn", embed, person };
}
