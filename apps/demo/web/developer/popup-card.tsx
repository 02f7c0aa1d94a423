import { Button } from "@easel/design/button";
import { Card } from "@easel/design/card";
import { ExternalLink } from "lucide-react";
import { useRef, useState } from "react";
import type { Embed } from "../acme/app.tsx";
import type { Problem } from "../acme/problem.ts";
import { ProblemNotice } from "../acme/problem-notice.tsx";
import { problemOfError } from "../easel/failure.ts";
import type { Easel } from "../easel/use-easel.ts";
import { Snippet } from "../reports/snippet.tsx";

const snippet = ["paragon.setHeadless(true);", 'paragon.installIntegration("tableau");'];

/** How long the window may stay open, in milliseconds. Without it, a closed window leaves the SDK asking for three minutes. */
const oauthTimeout = 10 * 60 * 1000;

/** The form that Easel hosts, in a window of its own. */
export function PopupCard({ embed, easel }: { embed: Embed; easel: Easel }) {
  const { paragon, config } = embed;
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  // A window that the person closed stays open to the SDK until the timeout: its late error is not the new window's.
  const latest = useRef(0);

  async function connect() {
    latest.current += 1;
    const attempt = latest.current;
    setProblem(undefined);
    setWaiting(true);
    paragon.setHeadless(true);
    try {
      await paragon.installIntegration("tableau", { oauthTimeout });
      easel.refresh();
    } catch (error) {
      if (attempt === latest.current) setProblem(problemOfError(error, config.easelOrigin));
    }
    if (attempt === latest.current) setWaiting(false);
  }

  return (
    <Card className="rounded-card">
      <section aria-labelledby="popup" data-testid="popup" className="flex flex-col gap-4 p-5">
        <div className="flex flex-col gap-1">
          <h2 id="popup" className="font-semibold">
            A window of its own
          </h2>
          <p className="text-form text-ink-soft">Easel hosts the form; Acme waits for it to be done.</p>
        </div>
        <Snippet lines={snippet} />
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={connect}>
            <ExternalLink aria-hidden size={16} strokeWidth={1.5} />
            Open the window
          </Button>
          <p role="status" className="text-form text-ink-soft">
            {waiting ? "Waiting for you to finish in the other window." : ""}
          </p>
        </div>
        {problem === undefined ? null : <ProblemNotice problem={problem} />}
      </section>
    </Card>
  );
}
