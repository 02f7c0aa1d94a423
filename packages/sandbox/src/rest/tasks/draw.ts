import { detail, type Resource, type Scene } from "../../query/description.ts";
import { type Element, list, record } from "../../wire/element.ts";
import { drawSchedule, scheduleOfTask } from "../schedules/resource.ts";
import type { ExtractRefreshTask, FlowTask, LinkedTask, LinkedTaskStep } from "./model.ts";

/** `<task>` around the task itself, whose element says of which kind it is. */
export function taskElement(task: Element): Element {
  return record("task", {}, [task]);
}

export function extractRefreshElement(task: ExtractRefreshTask, scene: Scene): Element {
  const { id, target, refreshType } = task;
  // inferred: how lists call an incremental one.
  const type = refreshType === "FullRefresh" ? "RefreshExtractTask" : "IncrementExtractTask";
  const parts = [scheduleOfTask(task.schedule, scene), record(target.type, { id: target.item.id })];
  return record("extractRefresh", { id, ...counts(task), type }, parts);
}

/** How making and changing a task on Tableau Cloud is answered: the task, and beside it its schedule. */
export function extractRefreshWithSchedule(task: ExtractRefreshTask, scene: Scene): [Element, Element] {
  const { id, target, refreshType } = task;
  const element = record("extractRefresh", { id, type: refreshType }, [record(target.type, { id: target.item.id })]);
  return [element, scheduleOfTask(task.schedule, scene)];
}

/** A flow's schedule is always there with its id and state, and never with its details (TSC, tasks_create_flow_task). */
export function flowRunElement(task: FlowTask, scene: Scene, type = "RunFlowTask"): Element {
  const { id, flow, outputSteps, parameters } = task;
  const steps = (outputSteps.length === 0 ? flow.outputSteps : outputSteps).map((step) =>
    record("flowOutputStep", step),
  );
  const specs = flow.parameters.map(({ id: parameterId, value }) => {
    const given = parameters.find((parameter) => parameter.parameterId === parameterId);
    return record("flowParameterSpec", { parameterId, overrideValue: given?.overrideValue ?? value });
  });
  const spec = record("flowRunSpec", { flowId: flow.id }, [
    list("flowOutputSteps", "flowOutputStep", steps),
    list("flowParameterSpecs", "flowParameterSpec", specs),
  ]);
  const flowElement = record("flow", { id: flow.id, name: flow.name });
  const schedule = drawSchedule(task.schedule, scene);
  return record("flowRun", { id, ...counts(task), type }, [schedule, flowElement, spec]);
}

/** Container and element are called the same, in lists of them and of their steps (Tableau's schema). */
export const linkedTaskResource: Resource<LinkedTask> = {
  element: "linkedTasks",
  plural: "linkedTasks",
  attributes: [
    { name: "id", type: "luid", from: (linked) => linked.id },
    { name: "numSteps", type: "integer", from: ({ steps }) => steps.length },
  ],
  children: [
    detail("schedule", ({ schedule }, scene) => drawSchedule(schedule, scene)),
    detail("linkedTaskSteps", ({ steps }, scene) => {
      const drawn = steps.map((step, index) => stepElement(step, index + 1, scene));
      return list("linkedTaskSteps", "linkedTaskSteps", drawn);
    }),
  ],
};

function stepElement(
  { id, stopDownstreamTasksOnFailure, task }: LinkedTaskStep,
  number: number,
  scene: Scene,
): Element {
  const attributes = { id, stepNumber: String(number), stopDownstreamTasksOnFailure };
  return record("linkedTaskSteps", attributes, [taskElement(flowRunElement(task, scene, "runFlow"))]);
}

function counts({ priority, consecutiveFailedCount }: ExtractRefreshTask | FlowTask): Record<string, string> {
  return { priority: String(priority), consecutiveFailedCount: String(consecutiveFailedCount) };
}
