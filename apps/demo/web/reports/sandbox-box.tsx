import { CopyButton } from "@easel/design/copy-button";
import { Skeleton } from "@easel/design/skeleton";
import { FlaskConical } from "lucide-react";
import { useEffect, useState } from "react";
import type { SandboxCredentials } from "../../src/contract.ts";
import { type Answer, backend } from "../acme/backend.ts";
import { ProblemNotice } from "../acme/problem-notice.tsx";

/** Something to paste into the portal, clearly not part of what a real product would show. */
export function SandboxBox() {
  const [answer, setAnswer] = useState<Answer<SandboxCredentials>>();
  useEffect(() => {
    void backend.sandboxCredentials().then(setAnswer);
  }, []);
  return (
    <section
      aria-labelledby="sandbox-box"
      data-testid="sandbox-credentials"
      className="flex flex-col gap-4 rounded-card border border-dashed border-test bg-test-soft p-5"
    >
      <div className="flex flex-col gap-1">
        <h2 id="sandbox-box" className="flex items-center gap-2 font-semibold">
          <FlaskConical aria-hidden size={16} strokeWidth={1.5} className="text-test" />
          Sandbox credentials, for trying
        </h2>
        <p className="text-form text-ink-soft">
          Throw-away keys of the Tableau sandbox on this computer. They open nothing else, and a real product never
          shows any.
        </p>
      </div>
      {answer === undefined ? (
        <div className="flex flex-col gap-4" aria-busy="true">
          {[1, 2, 3].map((key) => (
            <Skeleton key={key} shape="h-10 w-full" />
          ))}
        </div>
      ) : answer.kind === "ok" ? (
        <dl className="flex flex-col gap-3">
          <Credential title="Tableau address" copyLabel="Copy address" value={answer.value.address} />
          <Credential title="Token name" copyLabel="Copy name" value={answer.value.tokenName} />
          <Credential title="Token secret" copyLabel="Copy secret" value={answer.value.tokenSecret} />
        </dl>
      ) : (
        <ProblemNotice problem={answer.problem} />
      )}
    </section>
  );
}

type CredentialProps = { title: string; copyLabel: string; value: string };

function Credential({ title, copyLabel, value }: CredentialProps) {
  return (
    <div className="flex flex-col">
      <dt className="text-caption text-ink-soft">{title}</dt>
      <dd className="flex items-start justify-between gap-3">
        <span className="min-w-0 py-1 font-mono text-caption [overflow-wrap:anywhere]">{value}</span>
        <span className="shrink-0">
          <CopyButton text={value} label={copyLabel} done="Copied" />
        </span>
      </dd>
    </div>
  );
}
