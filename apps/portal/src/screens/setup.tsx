import type { PortalOrganisation } from "@easel/api/portal";
import { Button } from "@easel/design/button";
import { CopyButton } from "@easel/design/copy-button";
import { Notice } from "@easel/design/notice";
import { TextField } from "@easel/design/text-field";
import type { FormEvent } from "react";
import { FaultNotice, FaultText } from "../parts/fault-notice.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import { type SetupField, setupFields, setupWays } from "../setup.ts";
import type { Session, SetupForm } from "../state.ts";
import { useView } from "../view.ts";

/** For an organisation's administrator: sets Tableau up once, for everyone. */
export function SetupScreen({ session, form }: { session: Session; form: SetupForm }) {
  const { strings, actions, dispatch } = useView();
  const words = strings.setup;
  const { project, integration, organisation } = session.context;
  if (organisation === null) return null;
  const isWorking = form.step.kind === "working";
  const fault = form.step.kind === "refused" ? form.step.fault : null;
  const problem = organisation.trust?.problem;
  const proceed = (event: FormEvent) => {
    event.preventDefault();
    actions.setUp();
  };
  return (
    <form noValidate onSubmit={proceed} className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <ScreenTitle>{words.title(integration.name, organisation.organisation)}</ScreenTitle>
        <p className="text-form text-ink-soft">{words.lead(project.name, organisation.organisation)}</p>
      </div>
      {problem ? (
        <Notice tone="failure" title={words.broken}>
          <p>{problem.reason}</p>
        </Notice>
      ) : null}
      <AddressOfSite form={form} integrationName={integration.name} />
      <Ways form={form} product={project.name} />
      {form.way === "issuer" ? <Issuer issuer={organisation.issuer} product={project.name} /> : null}
      {form.way === "issuer" ? <p className="text-form text-ink-soft">{words.issuerToken}</p> : null}
      {setupFields[form.way].map((field) => (
        <Field key={`${form.way} ${field.id}`} field={field} form={form} />
      ))}
      {fault && fault.at !== "address" ? <FaultNotice title={words.refused} fault={fault} /> : null}
      <Button kind="primary" wide type="submit" disabled={isWorking}>
        <span aria-live="polite">{isWorking ? words.working : words.start}</span>
      </Button>
      <div className="flex items-center justify-between gap-3 text-caption text-ink-soft">
        <p>{words.tried}</p>
        <Button kind="quiet" disabled={isWorking} onClick={() => dispatch({ kind: "setupDropped" })}>
          {organisation.trust && !problem ? words.back : words.own}
        </Button>
      </div>
    </form>
  );
}

function AddressOfSite({ form, integrationName }: { form: SetupForm; integrationName: string }) {
  const { strings, dispatch } = useView();
  const words = strings.setup;
  const fault = form.step.kind === "refused" && form.step.fault.at === "address" ? form.step.fault : null;
  const missing = form.missing.includes("serverUrl") ? words.addressMissing : null;
  return (
    <div data-focus="field">
      <TextField
        label={words.address(integrationName)}
        name="serverUrl"
        inputMode="url"
        placeholder={strings.connect.addressPlaceholder}
        value={form.values.serverUrl ?? ""}
        help={words.addressHelp}
        error={fault ? <FaultText fault={fault} /> : missing}
        onValue={(value) => dispatch({ kind: "fieldTyped", id: "serverUrl", value })}
      />
    </div>
  );
}

function Ways({ form, product }: { form: SetupForm; product: string }) {
  const { strings, dispatch } = useView();
  const words = strings.setup;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-form font-medium text-ink">{words.ways}</legend>
      <div className="flex flex-col divide-y divide-line rounded-box border border-line">
        {setupWays.map((way) => (
          <label key={way} className="flex cursor-pointer gap-3 px-3 py-2">
            <input
              type="radio"
              name="way"
              value={way}
              checked={form.way === way}
              onChange={() => dispatch({ kind: "wayChosen", way })}
              className="mt-0.5 size-4 shrink-0 accent-(--color-accent)"
            />
            <span className="min-w-0 flex-1">
              <span className="block text-form font-medium">{words.way[way].title}</span>
              <span className="block text-caption text-ink-soft">{words.way[way].text(product)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What the administrator registers at Tableau. */
function Issuer({ issuer, product }: { issuer: PortalOrganisation["issuer"]; product: string }) {
  const { strings } = useView();
  const words = strings.setup;
  return (
    <div className="flex flex-col gap-2 rounded-box bg-sunken p-3 text-form">
      <div className="flex items-center justify-between gap-3">
        <p className="font-medium">{words.issuer}</p>
        <CopyButton text={issuer.url} label={words.copyIssuer} done={strings.copied} />
      </div>
      <code className="font-mono text-caption [overflow-wrap:anywhere]">{issuer.url}</code>
      <p className="text-ink-soft">{words.issuerHelp}</p>
      {issuer.warning ? <p className="font-medium text-ink">{words.issuerWarning(product)}</p> : null}
    </div>
  );
}

function Field({ field, form }: { field: SetupField; form: SetupForm }) {
  const { strings, dispatch } = useView();
  const title = strings.setup.fields[field.id];
  const { showSecret, hideSecret, missing } = strings.connect;
  return (
    <TextField
      label={title}
      name={field.id}
      value={form.values[field.id] ?? ""}
      error={form.missing.includes(field.id) ? missing(title) : null}
      secret={field.secret ? { show: showSecret(title), hide: hideSecret(title) } : undefined}
      onValue={(value) => dispatch({ kind: "fieldTyped", id: field.id, value })}
    />
  );
}
