import { Button } from "@easel/design/button";
import { Card } from "@easel/design/card";
import { Notice } from "@easel/design/notice";
import { Skeleton } from "@easel/design/skeleton";
import { useEffect } from "react";
import type { Embed } from "../acme/app.tsx";
import { PageTitle } from "../acme/frame.tsx";
import { ProblemNotice } from "../acme/problem-notice.tsx";
import { useConnecting } from "../easel/use-connecting.ts";
import type { Easel } from "../easel/use-easel.ts";
import { SandboxBox } from "../reports/sandbox-box.tsx";
import { InstallFlowCard } from "./install-flow-card.tsx";
import { PopupCard } from "./popup-card.tsx";
import { UserTokenCard } from "./user-token-card.tsx";

/** The ways to connect without the portal, and what Acme's backend signs. */
export function DeveloperPage({ embed, easel }: { embed: Embed; easel: Easel }) {
  const { paragon } = embed;
  useEffect(() => () => paragon.setHeadless(false), [paragon]);
  return (
    <>
      <PageTitle title="Developer">The same connection without the portal: headless, in Acme's own clothes.</PageTitle>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Headless embed={embed} easel={easel} />
          <UserTokenCard ready={easel.state.kind === "ready"} />
        </div>
        <div className="order-first lg:sticky lg:top-6 lg:order-none">
          <SandboxBox />
        </div>
      </div>
    </>
  );
}

function Headless({ embed, easel }: { embed: Embed; easel: Easel }) {
  const { state } = easel;
  const { problem, busy, disconnect } = useConnecting(embed, easel);
  switch (state.kind) {
    case "loading":
      return <Skeleton shape="h-64 w-full rounded-card" />;
    case "unavailable":
      return (
        <ProblemNotice problem={state.problem}>
          <Button onClick={() => location.reload()}>Try again</Button>
        </ProblemNotice>
      );
    case "ready":
      return state.connection.kind === "none" ? (
        <>
          <InstallFlowCard embed={embed} easel={easel} />
          <PopupCard embed={embed} easel={easel} />
        </>
      ) : (
        <Card className="rounded-card">
          <section aria-label="Connected" className="flex flex-col gap-4 p-5">
            {state.connection.kind === "connected" ? (
              <Notice tone="success" title="Tableau is connected." announced>
                <p>Disconnect it to try the headless ways.</p>
              </Notice>
            ) : (
              <Notice tone="waiting" title="Tableau needs to be connected again." announced>
                <p>Reconnect on the Reports page, or disconnect to try the headless ways.</p>
              </Notice>
            )}
            {problem === undefined ? null : <ProblemNotice problem={problem} />}
            <div>
              <Button disabled={busy !== "none"} onClick={disconnect}>
                {busy === "disconnecting" ? "Disconnecting…" : "Disconnect"}
              </Button>
            </div>
          </section>
        </Card>
      );
  }
}
