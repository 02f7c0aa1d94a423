import type { Project } from "../../rest/projects/model.ts";
import { type Html, html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { facts, table } from "../parts.ts";
import { ago, counted } from "../words.ts";

/** All projects as a tree, with how much is in each. */
export function projectsPage({ site }: Visit): Page {
  const nested = Map.groupBy(site.projects.values(), ({ parent }) => parent);
  const workbooks = Map.groupBy(site.workbooks.values(), ({ project }) => project);
  const datasources = Map.groupBy(site.datasources.values(), ({ project }) => project);
  const flows = Map.groupBy(site.flows.values(), ({ project }) => project);
  const branch = (parent: Project | undefined): Html[] =>
    byName(nested.get(parent) ?? []).map((project) => {
      const below = branch(project);
      const holds = [
        workbooks.has(project) && counted(workbooks.get(project)?.length ?? 0, "workbook"),
        datasources.has(project) && counted(datasources.get(project)?.length ?? 0, "data source"),
        flows.has(project) && counted(flows.get(project)?.length ?? 0, "flow"),
      ].filter((part) => part !== false);
      return html`<li><div><a href="${to(site, "projects", project.id)}">${project.name}</a><small>${holds.join(", ")}</small></div>${below.length > 0 && html`<ul>${below}</ul>`}</li>`;
    });
  const body = html`
<h1>Content</h1>
<p class="purpose">${counted(site.projects.size, "project")} with ${counted(site.workbooks.size, "workbook")}, ${counted(site.datasources.size, "data source")} and ${counted(site.flows.size, "flow")}.</p>
<div class="table"><ul class="tree">${branch(undefined)}</ul></div>`;
  return { section: "projects", title: "Content", body, again: 5000 };
}

/** One project: what lies directly in it. */
export function projectPage(visit: Visit, project: Project): Page {
  const { site, now } = visit;
  const nested = byName(site.projects.values().filter(({ parent }) => parent === project));
  const workbooks = byName(site.workbooks.values().filter((workbook) => workbook.project === project));
  const datasources = byName(site.datasources.values().filter((datasource) => datasource.project === project));
  const flows = byName(site.flows.values().filter((flow) => flow.project === project));
  const rows = [
    ...nested.map(({ id, name, updatedAt, owner }) =>
      row("Project", name, to(site, "projects", id), owner.fullName, updatedAt),
    ),
    ...workbooks.map(({ number, name, updatedAt, owner }) =>
      row("Workbook", name, to(site, "workbooks", number), owner.fullName, updatedAt),
    ),
    ...datasources.map(({ number, name, updatedAt, owner }) =>
      row("Data source", name, to(site, "datasources", number), owner.fullName, updatedAt),
    ),
    ...flows.map(({ number, name, updatedAt, owner }) =>
      row("Flow", name, to(site, "flows", number), owner.fullName, updatedAt),
    ),
  ];
  function row(kind: string, name: string, address: string, owner: string, updatedAt: number): Html[] {
    return [html`<a href="${address}">${name}</a>`, html`${kind}`, html`${owner}`, ago(updatedAt, now)];
  }
  const columns = [
    { name: "Name" },
    { name: "Kind", tight: true },
    { name: "Owner" },
    { name: "Changed", tight: true },
  ];
  const body = html`
<div class="crumbs">${crumbs(visit, project)}</div>
<h1>${project.name}</h1>
<p class="purpose">${project.description}</p>
${facts([
  ["Owner", project.owner.fullName],
  ["Permissions", project.contentPermissions],
  ["LUID", html`<code>${project.id}</code>`],
])}
${table("What is in this project", columns, rows, "There is nothing in this project.")}`;
  return { section: "projects", title: project.name, body, again: 5000 };
}

/** The way to a project from the top: `Content / Sales / West`, itself left out. */
export function crumbs({ site }: Visit, project: Project, itself = false): Html {
  const path: Project[] = [];
  for (let one = itself ? project : project.parent; one !== undefined; one = one.parent) path.unshift(one);
  return html`<a href="${to(site, "projects")}">Content</a>${path.map((one) => html` / <a href="${to(site, "projects", one.id)}">${one.name}</a>`)}`;
}

function byName<Item extends { name: string }>(items: Iterable<Item>): Item[] {
  return [...items].sort((one, other) => one.name.localeCompare(other.name));
}
