import { randomUUID } from "node:crypto";
import { child, type Resource } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { type Element, record } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { datasourceResource } from "../datasources/resource.ts";
import { flowRunSpecSchema } from "../flows/run-spec.ts";
import { refuseRefreshing } from "../jobs/refresh.ts";
import type { Route, SessionCall } from "../route.ts";
import { flowRunElement, taskElement } from "../tasks/draw.ts";
import { targetOf } from "../tasks/extract-routes.ts";
import { newFlowTask } from "../tasks/flow-routes.ts";
import type { ExtractRefreshTask } from "../tasks/model.ts";
import { workbookResource } from "../workbooks/resource.ts";
import type { Schedule } from "./model.ts";
import { findSchedule } from "./routes.ts";

const one = "/sites/{siteId}/schedules/{id}";
// The scopes are inferred from those of tasks.
const adding = { kind: "session", edition: "server", role: "anyone", method: "PUT", body: "tsRequest" } as const;
const scope = "tableau:tasks:create";

/** What is done on one site when a server's schedule comes. */
export const scheduleTaskRoutes: readonly Route[] = [
  { ...adding, template: `${one}/workbooks`, jwt: scope, handle: addWorkbook },
  { ...adding, template: `${one}/datasources`, jwt: scope, handle: addDatasource },
  { ...adding, template: `${one}/flows`, jwt: scope, handle: addFlow },
  {
    ...adding,
    method: "GET",
    template: `${one}/extracts`,
    body: "none",
    jwt: "tableau:tasks:read",
    handle: listExtracts,
  },
];

const reference = element({ id: attribute.optional() }).optional();
const refreshSchema = element({ type: attribute.optional(), workbook: reference, datasource: reference }).optional();

const addSchema = element({
  task: element({ extractRefresh: refreshSchema, dataAcceleration: refreshSchema }).optional(),
});

function addWorkbook(call: SessionCall): Reply | Refusal {
  return addExtractRefresh(call, "workbook");
}

function addDatasource(call: SessionCall): Reply | Refusal {
  return addExtractRefresh(call, "datasource");
}

function addExtractRefresh(call: SessionCall, kind: "workbook" | "datasource"): Reply | Refusal {
  const schedule = scheduleOf(call, "Extract");
  if (isRefusal(schedule)) return schedule;
  const request = read(addSchema, call.content);
  if (isRefusal(request)) return request;
  if (request.task?.dataAcceleration !== undefined) {
    return refuse("403157", "Data acceleration is not available in Tableau Server 2022.1 and later.");
  }
  const asked = request.task?.extractRefresh ?? {};
  const { site, user } = call.session;
  const target = targetOf(site, kind === "workbook" ? { workbook: asked.workbook } : { datasource: asked.datasource });
  if (isRefusal(target)) return target;
  if (target === undefined) return refuse("400003", `The task must have a ${kind}.`);
  const forbidden = refuseRefreshing(user, target.item);
  if (forbidden !== undefined) return forbidden;
  const isThere = site.extractTasks
    .values()
    .some((task) => task.schedule === schedule && task.target.item === target.item);
  if (isThere) return refuse("409004", `The ${kind} is on this schedule already.`);
  const refreshType = asked.type?.toLowerCase() === "incrementalrefresh" ? "IncrementalRefresh" : "FullRefresh";
  const task = { id: randomUUID(), target, refreshType, priority: 50, consecutiveFailedCount: 0, schedule } as const;
  site.extractTasks.set(task.id, task);
  const parts = [record("schedule", { id: schedule.id }), record(kind, { id: target.item.id })];
  return answer(taskElement(record("extractRefresh", { id: task.id }, parts)));
}

const flowRunSchema = element({ flow: reference, flowRunSpec: flowRunSpecSchema }).optional();
/** Public clients say `runFlow` where the reference says `flowRun`. */
const addFlowSchema = element({ task: element({ flowRun: flowRunSchema, runFlow: flowRunSchema }).optional() });

function addFlow(call: SessionCall): Reply | Refusal {
  const schedule = scheduleOf(call, "Flow");
  if (isRefusal(schedule)) return schedule;
  const request = read(addFlowSchema, call.content);
  if (isRefusal(request)) return request;
  const task = newFlowTask(call, request.task ?? {}, () => schedule);
  return isRefusal(task) ? task : answer(taskElement(flowRunElement(task, call.scene)));
}

function scheduleOf({ world, parameters }: SessionCall, type: Schedule["type"]): Schedule | Refusal {
  const schedule = findSchedule(world, parameters.id);
  if (isRefusal(schedule) || schedule.type === type) return schedule;
  return refuse("400047", `The schedule is for ${schedule.type}, not for ${type}.`);
}

/** A refresh task as the list of one schedule's calls it. */
const extractResource: Resource<ExtractRefreshTask> = {
  element: "extract",
  plural: "extracts",
  attributes: [
    { name: "id", type: "luid", from: (task) => task.id },
    { name: "priority", type: "integer", from: (task) => task.priority },
    { name: "type", type: "string", from: (task) => task.refreshType },
  ],
  children: [
    child(
      "datasource",
      () => datasourceResource,
      ({ target }) => (target.type === "datasource" ? target.item : undefined),
      { shown: ["id"] },
    ),
    child(
      "workbook",
      () => workbookResource,
      ({ target }) => (target.type === "workbook" ? target.item : undefined),
      { shown: ["id"] },
    ),
  ],
};

function listExtracts(call: SessionCall): Reply | Refusal {
  const schedule = findSchedule(call.world, call.parameters.id);
  if (isRefusal(schedule)) return schedule;
  const tasks = call.session.site.extractTasks.values().filter((task) => task.schedule === schedule);
  const elements: Element[] | Refusal = drawPage(extractResource, tasks, call.query, call.scene);
  return isRefusal(elements) ? elements : answer(...elements);
}
