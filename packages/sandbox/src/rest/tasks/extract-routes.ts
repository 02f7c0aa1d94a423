import { randomUUID } from "node:crypto";
import { isSiteAdministrator } from "../../auth/roles.ts";
import type { Site } from "../../site/site.ts";
import { list } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read } from "../../wire/request-schema.ts";
import { beginRefresh, refuseRefreshing } from "../jobs/refresh.ts";
import { startedJob } from "../jobs/resource.ts";
import { find, visibleItems } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { ownSchedule } from "../schedules/own.ts";
import { readRecurrence, recurrenceShape } from "../schedules/request.ts";
import type { User } from "../users/model.ts";
import { extractRefreshElement, extractRefreshWithSchedule, taskElement } from "./draw.ts";
import type { ExtractRefreshTask, RefreshTarget } from "./model.ts";

/** On one site; what comes on top is refused. */
const mostTasks = 20_000;

const tasks = {
  items: ({ extractTasks }: Site): ReadonlyMap<string, ExtractRefreshTask> => extractTasks,
  notFound: "404026",
  /** Administrators see all of them, others those of what they own. */
  visibleTo: (user: User) => (task: ExtractRefreshTask) => isSiteAdministrator(user) || task.target.item.owner === user,
} as const;

const path = "/sites/{siteId}/tasks/extractRefreshes";
const one = `${path}/{id}`;
const shared = { kind: "session", role: "explorer" } as const;
// tableau-mcp asks for tasks:write where Tableau's list of scopes says tasks:update.
const updating = ["tableau:tasks:update", "tableau:tasks:write"] as const;

export const extractTaskRoutes: readonly Route[] = [
  { ...shared, method: "GET", template: path, body: "none", jwt: "tableau:tasks:read", handle: listTasks },
  { ...shared, method: "GET", template: one, body: "none", jwt: "tableau:tasks:read", handle: showTask },
  { ...shared, method: "DELETE", template: one, body: "none", jwt: "tableau:tasks:delete", handle: deleteTask },
  {
    ...shared,
    method: "POST",
    template: `${one}/runNow`,
    body: "tsRequest",
    jwt: "tableau:tasks:run",
    handle: runTask,
  },
  {
    ...shared,
    method: "POST",
    template: path,
    body: "tsRequest",
    jwt: ["tableau:tasks:create", "tableau:tasks:write"],
    edition: "cloud",
    handle: createTask,
  },
  { ...shared, method: "POST", template: one, body: "tsRequest", jwt: updating, edition: "cloud", handle: updateTask },
  // The reference says POST; some public clients say PUT.
  { ...shared, method: "PUT", template: one, body: "tsRequest", jwt: updating, edition: "cloud", handle: updateTask },
];

const reference = element({ id: attribute.optional() }).optional();

const taskSchema = element({
  extractRefresh: element({
    type: attribute.optional(),
    incremental: attribute.optional(),
    workbook: reference,
    datasource: reference,
  }).optional(),
  schedule: element(recurrenceShape).optional(),
});

/** All of them at once: this list has no pages. */
function listTasks({ session, scene }: SessionCall): Reply {
  const drawn = Array.from(visibleItems(tasks, session), (task) => taskElement(extractRefreshElement(task, scene)));
  return answer(list("tasks", "task", drawn));
}

function showTask(call: SessionCall): Reply | Refusal {
  const task = find(tasks, call);
  return isRefusal(task) ? task : answer(taskElement(extractRefreshElement(task, call.scene)));
}

function deleteTask(call: SessionCall): Reply | Refusal {
  const task = find(tasks, call);
  if (isRefusal(task)) return task;
  call.session.site.extractTasks.delete(task.id);
  return done;
}

function runTask(call: SessionCall): Reply | Refusal {
  const task = find(tasks, call);
  if (isRefusal(task)) return task;
  const { site, user } = call.session;
  const isIncremental = task.refreshType === "IncrementalRefresh";
  const job = beginRefresh(call.world, site, { target: task.target, isIncremental, startedBy: user, task });
  return isRefusal(job) ? job : startedJob(job, call.scene);
}

