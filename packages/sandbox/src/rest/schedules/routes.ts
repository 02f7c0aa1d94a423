import { randomUUID } from "node:crypto";
import { alone, draw } from "../../query/description.ts";
import { drawPage } from "../../query/listing.ts";
import { list, text } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import type { World } from "../../world.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import { type Schedule, scheduleTypes } from "./model.ts";
import { readRecurrence, recurrenceShape } from "./request.ts";
import { scheduleResource } from "./resource.ts";

/** On one server; what comes on top is refused. */
const mostSchedules = 2_000;

const one = "/schedules/{id}";
const shared = { kind: "session", edition: "server" } as const;
const administering = { ...shared, role: "serverAdministrator" } as const;

/** The schedules of Tableau Server. On Tableau Cloud each task has its own, and these addresses are refused. */
export const scheduleRoutes: readonly Route[] = [
  {
    ...shared,
    role: "anyone",
    method: "GET",
    template: "/schedules",
    body: "none",
    jwt: "tableau:schedules:read",
    handle: listSchedules,
  },
  {
    ...administering,
    method: "GET",
    template: one,
    body: "none",
    jwt: "tableau:schedules:read",
    handle: showSchedule,
  },
  {
    ...administering,
    method: "POST",
    template: "/schedules",
    body: "tsRequest",
    jwt: "tableau:schedules:create",
    handle: createSchedule,
  },
  {
    ...administering,
    method: "PUT",
    template: "/schedules",
    body: "tsRequest",
    jwt: "tableau:schedules:update",
    handle: switchSchedules,
  },
  {
    ...administering,
    method: "PUT",
    template: one,
    body: "tsRequest",
    jwt: "tableau:schedules:update",
    handle: updateSchedule,
  },
  {
    ...administering,
    method: "DELETE",
    template: one,
    body: "none",
    jwt: "tableau:schedules:delete",
    handle: deleteSchedule,
  },
];

const scheduleSchema = element({
  schedule: element({
    name: attribute.optional(),
    priority: attribute.optional(),
    type: attribute.optional(),
    state: attribute.optional(),
    executionOrder: attribute.optional(),
    ...recurrenceShape,
  }),
});

/** The server's schedules serve all of its sites. They are kept with the first one. */
function schedulesOf(world: World): Map<string, Schedule> {
  const [site] = world.sites;
  if (site === undefined) throw new Error("The sandbox has no site.");
  return site.schedules;
}

export function findSchedule(world: World, id = ""): Schedule | Refusal {
  return schedulesOf(world).get(id.toLowerCase()) ?? refuse("404023", `There is no schedule '${id}'.`);
}

function listSchedules({ world, query, scene }: SessionCall): Reply | Refusal {
  const elements = drawPage(scheduleResource, schedulesOf(world).values(), query, scene);
  return isRefusal(elements) ? elements : answer(...elements);
}

function showSchedule({ world, parameters, scene }: SessionCall): Reply | Refusal {
  const schedule = findSchedule(world, parameters.id);
  return isRefusal(schedule) ? schedule : answer(draw(scheduleResource, schedule, scene, alone));
}

function createSchedule(call: SessionCall): Reply | Refusal {
  const { world, scene } = call;
  const request = read(scheduleSchema, call.content);
  if (isRefusal(request)) return request;
  const schedules = schedulesOf(world);
  if (schedules.size >= mostSchedules) return refuse("400003", `A server has at most ${mostSchedules} schedules.`);
  const times = { createdAt: scene.now, updatedAt: scene.now };
  const settings = settingsAsked(call, request.schedule, { priority: 50, state: "Active", executionOrder: "Parallel" });
  if (isRefusal(settings)) return settings;
  const recurrence = readRecurrence(request.schedule, world.edition);
  if (isRefusal(recurrence)) return recurrence;
  const type = scheduleTypes.find((known) => known.toLowerCase() === request.schedule.type?.toLowerCase());
  if (type === undefined) return refuse("400003", `There is no type of schedule '${request.schedule.type}'.`);
  const schedule: Schedule = { id: randomUUID(), type, recurrence, ...settings, ...times };
  schedules.set(schedule.id, schedule);
  const location = `/api/${restApiVersion}/schedules/${schedule.id}`;
  return created(draw(scheduleResource, schedule, scene, alone), location);
}

