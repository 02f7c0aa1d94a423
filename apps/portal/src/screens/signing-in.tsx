import { ProgressWords } from "@easel/design/progress-words";
import { useEffect, useState } from "react";
import { hostOf } from "../form.ts";
import { ScreenTitle } from "../parts/screen-title.tsx";
import type { Target } from "../state.ts";
import { useView } from "../view.ts";

/** The server is reached first; from here on it is signing in that takes time. One answer comes for both. */
const REACHED_AFTER_MS = 900;
const SLOW_AFTER_MS = 8_000;

/** Progress in words while the server signs in. */
export function SigningInScreen({ target, finished }: { target: Target; finished: boolean }) {
  const { strings } = useView();
  const words = strings.signingIn;
  const reached = useElapsed(REACHED_AFTER_MS);
  const slow = useElapsed(SLOW_AFTER_MS);
  const steps = [words.reaching(hostOf(target.serverUrl)), words.signing, words.done];
  return (
    <div className="flex min-h-56 flex-col gap-6">
      <ScreenTitle>{words.title}</ScreenTitle>
      <ProgressWords steps={steps} at={finished ? steps.length : reached ? 1 : 0} />
      <p role="status" className="text-form text-ink-soft">
        {slow && !finished ? words.slow : null}
      </p>
    </div>
  );
}

function useElapsed(milliseconds: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return elapsed;
}
