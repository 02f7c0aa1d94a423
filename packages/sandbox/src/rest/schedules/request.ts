import * as z from "zod";
import type { Edition } from "../../edition.ts";
import { type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, repeated } from "../../wire/request-schema.ts";
import { type Interval, ordinals, type Recurrence, timeOfDay, type WeekDay, weekDays } from "./recurrence.ts";

/** A schedule has at most these intervals (a step and seven days; the days of a month). */
const mostIntervals = 40;

const intervalSchema = element({
  hours: attribute.optional(),
  minutes: attribute.optional(),
  weekDay: attribute.optional(),
  monthDay: attribute.optional(),
});

/** What requests say of when: the same in schedules, in tasks and in subscriptions. */
export const recurrenceShape = {
  frequency: attribute.optional(),
  frequencyDetails: element({
    start: attribute.optional(),
    end: attribute.optional(),
    intervals: element({ interval: repeated(intervalSchema, mostIntervals) }).optional(),
  }).optional(),
};

const shape = z.object(recurrenceShape);

export type RecurrenceRequest = z.output<typeof shape>;

/**
 * Reads when something is to be done. The rules differ: Cloud asks for days of the week where Server has them all
 * (tableau-mcp, extractRefreshTask.ts, which has them from Tableau Cloud's own refusals).
 */
export function readRecurrence(request: RecurrenceRequest, edition: Edition): Recurrence | Refusal {
  const frequency = frequencies.find((known) => known.toLowerCase() === request.frequency?.toLowerCase());
  if (frequency === undefined) return invalid("The frequency must be Hourly, Daily, Weekly or Monthly.");
  const { start: writtenStart, end: writtenEnd, intervals: written } = request.frequencyDetails ?? {};
  const start = readTime(writtenStart ?? "");
  if (start === undefined) return invalid("The start time must be written as HH:MM:SS.");
  const end = writtenEnd === undefined || writtenEnd === "" ? undefined : readTime(writtenEnd);
  if (writtenEnd && end === undefined) return invalid("The end time must be written as HH:MM:SS.");
  const intervals: Interval[] = [];
  for (const one of written?.interval ?? []) {
    const interval = readInterval(one);
    if (typeof interval === "string") return invalid(interval);
    intervals.push(interval);
  }
  const recurrence: Recurrence = { frequency, start, end, intervals };
  const problem = edition === "cloud" ? problemOnCloud(recurrence) : problemOnServer(recurrence);
  return problem === undefined ? recurrence : invalid(problem);
}

const frequencies = ["Hourly", "Daily", "Weekly", "Monthly"] as const;

/** Tableau's code and summary for every schedule that it does not take. */
function invalid(detail: string): Refusal {
  return refuse("409004", detail);
}

function readTime(written: string): string | undefined {
  const [, hours = "", minutes = "", seconds = "00"] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(written) ?? [];
  if (hours === "" || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return `${hours.padStart(2, "0")}:${minutes}:${seconds}`;
}

const hourSteps = [1, 2, 4, 6, 8, 12, 24];
const minuteSteps = [15, 30, 60];

function readInterval({ hours, minutes, weekDay, monthDay }: z.output<typeof intervalSchema>): Interval | string {
  const interval: Interval = {};
  if (hours !== undefined) {
    if (!hourSteps.includes(Number(hours)))
      return `An interval of ${hours} hours is not one of ${hourSteps.join(", ")}.`;
    interval.hours = Number(hours);
  }
  if (minutes !== undefined) {
    if (!minuteSteps.includes(Number(minutes))) return `An interval of ${minutes} minutes is not one of 15, 30, 60.`;
    interval.minutes = Number(minutes);
  }
  if (weekDay !== undefined) {
    if (!isWeekDay(weekDay)) return `There is no day of the week '${weekDay}'.`;
    interval.weekDay = weekDay;
  }
  if (monthDay !== undefined) {
    if (!isMonthDay(monthDay)) return `There is no day of the month '${monthDay}'.`;
    interval.monthDay = monthDay;
  }
  return Object.keys(interval).length === 0
    ? "An interval must have hours, minutes, a weekDay or a monthDay."
    : interval;
}

function isWeekDay(written: string): written is WeekDay {
  return weekDays.some((known) => known === written);
}

function isMonthDay(written: string): boolean {
  if (written === "LastDay" || written === "Last" || ordinals.some((known) => known === written)) return true;
  return /^\d{1,2}$/.test(written) && Number(written) >= 1 && Number(written) <= 31;
}

function problemOnCloud(recurrence: Recurrence): string | undefined {
  const { frequency, start, end, intervals } = recurrence;
  if ([start, end].some((time) => time !== undefined && !/[05]:00$/.test(time))) {
    return "Start and end times must be on a five-minute boundary.";
  }
  const hasWeekDay = intervals.some(({ weekDay }) => weekDay !== undefined);
  if (frequency === "Hourly" || frequency === "Daily") {
    if (!hasWeekDay) return "Hourly and Daily schedules must have at least one weekDay interval";
    const isOften = frequency === "Hourly" || intervals.some(({ hours = 24 }) => hours < 24);
    return isOften ? problemOfWindow(recurrence) : undefined;
  }
  return problemOfDays(recurrence);
}

function problemOnServer(recurrence: Recurrence): string | undefined {
  const { frequency, end, intervals } = recurrence;
  if (frequency === "Daily") return undefined;
  if (frequency !== "Hourly") return problemOfDays(recurrence);
  if (end === undefined) return "Hourly schedules must have an end time.";
  const hasStep = intervals.some(({ hours, minutes }) => hours !== undefined || minutes !== undefined);
  return hasStep ? undefined : "Hourly schedules must have an interval of hours or minutes.";
}

function problemOfWindow({ start, end }: Recurrence): string | undefined {
  if (end === undefined) return "Schedules that run several times a day must have an end time.";
  if (start.slice(3) !== end.slice(3)) return "Start and end times must have the same minutes.";
  return timeOfDay(end) <= timeOfDay(start) ? "The end time must be after the start time." : undefined;
}

function problemOfDays({ frequency, intervals }: Recurrence): string | undefined {
  if (frequency === "Weekly") {
    const hasWeekDay = intervals.some(({ weekDay }) => weekDay !== undefined);
    return hasWeekDay ? undefined : "Weekly schedules must have at least one weekDay interval";
  }
  const hasMonthDay = intervals.some(({ monthDay }) => monthDay !== undefined);
  return hasMonthDay ? undefined : "Monthly schedules must have at least one monthDay interval";
}