function updateSchedule(call: SessionCall): Reply | Refusal {
  const { world, scene, parameters } = call;
  const schedule = findSchedule(world, parameters.id);
  if (isRefusal(schedule)) return schedule;
  const request = read(scheduleSchema, call.content);
  if (isRefusal(request)) return request;
  const settings = settingsAsked(call, request.schedule, schedule);
  if (isRefusal(settings)) return settings;
  const { frequency = schedule.recurrence.frequency, frequencyDetails } = request.schedule;
  const recurrence =
    frequencyDetails === undefined
      ? schedule.recurrence
      : readRecurrence({ frequency, frequencyDetails }, world.edition);
  if (isRefusal(recurrence)) return recurrence;
  Object.assign(schedule, settings, { recurrence, updatedAt: scene.now });
  return answer(draw(scheduleResource, schedule, scene, alone));
}

type Settings = Pick<Schedule, "name" | "priority" | "state" | "executionOrder">;
type SettingsRequest = { [Name in keyof Settings]?: string | undefined };

/** What a request says of a schedule beside when it runs; what it does not say stays. */
function settingsAsked(
  { world, parameters }: SessionCall,
  request: SettingsRequest,
  current: Omit<Settings, "name"> & { name?: string | undefined },
): Settings | Refusal {
  const name = request.name ?? current.name;
  if (name === undefined || name.trim() === "") return refuse("400003", "A schedule must have a name.");
  const others = schedulesOf(world)
    .values()
    .filter(({ id }) => id !== parameters.id?.toLowerCase());
  if (others.some((other) => other.name === name)) return refuse("409021", `There is already a schedule '${name}'.`);
  const priority = request.priority === undefined ? current.priority : Number(request.priority);
  if (!Number.isInteger(priority) || priority < 1 || priority > 100) {
    return refuse("400003", "The priority must be a whole number from 1 to 100.");
  }
  const state = stateNamed(request.state) ?? (request.state === undefined ? current.state : undefined);
  if (state === undefined) return refuse("400003", `The state '${request.state}' is neither Active nor Suspended.`);
  const { executionOrder = current.executionOrder } = request;
  if (executionOrder !== "Parallel" && executionOrder !== "Serial") {
    return refuse("400003", `The execution order '${executionOrder}' is neither Parallel nor Serial.`);
  }
  return { name, priority, state, executionOrder };
}

function stateNamed(written: string | undefined): Schedule["state"] | undefined {
  const lower = written?.toLowerCase();
  return lower === "active" ? "Active" : lower === "suspended" ? "Suspended" : undefined;
}

/** A schedule takes with it the tasks and subscriptions that run by it. */
function deleteSchedule({ world, parameters }: SessionCall): Reply | Refusal {
  const schedule = findSchedule(world, parameters.id);
  if (isRefusal(schedule)) return schedule;
  for (const site of world.sites) {
    for (const tasks of [site.extractTasks, site.flowTasks, site.linkedTasks, site.subscriptions]) {
      for (const task of tasks.values()) if (task.schedule === schedule) tasks.delete(task.id);
    }
  }
  schedulesOf(world).delete(schedule.id);
  return done;
}

const luidsSchema = element({
  scheduleLuids: element({ scheduleLuid: repeated(attribute, mostSchedules) }).optional(),
});

/** `PUT schedules?state=active|suspended[&updateAll=true]`, answered with the ids of those it was done to. */
function switchSchedules({ world, query, content, scene }: SessionCall): Reply | Refusal {
  const state = stateNamed(query.get("state") ?? "");
  if (state === undefined) return refuse("400003", "The state must be active or suspended.");
  const request = read(luidsSchema, content);
  if (isRefusal(request)) return request;
  const schedules: Schedule[] = [];
  if (query.get("updateAll")?.toLowerCase() === "true") {
    schedules.push(...schedulesOf(world).values());
  } else {
    for (const id of request.scheduleLuids?.scheduleLuid ?? []) {
      const schedule = findSchedule(world, id);
      if (isRefusal(schedule)) return schedule;
      schedules.push(schedule);
    }
  }
  for (const schedule of schedules) Object.assign(schedule, { state, updatedAt: scene.now });
  return answer(
    list(
      "scheduleLuids",
      "scheduleLuid",
      schedules.map(({ id }) => text("scheduleLuid", id)),
    ),
  );
}
