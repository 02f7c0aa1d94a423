import { setTimeout as wait } from "node:timers/promises";
import { settleJobs } from "../rest/jobs/settle.ts";
import type { World } from "../world.ts";

/** What happens to every call of the API before it is answered: it is counted, it waits if a fault says so, jobs go on. */
export async function arrive(world: World, route: string): Promise<void> {
  world.stats.countCall(route);
  const { slowMs } = world.faults.active();
  if (slowMs > 0) await wait(slowMs);
  settleJobs(world);
}
