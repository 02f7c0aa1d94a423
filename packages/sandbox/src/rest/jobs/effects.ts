import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import type { Job } from "./model.ts";
import { refreshEnded, refreshStarted } from "./refresh.ts";

/** When an effect happens: at the job's own moment, which is not later than the clock's. */
export type Moment = { world: World; site: Site; job: Job; at: number };

/** How a job turned out, when that is only known once its effect was tried. */
export type Ending = Partial<Pick<Job, "outcome" | "notes" | "statusNotes">>;

/**
 * Everything that jobs do when they start or end, as data, so that a site can be kept in a file. To add one: its type
 * here, and its function below.
 */
export type Effect = { effect: "refreshStarted" } | { effect: "refreshEnded" };

/** Lets an effect happen. Must not throw and must not wait. */
export function applyEffect(moment: Moment, effect: Effect): Ending | undefined {
  switch (effect.effect) {
    case "refreshStarted":
      refreshStarted(moment);
      return undefined;
    case "refreshEnded":
      refreshEnded(moment);
      return undefined;
  }
}
