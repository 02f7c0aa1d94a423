import { type JobState, stateOf } from "../../rest/jobs/jobs.ts";
import { html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { paged, state, type Tone, table } from "../parts.ts";
import { ago, duration } from "../words.ts";

export const tones: Record<JobState["status"], Tone> = {
  Pending: "waiting",
  InProgress: "waiting",
  Success: "good",
  Failed: "bad",
  Cancelled: "off",
};

export const words: Record<JobState["status"], string> = {
  Pending: "Pending",
  InProgress: "In progress",
  Success: "Success",
  Failed: "Failed",
  Cancelled: "Cancelled",
};

/** What runs, waits and ran, newest first. */
export function jobsPage(visit: Visit): Page {
  const { site, now, query } = visit;
  const wanted = query.get("status");
  const jobs = [...site.jobs.values()]
    .map((job) => ({ job, current: stateOf(job, now) }))
    .filter(({ current }) => wanted === null || current.status === wanted)
    .sort((one, other) => other.job.createdAt - one.job.createdAt);
  const { items, links } = paged(jobs, visit, "jobs");
  const rows = items.map(({ job, current }) => [
    html`${job.title}<br><span class="faint">${job.subtitle}</span>`,
    html`${state(tones[current.status], words[current.status])}${current.status === "InProgress" && html` ${current.progress} %`}${
      current.endedAt !== undefined && current.status === "Failed" && html`<br><span class="faint">${job.notes}</span>`
    }`,
    ago(job.createdAt, now),
    html`${current.startedAt === undefined ? "" : duration((current.endedAt ?? now) - current.startedAt)}`,
    html`<code class="luid">${job.id}</code>`,
  ]);
  const columns = [
    { name: "Job" },
    { name: "Status" },
    { name: "Created", tight: true },
    { name: "Ran for", number: true, tight: true },
    { name: "LUID" },
  ];
  const filters = Object.entries(words).map(
    ([status, word]) =>
      html` · <a href="${to(site, "jobs")}?status=${status}"${status === wanted && html` aria-current="true"`}>${word}</a>`,
  );
  const body = html`
<h1>Jobs</h1>
<p class="purpose filters"><a href="${to(site, "jobs")}"${wanted === null && html` aria-current="true"`}>All</a>${filters}</p>
${table("Jobs", columns, rows, wanted === null ? "Nothing ran on this site yet." : "No job has this status.")}${links}`;
  return { section: "jobs", title: "Jobs", body, again: 1000 };
}
