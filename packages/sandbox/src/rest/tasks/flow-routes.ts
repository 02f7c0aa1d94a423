import { randomUUID } from "node:crypto";
import { isSiteAdministrator } from "../../auth/roles.ts";
import type { Site } from "../../site/site.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { beginRun } from "../flow-runs/run.ts";
import type { Flow } from "../flows/model.ts";
import { flowRunSpecSchema, readRunSpec } from "../flows/run-spec.ts";
import { startedJob } from "../jobs/resource.ts";
import { refuseUnless } from "../permissions/require.ts";
import { find, visibleItems } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import type { Schedule } from "../schedules/model.ts";
import { ownSchedule } from "../schedules/own.ts";
import { readRecurrence, recurrenceShape } from "../schedules/request.ts";
import type { User } from "../users/model.ts";
import { flowRunElement, taskElement } from "./draw.ts";
import type { FlowTask } from "./model.ts";

/** On one site; what comes on top is refused. */
const mostTasks = 20_000;

const tasks = {
  items: ({ flowTasks }: Site): ReadonlyMap<string, FlowTask> => flowTasks,
  notFound: "404026",
  /** Administrators see all of them, others those of the flows that they own. */
  visibleTo: (user: User) => (task: FlowTask) => isSiteAdministrator(user) || task.flow.owner === user,
} as const;

const path = "/sites/{siteId}/tasks/runFlow";
const shared = { kind: "session", role: "anyone" } as const;

export const flowTaskRoutes: readonly Route[] = [
  { ...shared, method: "GET", template: path, body: "none", jwt: "tableau:flow_tasks:read", handle: listTasks },
  {
    ...shared,
    method: "GET",
    template: `${path}/{id}`,
    body: "none",
    jwt: "tableau:flow_tasks:read",
    handle: showTask,
  },
  {
    ...shared,
    method: "POST",
    template: `${path}/{id}/runNow`,
    body: "tsRequest",
    jwt: "tableau:flow_tasks:run",
    handle: runTask,
  },
  {
    ...shared,
    method: "POST",
    template: "/sites/{siteId}/tasks/flows",
    body: "tsRequest",
    jwt: ["tableau:flow_tasks:create", "tableau:tasks:create"], // inferred
    edition: "cloud",
    handle: createTask,
  },
];

/** All of them at once: this list has no pages. */
function listTasks({ session, scene }: SessionCall): Reply {
  const drawn = Array.from(visibleItems(tasks, session), (task) => taskElement(flowRunElement(task, scene)));
  return answer(list("tasks", "task", drawn));
}

function showTask(call: SessionCall): Reply | Refusal {
  const task = find(tasks, call);
  return isRefusal(task) ? task : answer(taskElement(flowRunElement(task, call.scene)));
}

function runTask(call: SessionCall): Reply | Refusal {
  const task = find(tasks, call);
  if (isRefusal(task)) return task;
  const { site, user } = call.session;
  const { flow, parameters } = task;
  const { job } = beginRun(site, { flow, parameters, startedBy: user, now: call.scene.now, runFor: { task } });
  return startedJob(job, call.scene);
}

const flowRunSchema = element({
  flow: element({ id: attribute.optional() }).optional(),
  flowRunSpec: flowRunSpecSchema,
}).optional();

/** Public clients write `runFlow` beside the schedule where the reference has `flowRun` in a task. */
const createSchema = element({
  flowRun: flowRunSchema,
  runFlow: flowRunSchema,
  task: element({ flowRun: flowRunSchema, runFlow: flowRunSchema }).optional(),
  schedule: element(recurrenceShape).optional(),
});

function createTask(call: SessionCall): Reply | Refusal {
  const request = read(createSchema, call.content);
  if (isRefusal(request)) return request;
  const task = newFlowTask(call, request.task ?? request, () => {
    const recurrence = readRecurrence(request.schedule ?? {}, call.world.edition);
    if (isRefusal(recurrence)) return recurrence;
    const schedule = ownSchedule(recurrence, "Flow", call.scene.now);
    return { ...schedule, name: `Flow schedule ${schedule.id.slice(0, 8)}` }; // inferred: it has some name
  });
  return isRefusal(task) ? task : answer(taskElement(flowRunElement(task, call.scene)));
}

type FlowRunRequest = { flowRun?: FlowRunPart; runFlow?: FlowRunPart };
type FlowRunPart = ReturnType<(typeof flowRunSchema)["parse"]>;

/** Makes a task that runs the flow that a request names, on a schedule that is asked for when all else is right. */
export function newFlowTask(
  call: SessionCall,
  request: FlowRunRequest,
  scheduleFor: () => Schedule | Refusal,
): FlowTask | Refusal {
  const { site, user } = call.session;
  const asked = request.flowRun ?? request.runFlow;
  const flow = flowOf(site, asked?.flow?.id);
  if (isRefusal(flow)) return flow;
  const forbidden = refuseUnless(user, "Execute", flow, "run the flow");
  if (forbidden !== undefined) return forbidden;
  const spec = readRunSpec(asked?.flowRunSpec ?? {}, flow);
  if (isRefusal(spec)) return spec;
  const schedule = scheduleFor();
  if (isRefusal(schedule)) return schedule;
  if (site.flowTasks.size >= mostTasks) return refuse("400003", `A site has at most ${mostTasks} flow tasks.`);
  const task = { id: randomUUID(), flow, ...spec, priority: 50, consecutiveFailedCount: 0, schedule };
  site.flowTasks.set(task.id, task);
  return task;
}

function flowOf(site: Site, id: string | undefined): Flow | Refusal {
  if (id === undefined) return refuse("400003", "A task must have a flow.");
  return site.flows.get(id.toLowerCase()) ?? refuse("404027", `There is no flow '${id}'.`);
}
