import { detail, type Resource } from "../../query/description.ts";
import { equality, ordered } from "../../query/operators.ts";
import { type Element, list, record } from "../../wire/element.ts";
import { stateOf } from "../jobs/jobs.ts";
import type { FlowRun, ParameterRun } from "./model.ts";

/** A run in lists, where container and element are called the same (Tableau's schema, flowRunListType). */
export const flowRunResource: Resource<FlowRun> = {
  element: "flowRuns",
  plural: "flowRuns",
  // As seen on the wire by tableau-mcp's authors, which is why they filter by status themselves.
  ignoredFilters: ["status"],
  attributes: [
    { name: "id", type: "luid", from: (run) => run.id },
    { name: "flowId", type: "luid", from: ({ flow }) => flow.id, filter: equality },
    { name: "status", type: "string", from: ({ job }, { now }) => stateOf(job, now).status },
    {
      name: "startedAt",
      type: "dateTime",
      from: ({ job }, { now }) => stateOf(job, now).startedAt,
      filter: ordered,
      sort: true,
    },
    {
      name: "completedAt",
      type: "dateTime",
      from: ({ job }, { now }) => stateOf(job, now).endedAt,
      filter: ordered,
      sort: true,
    },
    {
      name: "progress",
      type: "int",
      from: ({ job }, { now }) => stateOf(job, now).progress,
      filter: ordered,
      sort: true,
    },
    { name: "backgroundJobId", type: "string", from: ({ job }) => job.id },
    { name: "userId", type: "luid", from: ({ startedBy }) => startedBy?.id, show: "never", filter: equality },
  ],
  children: [
    detail("flowParameterRuns", ({ parameters }) => (parameters.length === 0 ? undefined : parameterRuns(parameters))),
  ],
};

export const singleFlowRunResource: Resource<FlowRun> = { ...flowRunResource, element: "flowRun" };

function parameterRuns(parameters: readonly ParameterRun[]): Element {
  return list(
    "flowParameterRuns",
    "parameterRuns",
    parameters.map((parameter) => record("parameterRuns", parameter)),
  );
}
