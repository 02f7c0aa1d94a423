import { stateOf } from "../../rest/jobs/jobs.ts";
import type { View } from "../../rest/views/model.ts";
import { hour } from "../../site/generation.ts";
import { type Html, html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { pictureWall } from "../parts.ts";
import { ago, count } from "../words.ts";
import { callsOf, callTable } from "./calls.ts";

const shownCalls = 8;
const shownViews = 8;
const hours = 24;

/** What there is, what was called, what ran, what changed last. */
export function overviewPage(visit: Visit): Page {
  const { site, world, now } = visit;
  const calls = callsOf(visit).slice(0, shownCalls);
  const body = html`
<h1>${site.name}</h1>
<p class="purpose">A stand-in Tableau ${world.edition === "cloud" ? "Cloud" : "Server"} site. Point a Tableau client at this address and watch here what its calls do.</p>
${numbers(visit)}
<h2>Latest calls</h2>
${callTable(visit, calls)}
<h2>Jobs of the last ${hours} hours</h2>
${jobBars(visit)}
<h2>Changed last</h2>
${pictureWall(site, latestViews(visit), (view) => html`${view.workbook.name}, ${ago(view.workbook.updatedAt, now)}`)}`;
  return { section: "", title: site.name, body, again: 3000 };
}

function numbers({ site }: Visit): Html {
  const rows: [string, number][] = [
    ["Projects", site.projects.size],
    ["Workbooks", site.workbooks.size],
    ["Views", site.views.size],
    ["Data sources", site.datasources.size],
    ["Flows", site.flows.size],
    ["Users", site.users.size],
    ["Groups", site.groups.size],
    ["Jobs", site.jobs.size],
  ];
  return html`<dl class="numbers">${rows.map(([name, number]) => html`<div><dt>${name}</dt><dd>${count(number)}</dd></div>`)}</dl>`;
}

/** The first view of each workbook that changed last. */
function latestViews({ site }: Visit): View[] {
  const workbooks = [...site.workbooks.values()].sort((one, other) => other.updatedAt - one.updatedAt);
  return workbooks.flatMap(({ views }) => views.slice(0, 1)).slice(0, shownViews);
}

/** A column for each hour: how many jobs began in it, and how they ended. */
function jobBars({ site, now }: Visit): Html {
  const slots = Array.from({ length: hours }, () => ({ good: 0, bad: 0, off: 0 }));
  for (const job of site.jobs.values()) {
    const slot = slots[hours - 1 - Math.floor((now - job.createdAt) / hour)];
    if (slot === undefined) continue;
    const { status } = stateOf(job, now);
    slot[status === "Success" ? "good" : status === "Failed" ? "bad" : "off"]++;
  }
  const sum = (name: keyof (typeof slots)[number]): number => slots.reduce((all, slot) => all + slot[name], 0);
  const most = Math.max(1, ...slots.map(({ good, bad, off }) => good + bad + off));
  const label = `${sum("good")} succeeded, ${sum("bad")} failed, ${sum("off")} are waiting, running or cancelled`;
  const columns = slots.map((slot, index) => {
    let top = 90;
    return (["good", "bad", "off"] as const).map((name) => {
      const height = (slot[name] / most) * 84;
      top -= height;
      return (
        height > 0 &&
        html`<rect class="${name}" x="${index * 10 + 1}" y="${top.toFixed(1)}" width="8" height="${height.toFixed(1)}"/>`
      );
    });
  });
  return html`<a href="${to(site, "jobs")}"><svg class="bars" viewBox="0 0 ${hours * 10} 96" preserveAspectRatio="none" role="img" aria-label="${label}">${columns}<line class="base" x1="0" y1="91" x2="${hours * 10}" y2="91"/></svg></a>
<div class="key"><span class="state good">${sum("good")} succeeded</span><span class="state bad">${sum("bad")} failed</span><span class="state off">${sum("off")} waiting, running or cancelled</span><span class="right">now</span></div>`;
}