function createTask(call: SessionCall): Reply | Refusal {
  const request = read(taskSchema, call.content);
  if (isRefusal(request)) return request;
  const { site, user } = call.session;
  const target = targetOf(site, request.extractRefresh ?? {});
  if (isRefusal(target)) return target;
  if (target === undefined) return refuse("400003", "A task must have a workbook or a datasource.");
  const forbidden = refuseRefreshing(user, target.item);
  if (forbidden !== undefined) return forbidden;
  const refreshType = typeOf(request.extractRefresh ?? {}) ?? "FullRefresh";
  if (isRefusal(refreshType)) return refreshType;
  const recurrence = readRecurrence(request.schedule ?? {}, call.world.edition);
  if (isRefusal(recurrence)) return recurrence;
  if (site.extractTasks.size >= mostTasks) return refuse("400003", `A site has at most ${mostTasks} refresh tasks.`);
  const schedule = ownSchedule(recurrence, "Extract", call.scene.now);
  const task: ExtractRefreshTask = {
    id: randomUUID(),
    target,
    refreshType,
    priority: 50,
    consecutiveFailedCount: 0,
    schedule,
  };
  site.extractTasks.set(task.id, task);
  return answer(...extractRefreshWithSchedule(task, call.scene)); // inferred: 200, as the answer has no one element
}

/** Changes what the request names: what is refreshed, how, or when. */
function updateTask(call: SessionCall): Reply | Refusal {
  const task = find(tasks, call);
  if (isRefusal(task)) return task;
  const request = read(taskSchema, call.content);
  if (isRefusal(request)) return request;
  const { site, user } = call.session;
  const target = targetOf(site, request.extractRefresh ?? {}) ?? task.target;
  if (isRefusal(target)) return target;
  const forbidden = refuseRefreshing(user, target.item);
  if (forbidden !== undefined) return forbidden;
  const refreshType = typeOf(request.extractRefresh ?? {}) ?? task.refreshType;
  if (isRefusal(refreshType)) return refreshType;
  const recurrence = request.schedule === undefined ? undefined : readRecurrence(request.schedule, call.world.edition);
  if (isRefusal(recurrence)) return recurrence;
  Object.assign(task, { target, refreshType });
  if (recurrence !== undefined) Object.assign(task.schedule, { recurrence, updatedAt: call.scene.now });
  return answer(...extractRefreshWithSchedule(task, call.scene));
}

type TargetRequest = { workbook?: { id?: string | undefined } | undefined; datasource?: TargetRequest["workbook"] };

/** What a request names to be refreshed, if it does. */
export function targetOf(site: Site, { workbook, datasource }: TargetRequest): RefreshTarget | Refusal | undefined {
  if (workbook?.id !== undefined) {
    const item = site.workbooks.get(workbook.id.toLowerCase());
    return item ? { type: "workbook", item } : refuse("404006", `There is no workbook '${workbook.id}'.`);
  }
  if (datasource?.id === undefined) return undefined;
  const item = site.datasources.get(datasource.id.toLowerCase());
  return item ? { type: "datasource", item } : refuse("404004", `There is no data source '${datasource.id}'.`);
}

/** `extractRefresh` is how public clients call the kind of task where Tableau wants the kind of refresh. */
function typeOf({
  type,
  incremental,
}: {
  type?: string | undefined;
  incremental?: string | undefined;
}): ExtractRefreshTask["refreshType"] | Refusal | undefined {
  if (incremental?.toLowerCase() === "true") return "IncrementalRefresh";
  switch (type?.toLowerCase()) {
    case undefined:
      return undefined;
    case "fullrefresh":
    case "extractrefresh":
    case "refreshextracttask":
      return "FullRefresh";
    case "incremental":
    case "incrementalrefresh":
      return "IncrementalRefresh";
    default:
      return refuse("400003", `The type '${type}' is neither FullRefresh nor IncrementalRefresh.`);
  }
}
