import { randomUUID } from "node:crypto";
import type { Schedule } from "./model.ts";
import type { Recurrence } from "./recurrence.ts";

/** A schedule of one task alone, as Tableau Cloud makes it. */
export function ownSchedule(recurrence: Recurrence, type: Schedule["type"], now: number): Schedule {
  return {
    id: randomUUID(),
    name: undefined,
    state: "Active",
    priority: 50,
    type,
    executionOrder: "Parallel",
    recurrence,
    createdAt: now,
    updatedAt: now,
  };
}
