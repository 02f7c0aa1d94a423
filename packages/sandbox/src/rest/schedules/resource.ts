import { detail, drawing, inLists, isoSeconds, type Resource, type Scene } from "../../query/description.ts";
import { oncePerAnswer } from "../../query/once.ts";
import { equality, exactly, ordered } from "../../query/operators.ts";
import { type Element, list, record } from "../../wire/element.ts";
import type { Schedule } from "./model.ts";
import { nextRun, type Recurrence } from "./recurrence.ts";

/** The frequencyDetails come with one schedule alone, as Tableau's lists of them have none. */
export const scheduleResource: Resource<Schedule> = {
  element: "schedule",
  plural: "schedules",
  attributes: [
    { name: "id", type: "luid", from: (schedule) => schedule.id },
    { name: "name", type: "string", from: (schedule) => schedule.name, filter: equality, sort: true },
    { name: "state", type: "string", from: (schedule) => schedule.state, filter: exactly },
    { name: "priority", type: "integer", from: (schedule) => schedule.priority, filter: ordered, sort: true },
    { name: "createdAt", type: "dateTime", from: (schedule) => schedule.createdAt, filter: ordered, sort: true },
    { name: "updatedAt", type: "dateTime", from: (schedule) => schedule.updatedAt, filter: ordered, sort: true },
    { name: "type", type: "string", from: (schedule) => schedule.type, filter: equality, sort: true },
    { name: "frequency", type: "string", from: ({ recurrence }) => recurrence.frequency, filter: equality },
    { name: "nextRunAt", type: "dateTime", from: nextRunAt },
    { name: "executionOrder", type: "string", from: (schedule) => schedule.executionOrder, show: "single" },
  ],
  children: [detail("frequencyDetails", ({ recurrence }) => frequencyDetails(recurrence), "single")],
};

const nextRuns = oncePerAnswer(() => new Map<Recurrence, number | undefined>());

/** inferred: a schedule that is suspended keeps saying when it would run. Thousands of tasks share few recurrences. */
function nextRunAt({ recurrence }: Pick<Schedule, "recurrence">, scene: Scene): number | undefined {
  const known = nextRuns(scene);
  if (!known.has(recurrence)) known.set(recurrence, nextRun(recurrence, scene.now));
  return known.get(recurrence);
}

export function frequencyDetails({ start, end, intervals }: Recurrence): Element {
  const drawn = intervals.map(({ hours, minutes, weekDay, monthDay }) => {
    const step = { hours: hours?.toString(), minutes: minutes?.toString() };
    return record("interval", { ...step, weekDay, monthDay });
  });
  return record("frequencyDetails", { start, end }, [list("intervals", "interval", drawn)]);
}

const drawnOwn = oncePerAnswer(() => new Map<Recurrence, Element>());

/** A schedule of its task alone, as Tableau Cloud writes it: without id and name, and always with its details. */
function ownScheduleElement({ recurrence }: Schedule, scene: Scene): Element {
  const known = drawnOwn(scene);
  const kept = known.get(recurrence);
  if (kept !== undefined) return kept;
  const next = nextRunAt({ recurrence }, scene);
  const attributes = { frequency: recurrence.frequency, nextRunAt: next === undefined ? undefined : isoSeconds(next) };
  const drawn = record("schedule", attributes, [frequencyDetails(recurrence)]);
  known.set(recurrence, drawn);
  return drawn;
}

/** A schedule as lists show it, also where it stands in something else. */
export const drawSchedule = drawing(scheduleResource, inLists);

/** A schedule as tasks refer to it: to a server's by id and name, to one of their own in full. */
export function scheduleOfTask(schedule: Schedule, scene: Scene): Element {
  return schedule.name === undefined ? ownScheduleElement(schedule, scene) : drawSchedule(schedule, scene);
}

/** A subscription names a server's schedule, and says when where the schedule is its own. */
export function scheduleOfSubscription(schedule: Schedule, scene: Scene): Element {
  return schedule.name === undefined
    ? ownScheduleElement(schedule, scene)
    : record("schedule", { id: schedule.id, name: schedule.name });
}
