import type { Flow, FlowParameter } from "../../rest/flows/model.ts";
import { stateOf } from "../../rest/jobs/jobs.ts";
import { type Html, html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { facts, state, table } from "../parts.ts";
import { ago, counted } from "../words.ts";
import { connectionTable } from "./connections.ts";
import { crumbs } from "./content.ts";
import { tones, words } from "./jobs.ts";

const shownRuns = 8;

/** One flow: what it reads, what it writes, what it can be told, and how it ran. */
export function flowPage(visit: Visit, flow: Flow): Page {
  const { now } = visit;
  const { name, project, owner, revisions } = flow;
  const body = html`
<div class="crumbs">${crumbs(visit, project, true)}</div>
<h1>${name}</h1>
<p class="purpose">${flow.description}</p>
${facts([
  ["Owner", owner.fullName],
  ["Changed", ago(flow.updatedAt, now)],
  ["File", `.${flow.fileType}`],
  ["Revisions", counted(revisions.length, "revision")],
  ["Tags", flow.tags.join(", ")],
  ["LUID", html`<code>${flow.id}</code>`],
])}
<h2>Reads</h2>
${connectionTable(flow.connections, "This flow reads nothing.")}
<h2>Writes</h2>
${outputTable(visit, flow)}
<h2>Parameters</h2>
${parameterTable(flow.parameters)}
<h2>Latest runs</h2>
${runTable(visit, flow)}`;
  return { section: "projects", title: name, body, again: 2000 };
}

function outputTable({ site }: Visit, { outputSteps, project }: Flow): Html {
  const rows = outputSteps.map((step) => {
    const written = site.datasources.values().find((one) => one.name === step.name && one.project === project);
    const target =
      written === undefined
        ? html`<span class="faint">nothing published</span>`
        : html`<a href="${to(site, "datasources", written.number)}">${written.name}</a>`;
    return [html`${step.name}`, target];
  });
  return table("Writes", [{ name: "Output step" }, { name: "Data source" }], rows, "This flow writes nothing.");
}

function parameterTable(parameters: readonly FlowParameter[]): Html {
  const rows = parameters.map(({ name, type, description, value, domain }) => [
    html`${name}<br><span class="faint">${description}</span>`,
    html`${type}`,
    html`${value}`,
    html`${domain.kind === "list" ? domain.values.join(", ") : domain.kind === "range" ? `${domain.least} to ${domain.most}` : "any"}`,
  ]);
  const columns = [{ name: "Parameter" }, { name: "Type", tight: true }, { name: "Value" }, { name: "Allowed" }];
  return table("Parameters", columns, rows, "This flow cannot be told anything.");
}

function runTable({ site, now }: Visit, flow: Flow): Html {
  const jobs = [...site.jobs.values()]
    .filter(({ target }) => target?.type === "flow" && target.item === flow)
    .sort((one, other) => other.createdAt - one.createdAt)
    .slice(0, shownRuns);
  const rows = jobs.map((job) => {
    const { status, endedAt } = stateOf(job, now);
    return [state(tones[status], words[status]), ago(job.createdAt, now), html`${endedAt !== undefined && job.notes}`];
  });
  const columns = [{ name: "Status", tight: true }, { name: "Started", tight: true }, { name: "Notes" }];
  return table("Latest runs", columns, rows, "This flow has not run lately.");
}
