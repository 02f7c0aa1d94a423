import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import { applyEffect } from "./effects.ts";
import type { Job } from "./model.ts";

/** Effects that one call lets happen; an effect may start a job whose moments have passed too. */
const mostAtOnce = 100_000;

/** How often the clock is looked at while a job is open: it may be moved, so its next moment can't be waited for. */
const longestWait = 500;

type Due = { site: Site; job: Job; at: number };

/**
 * Lets happen what jobs have reached by now, in the order of their moments. It is called before each request is
 * handled, so that nobody sees a job that has ended without what it did.
 */
export function settleJobs(world: World): void {
  for (let count = 0; count < mostAtOnce; count++) {
    const due = firstDue(world);
    if (due === undefined) return;
    settle(world, due);
  }
}

/** Settles in real time too, for webhooks and whoever else does not ask. Never keeps the process alive. */
export function settleInTime(world: World): { stop: () => void } {
  const timer = setInterval(() => settleJobs(world), longestWait);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function firstDue(world: World): Due | undefined {
  const now = world.clock();
  let first: Due | undefined;
  for (const site of world.sites) {
    for (const job of site.openJobs) {
      const at = job.onStart === undefined ? job.endsAt : job.startsAt;
      if (at <= now && (first === undefined || at < first.at)) first = { site, job, at };
    }
  }
  return first;
}

function settle(world: World, { site, job, at }: Due): void {
  const effect = job.onStart ?? job.onEnd;
  if (job.onStart !== undefined) job.onStart = undefined;
  else job.onEnd = undefined;
  if (job.onEnd === undefined) site.openJobs.delete(job);
  if (effect === undefined) return;
  // A bug in one effect must not end the sandbox, nor keep other jobs from ending.
  try {
    Object.assign(job, applyEffect({ world, site, job, at }, effect));
  } catch (error) {
    console.error(error);
    Object.assign(job, { outcome: "Failed", notes: "The sandbox failed." });
  }
}
