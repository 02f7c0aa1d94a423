import { useCallback, useEffect } from "react";
import type { Person } from "../../src/contract.ts";
import { DeveloperPage } from "../developer/developer-page.tsx";
import { useEasel } from "../easel/use-easel.ts";
import { ReportsPage } from "../reports/reports-page.tsx";
import type { Embed } from "./app.tsx";
import { backend } from "./backend.ts";
import { Frame } from "./frame.tsx";
import { usePath } from "./path.ts";
import type { Problem } from "./problem.ts";

export type WorkspaceProps = {
  embed: Embed;
  person: Person;
  /** With a notice where the session ended by itself. */
  onSignedOut: (notice: Problem | null) => void;
};

/** What a signed-in person sees. */
export function Workspace({ embed, person, onSignedOut }: WorkspaceProps) {
  const { config, paragon } = embed;
  const [path, go] = usePath();
  const easel = useEasel({
    paragon,
    easelOrigin: config.easelOrigin,
    projectId: config.projectId,
    onSignedOut,
  });

  const signOut = useCallback(async () => {
    await backend.signOut();
    onSignedOut(null);
  }, [onSignedOut]);

  const developer = path === "/developer";
  useEffect(() => {
    document.title = developer ? "Developer · Acme" : "Reports · Acme";
  }, [developer]);

  return (
    <Frame path={path} go={go} person={person} onSignOut={signOut}>
      {developer ? <DeveloperPage embed={embed} easel={easel} /> : <ReportsPage embed={embed} easel={easel} />}
    </Frame>
  );
}
