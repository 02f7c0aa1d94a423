import { Button } from "@easel/design/button";
import { type Fault, mayPass } from "../fault.ts";
import { FaultNotice } from "../parts/fault-notice.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import { useView } from "../view.ts";

/** The portal itself could not be loaded. */
export function FailedScreen({ fault }: { fault: Fault }) {
  const { strings, actions } = useView();
  return (
    <div className="flex flex-col gap-4">
      <ScreenTitle>{strings.faults.loadTitle}</ScreenTitle>
      <FaultNotice fault={fault} />
      {mayPass(fault) ? (
        <Button kind="primary" wide onClick={actions.reload}>
          {strings.tryAgain}
        </Button>
      ) : null}
    </div>
  );
}
