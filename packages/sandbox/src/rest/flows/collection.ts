import type { Site } from "../../site/site.ts";
import type { World } from "../../world.ts";
import { forgetLabels } from "../labels/labels.ts";
import { readerOf } from "../permissions/effective.ts";
import type { Collection } from "../reading.ts";
import { forgetAll } from "../revisions/revisions.ts";
import type { Flow } from "./model.ts";
import { flowResource } from "./resource.ts";

export const flows: Collection<Flow> = {
  path: "flows",
  listed: flowResource,
  items: (site) => site.flows,
  scope: "tableau:flows:read",
  role: "anyone",
  notFound: "404027",
  visibleTo: readerOf,
};

/** A flow takes with it the tasks that run it, and its steps in linked tasks; its runs stay in the history. */
export function removeFlow({ world, site }: { world: World; site: Site }, flow: Flow): void {
  for (const task of site.flowTasks.values()) if (task.flow === flow) site.flowTasks.delete(task.id);
  for (const linked of site.linkedTasks.values()) {
    linked.steps = linked.steps.filter(({ task }) => task.flow !== flow);
    if (linked.steps.length === 0) site.linkedTasks.delete(linked.id);
  }
  forgetLabels(site, flow.id);
  site.flows.delete(flow.id);
  forgetAll(world.files, flow);
}
