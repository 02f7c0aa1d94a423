import { randomUUID } from "node:crypto";
import type { Site } from "../../site/site.ts";
import type { Flow } from "../flows/model.ts";
import type { Effect, Moment } from "../jobs/effects.ts";
import { startJob } from "../jobs/jobs.ts";
import type { FlowTask, LinkedTask } from "../tasks/model.ts";
import type { User } from "../users/model.ts";
import type { FlowRun } from "./model.ts";

/** Runs that a site remembers, oldest out. */
const mostRuns = 10_000;

/** What a run is part of: the task that it is run for, and the linked task whose step this is. */
export type RunFor = { task?: FlowTask; linked?: { task: LinkedTask; step: number } };

export type RunStart = {
  flow: Flow;
  parameters: FlowTask["parameters"];
  startedBy: User | undefined;
  now: number;
  runFor?: RunFor;
};

/** Starts a run of a flow, as a job. */
export function beginRun(site: Site, { flow, parameters, startedBy, now, runFor = {} }: RunStart): FlowRun {
  const id = randomUUID();
  const onEnd: Effect = { effect: "flowEnded", ...runFor };
  const job = startJob(site, {
    kind: "runFlow",
    now,
    title: flow.name,
    target: { type: "flow", item: flow, runId: id },
    startedBy,
    notes: "Finished running the flow.",
    onEnd,
  });
  const run: FlowRun = { id, flow, job, startedBy, parameters: parameterRuns(flow, parameters) };
  keepRun(site, run);
  return run;
}

export function keepRun(site: Site, run: FlowRun): void {
  site.flowRuns.set(run.id, run);
  const [oldest] = site.flowRuns.size > mostRuns ? site.flowRuns.keys() : [];
  if (oldest !== undefined) site.flowRuns.delete(oldest);
}

function parameterRuns(flow: Flow, given: FlowTask["parameters"]): FlowRun["parameters"] {
  return given.flatMap(({ parameterId, overrideValue }) => {
    const parameter = flow.parameters.find(({ id }) => id === parameterId);
    if (parameter === undefined) return [];
    return [{ parameterId, name: parameter.name, description: parameter.description, overrideValue }];
  });
}

/** Effect: tells that a flow has been run, counts it for its task, and begins the next step of a linked task. */
export function flowEnded({ world, site, job, at }: Moment, { task, linked }: RunFor): void {
  if (job.target?.type !== "flow") return;
  const failed = job.outcome !== "Success";
  if (task !== undefined) task.consecutiveFailedCount = failed ? task.consecutiveFailedCount + 1 : 0;
  world.events.emit({ name: "FlowCompleted", site, resource: "FLOW", item: job.target.item, at });
  if (linked === undefined) return;
  const stops = failed && linked.task.steps[linked.step]?.stopDownstreamTasksOnFailure === true;
  if (!stops) beginStep(site, linked.task, { step: linked.step + 1, now: at, startedBy: job.startedBy });
}

/** Begins one step of a linked task, if there is one; those after it follow when it has ended. */
export function beginStep(
  site: Site,
  linked: LinkedTask,
  { step, now, startedBy }: { step: number; now: number; startedBy: User | undefined },
): void {
  const task = linked.steps[step]?.task;
  if (task === undefined) return;
  const { flow, parameters } = task;
  beginRun(site, { flow, parameters, startedBy, now, runFor: { task, linked: { task: linked, step } } });
}
