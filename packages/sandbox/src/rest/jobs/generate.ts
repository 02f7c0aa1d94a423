import { type Generation, minute } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Datasource } from "../datasources/model.ts";
import type { Workbook } from "../workbooks/model.ts";
import type { Job, JobKind } from "./model.ts";

const recentJobs = 44;

/** What ran on the site lately, newest first: mostly done, some failed, some still running or waiting. */
export function generateJobs({ site, now, random: randomOf }: Generation): void {
  const random = randomOf("jobs");
  const workbooks = Array.from(site.workbooks.values());
  const datasources = Array.from(site.datasources.values());
  for (let index = 0; index < recentJobs; index++) {
    const kind = random.pick(kinds);
    const target = targetOf(kind, random, workbooks, datasources);
    const timing = timingOf(index, random, now);
    const outcome = random.pick<Job["outcome"]>(["Success", "Success", "Success", "Success", "Failed", "Cancelled"]);
    const id = luidOf(site.contentUrl, "job", index);
    site.jobs.set(id, {
      id,
      kind,
      title: target?.name ?? titles[kind],
      subtitle: subtitles[kind],
      priority: random.pick([10, 50, 50, 50, 80]),
      ...timing,
      outcome,
      notes: outcome === "Failed" ? "Unable to connect to the data source. Try connecting again." : "Finished.",
      target,
    });
  }
}

const kinds: readonly [JobKind, ...JobKind[]] = [
  "refresh",
  "refresh",
  "refresh",
  "refresh",
  "flow",
  "subscription",
  "thumbnails",
  "publishWorkbook",
  "publishDatasource",
  "users",
];

const titles: Record<JobKind, string> = {
  refresh: "Extract refresh",
  flow: "Clean and join orders",
  subscription: "Weekly Business Review for Ana Silva",
  thumbnails: "Thumbnails",
  publishWorkbook: "Publish",
  publishDatasource: "Publish",
  users: "New starters",
};

const subtitles: Record<JobKind, string> = {
  refresh: "Extract refresh",
  flow: "Flow",
  subscription: "Subscription",
  thumbnails: "Workbook",
  publishWorkbook: "Workbook",
  publishDatasource: "Data Source",
  users: "Users",
};

function targetOf(
  kind: JobKind,
  random: Random,
  workbooks: Workbook[],
  datasources: Datasource[],
): Workbook | Datasource | undefined {
  if (kind === "flow" || kind === "subscription" || kind === "users") return undefined;
  const isDatasource = kind === "publishDatasource" || (kind === "refresh" && random.onceIn(2));
  const candidates = isDatasource ? datasources : workbooks;
  return candidates[random.between(0, candidates.length - 1)];
}

/** The first two wait, the next two run, the others have ended within the last two days. */
function timingOf(index: number, random: Random, now: number): Pick<Job, "createdAt" | "startsAt" | "endsAt"> {
  if (index < 2) return { createdAt: now - minute, startsAt: now + 30 * minute, endsAt: now + 45 * minute };
  if (index < 4) return { createdAt: now - 12 * minute, startsAt: now - 10 * minute, endsAt: now + 40 * minute };
  const createdAt = now - (index * 60 + random.between(0, 50)) * minute;
  const startsAt = createdAt + random.between(1, 90) * 1000;
  return { createdAt, startsAt, endsAt: startsAt + random.between(3, 900) * 1000 };
}
