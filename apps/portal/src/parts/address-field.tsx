import { TextField } from "@easel/design/text-field";
import { Check } from "lucide-react";
import type { Fault } from "../fault.ts";
import { hostOf } from "../form.ts";
import type { AddressStep, Session } from "../state.ts";
import { useView } from "../view.ts";
import { FaultNotice, FaultText } from "./fault-notice.tsx";

export interface AddressFieldProps {
  session: Session;
  address: AddressStep;
  /** The sign-in was refused because of the address. */
  fault: Fault | null;
}

/** The first question, and what was found there. A project that fixes its server never asks it. */
export function AddressField({ session, address, fault }: AddressFieldProps) {
  const { strings, dispatch, actions } = useView();
  const { context } = session;
  const words = strings.connect;
  const problem = address.kind === "refused" ? address.fault : fault;
  if (context.fixed) {
    return problem ? <FaultNotice fault={problem} /> : <AddressState address={address} session={session} alone />;
  }
  const missing = address.kind === "typing" && address.empty ? words.addressMissing : null;
  return (
    <div className="flex flex-col gap-2" data-focus={address.kind === "found" ? undefined : "field"}>
      <TextField
        label={words.address(context.integration.name)}
        placeholder={words.addressPlaceholder}
        inputMode="url"
        name="address"
        value={address.text}
        help={address.kind === "typing" ? words.addressHelp : null}
        error={problem ? <FaultText fault={problem} /> : missing}
        readOnly={address.kind === "probing"}
        onValue={(text) => dispatch({ kind: "addressTyped", text })}
        onPaste={() => setTimeout(actions.lookUp)}
      />
      {problem ? null : <AddressState address={address} session={session} />}
    </div>
  );
}

/** Said aloud when it changes: what is at the address. */
function AddressState({
  address,
  session,
  alone = false,
}: {
  address: AddressStep;
  session: Session;
  alone?: boolean;
}) {
  const { strings } = useView();
  const words = strings.connect;
  const found = address.kind === "found" ? address.probe : null;
  const site = found ? (session.context.fixed?.site ?? found.site) : null;
  const name = found && (found.edition === "cloud" ? words.cloud : words.server(found.productVersion));
  return (
    <div role="status" className="text-form [overflow-wrap:anywhere] empty:hidden">
      {address.kind === "probing" ? <p className="text-ink-soft">{words.looking(hostOf(address.text))}</p> : null}
      {found ? (
        <p className="flex gap-1.5">
          <Check aria-hidden size={16} strokeWidth={1.5} className="mt-px shrink-0 text-success" />
          <span>
            <span className="font-medium">{name}</span>
            {site === null ? null : ` · ${site === "" ? words.defaultSite : words.site(site)}`}
            {alone ? <span className="block text-ink-soft">{hostOf(found.serverUrl)}</span> : null}
          </span>
        </p>
      ) : null}
    </div>
  );
}
