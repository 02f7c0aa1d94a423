import { randomUUID } from "node:crypto";
import type { StoredFile } from "../../files/store.ts";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { connectionsOfSource } from "../connections/from-file.ts";
import type { Ending, Moment } from "../jobs/effects.ts";
import { applyCredentials, connectionShape } from "../publishing/credentials.ts";
import { againstName, namedIn, nextNumber } from "../publishing/names.ts";
import { type Place, readPlace } from "../publishing/place.ts";
import { type Asked, badFile, type Here, type Publishing, publishAtEnd } from "../publishing/publish.ts";
import type { PublishRequest } from "../publishing/request.ts";
import { addRevision } from "../revisions/revisions.ts";
import type { SessionCall } from "../route.ts";
import { type FlowContents, inspectFlow } from "./flow-file.ts";
import type { Flow, FlowParameter, OutputStep } from "./model.ts";
import { flowResource } from "./resource.ts";

/** A flow that is about to be published. */
export type FlowDraft = Place & {
  description: string | undefined;
  overwrite: boolean;
  file: StoredFile;
  fileType: Flow["fileType"];
  contents: FlowContents;
};

export const flowPublishing: Publishing<FlowDraft, Flow> = {
  path: "flows",
  part: "tableau_flow",
  typeParameter: "flowType",
  types: ["tfl", "tflx"],
  // inferred: the second, as for workbooks.
  codes: { wrongType: "400086", missingType: "400035", broken: "400087" },
  items: (site) => site.flows,
  resource: flowResource,
  job: "publishFlow",
  readDraft,
  publish: publishDraft,
  effect: (draft) => ({ effect: "flowPublished", draft }),
};

const publishSchema = element({
  flow: element({
    name: attribute.optional(),
    description: attribute.optional(),
    project: element({ id: attribute.optional() }).optional(),
    ...connectionShape,
  }),
  // Beside the flow in the reference's sample, within it from public clients.
  ...connectionShape,
});

async function readDraft(call: SessionCall, request: PublishRequest, asked: Asked): Promise<FlowDraft | Refusal> {
  const payload = read(publishSchema, request.content);
  if (isRefusal(payload)) return payload;
  const said = payload.flow;
  const place = readPlace(call, { ...payload, ...said }, refuse("400089", "A flow can't be named so."));
  if (isRefusal(place)) return place;
  const against = againstName(call, asked, namedIn(call.session.site.flows, place.project, place.name));
  if (against !== undefined) return against;
  const inspected = await inspectFlow(call.world.files, request.file);
  if (inspected.kind === "fault") return badFile(request, inspected.fault, flowPublishing);
  return {
    ...place,
    description: said.description,
    overwrite: asked.overwrite,
    file: request.file,
    fileType: request.fileType === "tfl" ? "tfl" : "tflx",
    contents: inspected.contents,
  };
}

/** Publishes a draft: a new flow, or a new revision of the one with its name in the project. */
function publishDraft({ world, site, at }: Here, draft: FlowDraft): Flow {
  const { file, fileType, publisher, contents } = draft;
  const flow = namedIn(site.flows, draft.project, draft.name) ?? newFlow(site, draft, at);
  const connections = connectionsOfSource(site, contents, undefined);
  applyCredentials(connections, draft.credentials);
  const outputSteps = contents.outputSteps.map((step) => stepOf(step, flow));
  const parameters = contents.parameters.map((parameter) => parameterOf(parameter, flow));
  const { description = flow.description } = draft;
  Object.assign(flow, { description, fileType, connections, outputSteps, parameters, owner: publisher, updatedAt: at });
  addRevision(flow, world.files, { publisher, publishedAt: at, file, fileType });
  site.flows.set(flow.id, flow);
  return flow;
}

function newFlow(site: Site, { name, project, publisher, fileType }: FlowDraft, at: number): Flow {
  const times = { createdAt: at, updatedAt: at };
  return {
    id: randomUUID(),
    number: nextNumber(site.flows),
    name,
    description: "",
    fileType,
    project,
    owner: publisher,
    tags: [],
    connections: [],
    outputSteps: [],
    parameters: [],
    size: 1,
    revisions: [],
    ...times,
  };
}

/** A step or parameter with a name that was there before stays the same one. */
function stepOf({ name }: OutputStep, { outputSteps }: Flow): OutputStep {
  return outputSteps.find((step) => step.name === name) ?? { id: randomUUID(), name };
}

/** inferred: what a file says of which values there may be is not read. */
function parameterOf({ name, type, value, description }: FlowContents["parameters"][number], { parameters }: Flow) {
  const id = parameters.find((parameter) => parameter.name === name)?.id ?? randomUUID();
  const known = (["String", "Integer", "Date", "Boolean"] as const).find((one) =>
    type.toLowerCase().includes(one.toLowerCase()),
  );
  const parameter: FlowParameter = {
    id,
    name,
    type: known ?? "String",
    description,
    value,
    isRequired: false,
    domain: { kind: "any" },
  };
  return parameter;
}

/** Effect: publishes at the end of a job. */
export function flowPublished(moment: Moment, draft: FlowDraft): Ending {
  const published = publishAtEnd(moment, draft, flowPublishing);
  return "outcome" in published ? published : { notes: `Published the flow '${moment.job.title}'.` };
}
