import { type Generation, minute } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import { keepJob } from "./jobs.ts";
import { jobKinds } from "./kinds.ts";
import type { Job, JobKind, JobTarget } from "./model.ts";
import { alwaysFailing } from "./refresh.ts";

const usualAmount = 60;

/** What ran on the site lately, newest first: mostly done, some failed, some still running or waiting. */
export function generateJobs({ site, now, scale, random: randomOf }: Generation): void {
  const random = randomOf("jobs");
  const content = { workbooks: [...site.workbooks.values()], datasources: [...site.datasources.values()] };
  for (let index = 0; index < usualAmount * scale; index++) {
    const kind = random.pick(kinds);
    const target = targetOf(kind, random, content);
    const timing = timingOf(index, random, now);
    const outcome = outcomeOf(target, random);
    const job: Job = {
      id: luidOf(site.contentUrl, "job", index),
      kind,
      title: target === undefined ? (titles[kind] ?? "") : target.item.name,
      subtitle: jobKinds[kind].subtitle,
      priority: random.pick([10, 50, 50, 50, 80]),
      ...timing,
      outcome,
      notes: notes[outcome],
      statusNotes: [],
      target,
      startedBy: undefined,
      onStart: undefined,
      onEnd: kind === "refresh" && timing.endsAt > now ? { effect: "refreshEnded" } : undefined,
    };
    keepJob(site, job);
  }
}

const kinds: readonly [JobKind, ...JobKind[]] = [
  "refresh",
  "refresh",
  "refresh",
  "refresh",
  "subscription",
  "thumbnails",
  "publishWorkbook",
  "publishDatasource",
  "createUsers",
];

const titles: Partial<Record<JobKind, string>> = {
  subscription: "Weekly Business Review for Ana Silva",
  createUsers: "New starters",
};

const notes: Record<Job["outcome"], string> = {
  Success: "Finished.",
  Failed: "Unable to connect to the data source. Try connecting again.",
  Cancelled: "The job was cancelled.",
};

type ContentTarget = Extract<JobTarget, { type: "workbook" | "datasource" }>;

function targetOf(
  kind: JobKind,
  random: Random,
  { workbooks, datasources }: { workbooks: readonly Workbook[]; datasources: readonly Datasource[] },
): ContentTarget | undefined {
  if (kind === "subscription" || kind === "createUsers") return undefined;
  const isDatasource = kind === "publishDatasource" || (kind === "refresh" && random.onceIn(2));
  if (isDatasource) {
    const item = datasources[random.between(0, datasources.length - 1)];
    return item && { type: "datasource", item };
  }
  const item = workbooks[random.between(0, workbooks.length - 1)];
  return item && { type: "workbook", item };
}

function outcomeOf(target: ContentTarget | undefined, random: Random): Job["outcome"] {
  const outcome = random.pick<Job["outcome"]>(["Success", "Success", "Success", "Success", "Failed", "Cancelled"]);
  return target?.item.name === alwaysFailing ? "Failed" : outcome;
}

/** The first two wait, the next two run, the others have ended within the last two days. */
function timingOf(index: number, random: Random, now: number): Pick<Job, "createdAt" | "startsAt" | "endsAt"> {
  if (index < 2) return { createdAt: now - minute, startsAt: now + 30 * minute, endsAt: now + 45 * minute };
  if (index < 4) return { createdAt: now - 12 * minute, startsAt: now - 10 * minute, endsAt: now + 40 * minute };
  const createdAt = now - (index * 60 + random.between(0, 50)) * minute;
  const startsAt = createdAt + random.between(1, 90) * 1000;
  return { createdAt, startsAt, endsAt: startsAt + random.between(3, 900) * 1000 };
}
