import type { PortalCredential } from "@easel/api/portal";
import { Button } from "@easel/design/button";
import { FaultNotice } from "../parts/fault-notice.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import type { DisconnectStep, Session } from "../state.ts";
import { useView } from "../view.ts";

export interface DisconnectScreenProps {
  session: Session;
  credential: PortalCredential;
  step: DisconnectStep;
}

/** Says what disconnecting means, and asks. */
export function DisconnectScreen({ session, credential, step }: DisconnectScreenProps) {
  const { strings, actions, dispatch } = useView();
  const words = strings.disconnect;
  const { project, integration } = session.context;
  const working = step.kind === "working";
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-3 text-body">
        <ScreenTitle>{words.title(integration.name)}</ScreenTitle>
        <p>{words.means(project.name, integration.name, credential.username)}</p>
        <p className="text-ink-soft">{words.forgets}</p>
        {credential.method === "pat" ? <p className="text-ink-soft">{words.tokenStays}</p> : null}
      </div>
      {step.kind === "refused" ? <FaultNotice title={strings.faults.disconnectTitle} fault={step.fault} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={working} onClick={() => dispatch({ kind: "disconnectDropped" })}>
          {words.keep}
        </Button>
        <Button kind="danger" disabled={working} onClick={actions.confirmDisconnect}>
          <span aria-live="polite">{working ? words.working : words.confirm}</span>
        </Button>
      </div>
    </div>
  );
}
