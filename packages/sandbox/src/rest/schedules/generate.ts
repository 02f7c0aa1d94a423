import type { Edition } from "../../edition.ts";
import { day, type Generation } from "../../site/generation.ts";
import { luidOf } from "../../site/random.ts";
import type { Schedule } from "./model.ts";
import type { Interval, Recurrence, WeekDay } from "./recurrence.ts";

const workdays: readonly WeekDay[] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const onWorkdays: readonly Interval[] = workdays.map((weekDay) => ({ weekDay }));

/** When things are done at Acme, by what a server's schedule for it is called. */
type Named = readonly [name: string, recurrence: Recurrence];

const recurrences: readonly [Named, ...Named[]] = [
  ["Every morning", { frequency: "Daily", start: "06:00:00", end: undefined, intervals: onWorkdays }],
  ["Every night", { frequency: "Daily", start: "23:30:00", end: undefined, intervals: onWorkdays }],
  [
    "Every six hours",
    { frequency: "Hourly", start: "00:00:00", end: "18:00:00", intervals: [{ hours: 6 }, ...onWorkdays] },
  ],
  [
    "Every quarter of an hour",
    { frequency: "Hourly", start: "08:00:00", end: "18:00:00", intervals: [{ minutes: 15 }, ...onWorkdays] },
  ],
  ["Monday morning", { frequency: "Weekly", start: "07:00:00", end: undefined, intervals: [{ weekDay: "Monday" }] }],
  [
    "Twice a week",
    {
      frequency: "Weekly",
      start: "05:30:00",
      end: undefined,
      intervals: [{ weekDay: "Tuesday" }, { weekDay: "Friday" }],
    },
  ],
  ["First of the month", { frequency: "Monthly", start: "04:00:00", end: undefined, intervals: [{ monthDay: "1" }] }],
  [
    "End of the month",
    { frequency: "Monthly", start: "21:00:00", end: undefined, intervals: [{ monthDay: "LastDay" }] },
  ],
];

/** Chooses a schedule for one task. On Tableau Server many tasks share one, on Tableau Cloud each has its own. */
export type ChooseSchedule = (type: Schedule["type"], key: string) => Schedule;

const types = ["Extract", "Flow", "Subscription"] as const;

/** The server's schedules, and how tasks come to theirs. */
export function generateSchedules({ site, now, random: randomOf, edition }: Generation): ChooseSchedule {
  const random = randomOf("schedules");
  const shared = new Map<Schedule["type"], Schedule[]>();
  if (edition === "server") {
    for (const type of types) {
      const schedules = recurrences.map(([name, recurrence]): Schedule => {
        const createdAt = now - random.between(200, 800) * day;
        const id = luidOf(site.contentUrl, "schedule", type, name);
        return {
          ...settingsOf(type, recurrence, edition),
          id,
          name: `${name}, ${type}`,
          createdAt,
          updatedAt: createdAt,
        };
      });
      for (const schedule of schedules) site.schedules.set(schedule.id, schedule);
      shared.set(type, schedules);
    }
  }
  return (type, key) => {
    const chosen = random.pick(recurrences);
    const known = shared.get(type)?.[recurrences.indexOf(chosen)];
    if (known !== undefined) return known;
    const [, recurrence] = chosen;
    const createdAt = now - random.between(10, 400) * day;
    const id = luidOf(site.contentUrl, "schedule", type, key);
    const name = type === "Flow" ? `Flow schedule ${id.slice(0, 8)}` : undefined;
    return { ...settingsOf(type, recurrence, edition), id, name, createdAt, updatedAt: createdAt };
  };
}

function settingsOf(type: Schedule["type"], recurrence: Recurrence, edition: Edition) {
  const onServer = edition === "server" ? daily.get(recurrence) : undefined;
  return {
    state: "Active",
    priority: 50,
    type,
    executionOrder: "Parallel",
    recurrence: onServer ?? recurrence,
  } as const;
}

/** A server's daily schedules name no days: they are for all of them. */
const daily: ReadonlyMap<Recurrence, Recurrence> = new Map(
  recurrences
    .filter(([, { frequency }]) => frequency === "Daily")
    .map(([, recurrence]) => [recurrence, { ...recurrence, intervals: [] }]),
);
