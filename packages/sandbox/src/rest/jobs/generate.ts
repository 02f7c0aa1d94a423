import { type Generation, minute } from "../../site/generation.ts";
import { luidOf, type Random } from "../../site/random.ts";
import type { Site } from "../../site/site.ts";
import type { Datasource } from "../datasources/model.ts";
import { keepRun } from "../flow-runs/run.ts";
import { keepJob } from "./jobs.ts";
import { jobKinds } from "./kinds.ts";
import type { Job, JobKind, JobTarget } from "./model.ts";
import { alwaysFailing } from "./refresh.ts";

const usualAmount = 90;

/** What ran on the site lately, newest first: mostly done, some failed, some still running or waiting. */
export function generateJobs({ site, now, scale, random: randomOf }: Generation): void {
  const random = randomOf("jobs");
  const pick = pickerOf(site, random);
  for (let index = 0; index < usualAmount * scale; index++) {
    const kind = random.pick(kinds);
    const target = targetOf(kind, random, pick, luidOf(site.contentUrl, "flow run", index));
    const timing = timingOf(index, random, now);
    const outcome = outcomeOf(target, random);
    const job: Job = {
      id: luidOf(site.contentUrl, "job", index),
      kind,
      title: titleOf(target),
      subtitle: jobKinds[kind].subtitle,
      priority: random.pick([10, 50, 50, 50, 80]),
      ...timing,
      outcome,
      notes: notesOf(kind, outcome, target),
      statusNotes: [],
      target,
      startedBy: undefined,
      onStart: undefined,
      onEnd: effectOf(kind, timing.endsAt > now),
    };
    keepJob(site, job);
    if (target?.type !== "flow") continue;
    keepRun(site, { id: target.runId, flow: target.item, job, startedBy: target.item.owner, parameters: [] });
  }
}

const kinds: readonly [JobKind, ...JobKind[]] = [
  "refresh",
  "refresh",
  "refresh",
  "incrementalRefresh",
  "runFlow",
  "runFlow",
  "subscription",
  "thumbnails",
  "publishWorkbook",
  "publishDatasource",
  "createUsers",
];

/** What a job has to say for itself once it has ended. */
function notesOf(kind: JobKind, outcome: Job["outcome"], target: JobTarget | undefined): string {
  if (outcome === "Cancelled") return "The job was cancelled by a site administrator.";
  const [done, failed] = endsOf(kind, target);
  return outcome === "Failed" ? failed : done;
}

function endsOf(kind: JobKind, target: JobTarget | undefined): readonly [done: string, failed: string] {
  if (target === undefined) return ["The users of the file were added.", "Line 3 of the file has no email address."];
  if (target.type === "subscription")
    return [`Sent to ${target.item.user.name}.`, "The mail server did not accept the message."];
  if (target.type === "flow")
    return ["All output steps were written.", "An input step found no table of the name that it reads."];
  if (kind === "thumbnails") return ["The thumbnails are up to date.", "A view could not be drawn in time."];
  if (kind.startsWith("publish")) return [`${target.item.name} was published.`, "The upload ended early."];
  return [`Finished refresh of extracts of ${target.item.name}.`, connectionFailed(target.item)];
}

function connectionFailed({ connections }: Pick<Datasource, "connections">): string {
  const [first] = connections;
  const server = first?.serverAddress ? `the server "${first.serverAddress}"` : "the file";
  const place = first?.datasource === undefined ? server : `the data source "${first.datasource.name}"`;
  return `Unable to connect to ${place}. Check that it is there and that you have access to it.`;
}

function effectOf(kind: JobKind, isOpen: boolean): Job["onEnd"] {
  if (!isOpen) return undefined;
  if (kind === "runFlow") return { effect: "flowEnded" };
  return kind === "refresh" || kind === "incrementalRefresh" ? { effect: "refreshEnded" } : undefined;
}

type Picker = ReturnType<typeof pickerOf>;

/** One of the site's things of each kind; nothing where there is none. */
function pickerOf(site: Site, random: Random) {
  const anyOf = <Item>(items: ReadonlyMap<string, Item>): (() => Item | undefined) => {
    const all = Array.from(items.values());
    return () => all[random.between(0, all.length - 1)];
  };
  return {
    workbook: anyOf(site.workbooks),
    datasource: anyOf(site.datasources),
    flow: anyOf(site.flows),
    subscription: anyOf(site.subscriptions),
  };
}

function targetOf(kind: JobKind, random: Random, pick: Picker, runId: string): JobTarget | undefined {
  if (kind === "createUsers") return undefined;
  if (kind === "subscription") {
    const item = pick.subscription();
    return item && { type: "subscription", item };
  }
  if (kind === "runFlow") {
    const item = pick.flow();
    return item && { type: "flow", item, runId };
  }
  const isRefresh = kind === "refresh" || kind === "incrementalRefresh";
  if (kind === "publishDatasource" || (isRefresh && random.onceIn(2))) {
    const item = pick.datasource();
    return item && { type: "datasource", item };
  }
  const item = pick.workbook();
  return item && { type: "workbook", item };
}

function titleOf(target: JobTarget | undefined): string {
  if (target === undefined) return "New starters";
  return target.type === "subscription" ? target.item.subject : target.item.name;
}

function outcomeOf(target: JobTarget | undefined, random: Random): Job["outcome"] {
  const outcome = random.pick<Job["outcome"]>(["Success", "Success", "Success", "Success", "Failed", "Cancelled"]);
  return target?.type === "datasource" && target.item.name === alwaysFailing ? "Failed" : outcome;
}

/** The first two wait, the next two run, the others have ended within the last two days. */
function timingOf(index: number, random: Random, now: number): Pick<Job, "createdAt" | "startsAt" | "endsAt"> {
  if (index < 2) return { createdAt: now - minute, startsAt: now + 30 * minute, endsAt: now + 45 * minute };
  if (index < 4) return { createdAt: now - 12 * minute, startsAt: now - 10 * minute, endsAt: now + 40 * minute };
  const createdAt = now - (index * 60 + random.between(0, 50)) * minute;
  const startsAt = createdAt + random.between(1, 90) * 1000;
  return { createdAt, startsAt, endsAt: startsAt + random.between(3, 900) * 1000 };
}
