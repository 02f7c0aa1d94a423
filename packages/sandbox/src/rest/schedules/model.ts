import type { Recurrence } from "./recurrence.ts";

export const scheduleTypes = ["ActiveDirectorySync", "DataAcceleration", "Extract", "Flow", "Subscription"] as const;

/**
 * When something is done again and again. On Tableau Server it is one of the server's schedules, which many tasks
 * share; on Tableau Cloud each task has its own, which has no name and is found with its task only.
 */
export type Schedule = {
  id: string;
  /** Undefined when it belongs to one task. */
  name: string | undefined;
  state: "Active" | "Suspended";
  priority: number;
  type: (typeof scheduleTypes)[number];
  executionOrder: "Parallel" | "Serial";
  recurrence: Recurrence;
  createdAt: number;
  updatedAt: number;
};
