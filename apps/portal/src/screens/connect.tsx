import { Button } from "@easel/design/button";
import { Notice } from "@easel/design/notice";
import { type FormEvent, useLayoutEffect } from "react";
import { currentMethod, faultField, hostOf, otherMethods, trustOf, usesTrust } from "../form.ts";
import { AddressField } from "../parts/address-field.tsx";
import { Consent } from "../parts/consent.tsx";
import { FaultNotice } from "../parts/fault-notice.tsx";
import { MethodForm } from "../parts/method-form.tsx";
import { OrganisationLink } from "../parts/organisation-link.tsx";
import { OtherWays } from "../parts/other-ways.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import type { ConnectForm, Session } from "../state.ts";
import { useView } from "../view.ts";

/** The product has not said who its user is at Tableau: its developer's matter (see embedded.ts), and no person's. */
const USER_UNNAMED = "trust_user_unnamed";

/** Address, then the one best way to sign in. With a trust that works: nothing to type. */
export function ConnectScreen({ session, form }: { session: Session; form: ConnectForm }) {
  const { strings, actions, dispatch } = useView();
  const words = strings.connect;
  const { project, integration, consent, trust } = session.context;
  const method = currentMethod(session.context, form);
  const others = otherMethods(session.context, form);
  const byTrust = method !== null && usesTrust(method);
  // With the screen itself: later, it could take the first letters that somebody types for a known address.
  useLayoutEffect(() => {
    if (!byTrust) actions.lookUpKnown();
  }, [byTrust, actions]);
  const proceed = (event: FormEvent) => {
    event.preventDefault();
    actions.proceed();
  };
  if (!integration.isActive) return <Inactive session={session} />;
  return (
    <form noValidate onSubmit={proceed} className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <ScreenTitle>
          {form.reconnecting ? words.reconnectTitle(integration.name) : words.title(integration.name)}
        </ScreenTitle>
        {session.person ? (
          <p className="text-form text-ink-soft">{words.forPerson(project.name, session.person)}</p>
        ) : null}
        <Consent product={project.name} abilities={consent} />
      </div>
      {form.disconnected ? <Notice tone="success" announced title={words.disconnected(integration.name)} /> : null}
      {trust?.problem && trust.problem.code !== USER_UNNAMED ? (
        <Notice tone="waiting" title={words.trustRefused(project.name)}>
          <p>{trust.problem.message}</p>
          <p className="text-ink-soft">{trust.problem.action}</p>
        </Notice>
      ) : null}
      {byTrust ? <TrustTarget session={session} /> : <TypedWay session={session} form={form} />}
      {form.fault && faultField(session.context, form) === null ? (
        <FaultNotice title={strings.faults.title} fault={form.fault} />
      ) : null}
      <ProceedButton session={session} form={form} byTrust={byTrust} />
      <OtherWays methods={others} trustName={trustOf(session.context)?.username ?? null} />
      <OrganisationLink session={session} />
      <div className="flex items-center justify-between gap-3 text-caption text-ink-soft">
        <p>{words.promise}</p>
        {form.reconnecting ? (
          <Button kind="quiet" onClick={() => dispatch({ kind: "reconnectDropped" })}>
            {words.cancel}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

function TypedWay({ session, form }: { session: Session; form: ConnectForm }) {
  const { strings } = useView();
  const method = currentMethod(session.context, form);
  const fault = faultField(session.context, form) === "address" ? form.fault : null;
  return (
    <>
      <AddressField session={session} address={form.address} fault={fault} />
      {method ? (
        <MethodForm session={session} form={form} method={method} />
      ) : (
        <Notice tone="waiting" title={strings.connect.noMethods}>
          <p>{strings.connect.noMethodsAction(session.context.project.name)}</p>
        </Notice>
      )}
    </>
  );
}

/** Where the trust signs this person in. */
function TrustTarget({ session }: { session: Session }) {
  const { strings } = useView();
  const trust = trustOf(session.context);
  if (!trust) return null;
  return (
    <div className="flex flex-col gap-1 rounded-box bg-sunken p-3 text-form">
      <p>{strings.connect.trustLead(session.context.project.name)}</p>
      <p className="text-ink-soft [overflow-wrap:anywhere]">
        {hostOf(trust.serverUrl)} · {trust.site === "" ? strings.connect.defaultSite : strings.connect.site(trust.site)}
      </p>
    </div>
  );
}

/** The one primary action: look the address up first, then sign in. */
function ProceedButton({ session, form, byTrust }: { session: Session; form: ConnectForm; byTrust: boolean }) {
  const { strings } = useView();
  const words = strings.connect;
  const { address } = form;
  const retry = session.context.fixed && address.kind === "refused";
  if (!byTrust && address.kind === "found" && !currentMethod(session.context, form)) return null;
  const name = trustOf(session.context)?.username;
  const label = () => {
    if (byTrust) return name ? words.connectAs(name) : words.connect;
    if (address.kind === "found") return form.reconnecting ? words.reconnect : words.connect;
    return retry ? strings.tryAgain : words.continue;
  };
  return (
    <Button
      kind="primary"
      wide
      type="submit"
      data-focus={byTrust ? "button" : undefined}
      disabled={!byTrust && address.kind === "probing"}
    >
      <span className="min-w-0 [overflow-wrap:anywhere]">{label()}</span>
    </Button>
  );
}

function Inactive({ session }: { session: Session }) {
  const { strings } = useView();
  const { project, integration } = session.context;
  return (
    <div className="flex flex-col gap-4">
      <ScreenTitle>{strings.connect.title(integration.name)}</ScreenTitle>
      <Notice tone="waiting" title={strings.connect.inactive(integration.name, project.name)}>
        <p>{strings.connect.inactiveAction(project.name)}</p>
      </Notice>
    </div>
  );
}
