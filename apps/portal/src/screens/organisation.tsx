import { Button } from "@easel/design/button";
import { Notice } from "@easel/design/notice";
import { CircleCheck } from "lucide-react";
import { hostOf } from "../form.ts";
import { FaultNotice } from "../parts/fault-notice.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import type { OrganisationStep, Session } from "../state.ts";
import { useView } from "../view.ts";

/** What was set up for everyone of the organisation: where, since when, by whom. Renewed or removed here. */
export function OrganisationScreen({ session, step }: { session: Session; step: OrganisationStep }) {
  const { strings, dispatch } = useView();
  const words = strings.organisation;
  const { integration, organisation } = session.context;
  if (!organisation?.trust) return null;
  if (step.kind !== "shown") return <Removal session={session} name={organisation.organisation} step={step} />;
  const { organisation: name, trust } = organisation;
  return (
    <div className="flex flex-col gap-6">
      <div className="flex items-center gap-2.5">
        {trust.problem ? null : (
          <CircleCheck aria-hidden size={20} strokeWidth={1.5} className="shrink-0 text-success" />
        )}
        <ScreenTitle>
          {trust.problem ? words.brokenTitle(integration.name, name) : words.title(integration.name, name)}
        </ScreenTitle>
      </div>
      {trust.problem ? (
        <Notice tone="failure">
          <p>{trust.problem.reason}</p>
        </Notice>
      ) : (
        <p className="text-body">{words.colleagues(name)}</p>
      )}
      <Facts trust={trust} />
      <div className="-ml-4 flex flex-wrap items-center justify-between gap-2 forced-colors:ml-0">
        <Button kind="quiet" onClick={() => dispatch({ kind: "removalAsked" })}>
          {words.remove}
        </Button>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => dispatch({ kind: "setupAsked" })}>{words.renew}</Button>
          <Button kind="primary" data-focus="button" onClick={() => dispatch({ kind: "organisationLeft" })}>
            {words.next}
          </Button>
        </div>
      </div>
    </div>
  );
}

type SetUp = NonNullable<NonNullable<Session["context"]["organisation"]>["trust"]>;

function Facts({ trust }: { trust: SetUp }) {
  const { strings } = useView();
  const { connected, organisation } = strings;
  const since =
    trust.setAt && new Date(trust.setAt).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
  const facts = [
    [connected.site, trust.site === "" ? connected.defaultSite : trust.site],
    [connected.server, hostOf(trust.serverUrl)],
    [connected.how, organisation.kind[trust.kind]],
    [connected.since, since],
    [organisation.by, trust.setBy],
  ];
  return (
    <dl className="flex flex-col divide-y divide-line border-y border-line text-form">
      {facts.map(([label, value]) =>
        value ? (
          <div key={label} className="flex gap-4 py-2">
            <dt className="w-28 shrink-0 text-ink-soft">{label}</dt>
            <dd className="min-w-0 flex-1 font-medium tabular-nums [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** Says what removing means for the colleagues, and asks. */
function Removal({
  session,
  name,
  step,
}: {
  session: Session;
  name: string;
  step: Exclude<OrganisationStep, { kind: "shown" }>;
}) {
  const { strings, actions, dispatch } = useView();
  const words = strings.organisation;
  const isWorking = step.kind === "working";
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-3 text-body">
        <ScreenTitle>{words.removeTitle(name)}</ScreenTitle>
        <p>{words.removeMeans(session.context.project.name)}</p>
        <p className="text-ink-soft">{words.removeThere}</p>
      </div>
      {step.kind === "refused" ? <FaultNotice title={words.removeRefused} fault={step.fault} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={isWorking} onClick={() => dispatch({ kind: "removalDropped" })}>
          {words.keep}
        </Button>
        <Button kind="danger" disabled={isWorking} onClick={actions.confirmRemoval}>
          <span aria-live="polite">{isWorking ? words.removing : words.confirm}</span>
        </Button>
      </div>
    </div>
  );
}
