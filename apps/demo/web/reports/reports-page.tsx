import type { Embed } from "../acme/app.tsx";
import { PageTitle } from "../acme/frame.tsx";
import type { Easel } from "../easel/use-easel.ts";
import { Calls } from "./calls.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { SandboxBox } from "./sandbox-box.tsx";

/** Connect Tableau, then ask it things. */
export function ReportsPage({ embed, easel }: { embed: Embed; easel: Easel }) {
  const connected = easel.state.kind === "ready" && easel.state.connection.kind === "connected";
  // On a phone the keys to paste come before the calls until they have been pasted.
  const boxPlace = connected ? "order-last lg:order-none" : "";
  return (
    <>
      <PageTitle title="Reports">Your own Tableau projects and jobs, without leaving Acme.</PageTitle>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <ConnectionCard embed={embed} easel={easel} />
        <div className={`${boxPlace} lg:sticky lg:top-6 lg:col-start-2 lg:row-span-2 lg:row-start-1`}>
          <SandboxBox />
        </div>
        <Calls embed={embed} easel={easel} />
      </div>
    </>
  );
}
