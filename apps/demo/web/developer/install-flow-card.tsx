import { Button } from "@easel/design/button";
import { Card } from "@easel/design/card";
import { TextField } from "@easel/design/text-field";
import { type FormEvent, useState } from "react";
import type { Embed } from "../acme/app.tsx";
import { ProblemNotice } from "../acme/problem-notice.tsx";
import type { Easel } from "../easel/use-easel.ts";
import { Snippet } from "../reports/snippet.tsx";
import { type FlowInput, useInstallFlow } from "./use-install-flow.ts";

const snippet = [
  "paragon.setHeadless(true);",
  'paragon.installFlow.start("tableau", { onNext, onComplete, onError });',
  "paragon.installFlow.setAccountType(accountType);",
  "paragon.installFlow.setPreOptions(values);",
];

/** A form that Acme draws itself, led by the SDK's InstallFlow. */
export function InstallFlowCard({ embed, easel }: { embed: Embed; easel: Easel }) {
  const flow = useInstallFlow(embed, easel.refresh);
  return (
    <Card className="rounded-card">
      <section aria-labelledby="install-flow" data-testid="install-flow" className="flex flex-col gap-4 p-5">
        <div className="flex flex-col gap-1">
          <h2 id="install-flow" className="font-semibold">
            A form of Acme's own
          </h2>
          <p className="text-form text-ink-soft">InstallFlow says what to ask for; Acme draws it.</p>
        </div>
        <Snippet lines={snippet} />
        {flow.stage.kind === "idle" ? (
          <div>
            <Button onClick={flow.start}>Start the form</Button>
          </div>
        ) : null}
        {flow.stage.kind === "accountType" ? (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 text-form font-medium">How do you sign in to Tableau?</legend>
            {flow.stage.options.map((option) => (
              <div key={option.id}>
                <Button onClick={() => flow.chooseAccountType(option.id)}>{option.title}</Button>
              </div>
            ))}
          </fieldset>
        ) : null}
        {flow.stage.kind === "form" ? (
          <FlowForm
            key={flow.stage.accountType}
            inputs={flow.stage.inputs}
            sending={flow.sending}
            onSend={flow.send}
            onBack={flow.start}
          />
        ) : null}
        {flow.stage.kind === "portalOnly" ? (
          <p className="text-form text-ink-soft">
            The next step is one that Acme does not draw. Connect on the Reports page instead.
          </p>
        ) : null}
        {flow.problem === undefined ? null : <ProblemNotice problem={flow.problem} />}
      </section>
    </Card>
  );
}

type FlowFormProps = {
  inputs: readonly FlowInput[];
  sending: boolean;
  onSend: (values: Record<string, string>) => void;
  onBack: () => void;
};

function FlowForm({ inputs, sending, onSend, onBack }: FlowFormProps) {
  const [values, setValues] = useState(() => Object.fromEntries(inputs.map(({ id, initial }) => [id, initial])));
  function submit(event: FormEvent) {
    event.preventDefault();
    // An optional field left empty is not an answer: sent as "", it would be one.
    const given = inputs.filter(({ id, required }) => required || values[id] !== "");
    onSend(Object.fromEntries(given.map(({ id }) => [id, values[id] ?? ""])));
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {inputs.map((input) => (
        <TextField
          key={input.id}
          label={input.title}
          value={values[input.id] ?? ""}
          onValue={(value) => setValues((was) => ({ ...was, [input.id]: value }))}
          required={input.required}
          placeholder={input.placeholder}
          help={input.help}
          {...(input.secret ? { secret: { show: `Show ${input.title}`, hide: `Hide ${input.title}` } } : {})}
        />
      ))}
      {inputs.length === 0 ? <p className="text-form text-ink-soft">There is nothing to type for this way.</p> : null}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={sending}>
          {sending ? "Connecting…" : "Connect"}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}
