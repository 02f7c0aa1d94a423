import { CopyButton } from "@easel/design/copy-button";
import { Notice } from "@easel/design/notice";
import type { Fault } from "../fault.ts";
import { useView } from "../view.ts";

/** What happened, what to do, and in small what to tell whoever helps: the code and the request id. */
export function FaultNotice({ fault, title }: { fault: Fault; title?: string }) {
  return (
    <Notice tone="failure" announced {...(title ? { title } : {})}>
      <p>{fault.message}</p>
      {fault.action ? <p className="text-ink-soft">{fault.action}</p> : null}
      <FaultDetails fault={fault} />
    </Notice>
  );
}

/** The same, for below a field. */
export function FaultText({ fault }: { fault: Fault }) {
  return (
    <div role="alert" className="flex flex-col gap-1">
      <p>{fault.message}</p>
      {fault.action ? <p className="text-ink-soft">{fault.action}</p> : null}
      <FaultDetails fault={fault} />
    </div>
  );
}

function FaultDetails({ fault }: { fault: Fault }) {
  const { strings } = useView();
  const details = fault.requestId ? `${fault.code} · ${strings.faults.requestId} ${fault.requestId}` : fault.code;
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-caption text-ink-soft">
      <code className="font-mono text-[11px] [overflow-wrap:anywhere]">{details}</code>
      {fault.requestId ? <CopyButton text={details} label={strings.faults.copyDetails} done={strings.copied} /> : null}
    </div>
  );
}
