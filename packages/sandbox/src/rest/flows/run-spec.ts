import type * as z from "zod";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, repeated } from "../../wire/request-schema.ts";
import type { FlowTask } from "../tasks/model.ts";
import type { Flow } from "./model.ts";

/** Steps or parameters that one request may name. */
const most = 1_000;

export const flowRunSpecSchema = element({
  flowId: attribute.optional(),
  runMode: attribute.optional(),
  flowOutputSteps: element({ flowOutputStep: repeated(element({ id: attribute.optional() }), most) }).optional(),
  flowParameterSpecs: element({
    flowParameterSpec: repeated(
      element({ parameterId: attribute.optional(), overrideValue: attribute.optional() }),
      most,
    ),
  }).optional(),
}).optional();

export const runSpecSchema = element({ flowRunSpec: flowRunSpecSchema });

type SpecRequest = NonNullable<z.output<typeof flowRunSpecSchema>>;

/** Which of a flow's output steps to run, and with what. Every step and parameter named must be the flow's. */
export function readRunSpec(request: SpecRequest, flow: Flow): Pick<FlowTask, "outputSteps" | "parameters"> | Refusal {
  const { flowId, runMode, flowOutputSteps, flowParameterSpecs } = request;
  if (flowId !== undefined && flowId.toLowerCase() !== flow.id) {
    return refuse("404009", `The flowRunSpec is for the flow '${flowId}', the address for '${flow.id}'.`);
  }
  if (runMode !== undefined && runMode !== "" && runMode !== "full" && runMode !== "incremental") {
    return refuse("400003", `The run mode '${runMode}' is neither full nor incremental.`);
  }
  const outputSteps = [];
  for (const { id } of flowOutputSteps?.flowOutputStep ?? []) {
    const step = flow.outputSteps.find((one) => one.id === id?.toLowerCase());
    if (step === undefined) return refuse("400003", `The flow has no output step '${id}'.`);
    outputSteps.push(step);
  }
  const parameters = [];
  for (const { parameterId, overrideValue = "" } of flowParameterSpecs?.flowParameterSpec ?? []) {
    const parameter = flow.parameters.find(({ id }) => id === parameterId?.toLowerCase());
    if (parameter === undefined) return refuse("400003", `The flow has no parameter '${parameterId}'.`);
    const { domain } = parameter;
    if (domain.kind === "list" && !domain.values.includes(overrideValue)) {
      return refuse("400003", `The parameter ${parameter.name} can't be '${overrideValue}'.`);
    }
    parameters.push({ parameterId: parameter.id, overrideValue });
  }
  return { outputSteps, parameters };
}
