import { useState } from "react";
import type { Embed } from "../acme/app.tsx";
import type { Problem } from "../acme/problem.ts";
import { problemOfError } from "../easel/failure.ts";
import type { Paragon } from "../easel/paragon.ts";

export type FlowInput = {
  id: string;
  title: string;
  help: string | undefined;
  placeholder: string | undefined;
  initial: string;
  required: boolean;
  secret: boolean;
};

export type FlowStage =
  | { kind: "idle" }
  | { kind: "accountType"; options: { id: string; title: string }[] }
  | { kind: "form"; accountType: string | undefined; inputs: FlowInput[] }
  /** A stage of the SDK's that this form does not draw. */
  | { kind: "portalOnly" };

type StartOptions = NonNullable<Parameters<Paragon["installFlow"]["start"]>[1]>;
type SdkStage = Parameters<NonNullable<StartOptions["onNext"]>>[0];

export type InstallFlow = {
  stage: FlowStage;
  problem: Problem | undefined;
  sending: boolean;
  start: () => void;
  chooseAccountType: (id: string) => void;
  send: (values: Record<string, string>) => void;
};

/** The SDK's InstallFlow as state: which stage it is at, and how to go on. */
export function useInstallFlow({ paragon, config }: Embed, onConnected: () => void): InstallFlow {
  const [stage, setStage] = useState<FlowStage>({ kind: "idle" });
  const [problem, setProblem] = useState<Problem>();
  const [sending, setSending] = useState(false);
  const flow = paragon.installFlow;

  function start() {
    setProblem(undefined);
    setSending(false);
    setStage({ kind: "idle" });
    paragon.setHeadless(true);
    flow.start("tableau", {
      onNext: (next) => setStage(stageOf(next, flow.getAccountTypeValue() ?? undefined)),
      onComplete: () => {
        setSending(false);
        onConnected();
      },
      onError: (error) => {
        setSending(false);
        setProblem(problemOfError(asError(error), config.easelOrigin));
      },
    });
  }

  function chooseAccountType(id: string) {
    setProblem(undefined);
    void flow.setAccountType(id);
  }

  function send(values: Record<string, string>) {
    setProblem(undefined);
    setSending(true);
    const accountType = stage.kind === "form" ? stage.accountType : undefined;
    // `attempt` differs each time: the SDK drops a payload that equals the one before it within 5 s.
    const attempt = crypto.randomUUID();
    void flow.setPreOptions({ ...(accountType === undefined ? {} : { method: accountType }), ...values, attempt });
  }

  return { stage, problem, sending, start, chooseAccountType, send };
}

function stageOf(next: SdkStage, accountType: string | undefined): FlowStage {
  switch (next.stage) {
    case "accountType":
      return {
        kind: "accountType",
        options: next.options.map(({ id, accountDescription }) => ({ id, title: titleOf(id, accountDescription) })),
      };
    case "preOptions":
      return { kind: "form", accountType, inputs: next.options.map(inputOf) };
    case "done":
      // Nothing to ask for: the SDK is at its end without having sent anything.
      return { kind: "form", accountType, inputs: [] };
    default:
      return { kind: "portalOnly" };
  }
}

type SdkInput = Extract<SdkStage, { stage: "preOptions" }>["options"][number];

function inputOf(input: SdkInput): FlowInput {
  return {
    id: input.id,
    title: input.title,
    help: typeof input.subtitle === "string" ? input.subtitle : undefined,
    placeholder: input.placeholder,
    initial: typeof input.defaultValue === "string" ? input.defaultValue : "",
    required: input.required ?? true,
    secret: `${input.type}` === "PASSWORD",
  };
}

const methodTitles: Record<string, string> = {
  pat: "Personal access token",
  password: "User name and password",
  connectedApp: "As myself, with nothing to type",
};

function titleOf(id: string, description: string | undefined): string {
  const words = methodTitles[id] ?? description ?? id;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The flow's errors are plain objects for some faults and Errors for others. */
function asError(error: { name: string; message: string }): Error {
  return error instanceof Error ? error : Object.assign(new Error(error.message), { name: error.name });
}
