import type { Generation } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import { alwaysFailing } from "../jobs/refresh.ts";
import type { ChooseSchedule } from "../schedules/generate.ts";
import type { FlowTask, LinkedTask, RefreshTarget } from "./model.ts";

/** Refreshes of what has extracts, runs of most flows, and some that run one after another. */
export function generateTasks({ site, random: randomOf }: Generation, choose: ChooseSchedule): void {
  const random = randomOf("tasks");
  for (const item of site.datasources.values()) {
    if (item.hasExtracts) addExtractTask(site, random, { type: "datasource", item }, choose);
  }
  for (const item of site.workbooks.values()) {
    if (item.hasExtracts && random.onceIn(2)) addExtractTask(site, random, { type: "workbook", item }, choose);
  }
  for (const flow of site.flows.values()) {
    if (random.onceIn(4)) continue;
    const task: FlowTask = {
      id: luidOf(site.contentUrl, "flow task", flow.name),
      flow,
      outputSteps: [],
      parameters: [],
      priority: 50,
      consecutiveFailedCount: random.onceIn(8) ? random.between(1, 3) : 0,
      schedule: choose("Flow", flow.name),
    };
    site.flowTasks.set(task.id, task);
  }
  generateLinkedTasks(site, choose);
}

function addExtractTask(site: Site, random: Random, target: RefreshTarget, choose: ChooseSchedule): void {
  const { type, item } = target;
  const fails = item.name === alwaysFailing;
  const id = luidOf(site.contentUrl, "refresh task", type, item.name);
  site.extractTasks.set(id, {
    id,
    target,
    refreshType: random.onceIn(4) ? "IncrementalRefresh" : "FullRefresh",
    priority: random.pick([10, 50, 50, 50, 80]),
    consecutiveFailedCount: fails ? 4 : 0,
    schedule: choose("Extract", `${type} ${item.name}`),
  });
}

/** Two or three flows at a time. */
function generateLinkedTasks(site: Site, choose: ChooseSchedule): void {
  const tasks = Array.from(site.flowTasks.values());
  for (const [index, size] of [3, 2, 2].entries()) {
    const members = tasks.slice(index * 3, index * 3 + size);
    if (members.length < size) return;
    const linked: LinkedTask = {
      id: luidOf(site.contentUrl, "linked task", index),
      schedule: choose("Flow", `linked task ${index}`),
      steps: members.map((task, step) => ({
        id: luidOf(site.contentUrl, "linked task step", index, step),
        stopDownstreamTasksOnFailure: true,
        task,
      })),
    };
    site.linkedTasks.set(linked.id, linked);
  }
}
