import { Button } from "@easel/design/button";
import { Card } from "@easel/design/card";
import { Skeleton } from "@easel/design/skeleton";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { Embed } from "../acme/app.tsx";
import { ProblemNotice } from "../acme/problem-notice.tsx";
import type { Account } from "../easel/connection.ts";
import { useConnecting } from "../easel/use-connecting.ts";
import type { Easel } from "../easel/use-easel.ts";
import { TableauMark } from "./tableau-mark.tsx";

/** Connects, shows and disconnects the person's Tableau account. */
export function ConnectionCard({ embed, easel }: { embed: Embed; easel: Easel }) {
  const { state } = easel;
  const { problem, busy, openPortal, disconnect } = useConnecting(embed, easel);
  return (
    <Card className="rounded-card" data-testid="connection">
      <section aria-label="Tableau account" className="flex flex-col gap-4 p-5">
        {state.kind === "loading" ? <LoadingConnection /> : null}
        {state.kind === "unavailable" ? (
          <ProblemNotice problem={state.problem}>
            <Button onClick={() => location.reload()}>Try again</Button>
          </ProblemNotice>
        ) : null}
        {state.kind === "ready" ? (
          <Row title="Tableau" status={<Status easel={easel} />}>
            {state.connection.kind === "none" ? (
              <Button kind="primary" disabled={busy !== "none"} onClick={openPortal}>
                {busy === "opening" ? "Opening…" : "Connect Tableau"}
              </Button>
            ) : (
              <>
                <Button
                  kind={state.connection.kind === "invalid" ? "primary" : "secondary"}
                  disabled={busy !== "none"}
                  onClick={openPortal}
                >
                  {state.connection.kind === "invalid" ? "Reconnect" : "Manage"}
                </Button>
                <Button disabled={busy !== "none"} onClick={disconnect}>
                  {busy === "disconnecting" ? "Disconnecting…" : "Disconnect"}
                </Button>
              </>
            )}
          </Row>
        ) : null}
        {problem === undefined ? null : <ProblemNotice problem={problem} />}
      </section>
    </Card>
  );
}

function Row({ title, status, children }: { title: string; status: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-4 sm:flex-row sm:items-center">
      <div className="flex min-w-0 flex-1 items-center gap-4">
        <TableauMark />
        <div className="flex min-w-0 flex-col gap-0.5">
          <h2 className="font-semibold">{title}</h2>
          {status}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}

function Status({ easel }: { easel: Easel }) {
  if (easel.state.kind !== "ready") return null;
  const { connection } = easel.state;
  if (connection.kind === "none")
    return (
      <p className="text-form text-ink-soft" data-testid="connection-status">
        Not connected. Connect your account to see your projects and jobs here.
      </p>
    );
  const valid = connection.kind === "connected";
  return (
    <p className="flex gap-1.5 text-form text-ink-soft" data-testid="connection-status">
      {valid ? (
        <CircleCheck aria-hidden size={16} strokeWidth={1.5} className="mt-px shrink-0 text-success" />
      ) : (
        <CircleAlert aria-hidden size={16} strokeWidth={1.5} className="mt-px shrink-0 text-failure" />
      )}
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span className={`font-medium ${valid ? "text-success" : "text-failure"}`}>
          {valid ? "Connected" : "Needs to be connected again"}
        </span>
        {accountWords(connection.account)}
      </span>
    </p>
  );
}

/** " as ana, site acme on localhost:4610": as much of it as is known. */
function accountWords({ username, site, serverUrl }: Account): string {
  const server = serverUrl && URL.canParse(serverUrl) ? new URL(serverUrl).host : undefined;
  const where = site === "" ? "default site" : site ? `site ${site}` : undefined;
  const words = [username ? ` as ${username}` : "", where ? `, ${where}` : "", server ? ` on ${server}` : ""];
  return words.join("");
}

function LoadingConnection() {
  return (
    <div className="flex items-center gap-4" aria-busy="true">
      <Skeleton shape="size-11 rounded-box" />
      <div className="flex flex-1 flex-col gap-2">
        <Skeleton shape="h-4 w-24" />
        <Skeleton shape="h-4 w-56 max-w-full" />
      </div>
      <Skeleton shape="h-10 w-36 rounded-box" />
    </div>
  );
}
