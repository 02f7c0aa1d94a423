import type { Workbook } from "../../rest/workbooks/model.ts";
import { html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { facts, pictureWall, table } from "../parts.ts";
import { ago, counted } from "../words.ts";
import { crumbs } from "./content.ts";

/** One workbook: its views as pictures, its connections, its revisions. */
export function workbookPage(visit: Visit, workbook: Workbook): Page {
  const { site, now } = visit;
  const connections = workbook.connections.map(({ datasource, embedded, type, serverAddress, userName }) => [
    datasource === undefined
      ? html`${embedded?.name}`
      : html`<a href="${to(site, "datasources", datasource.number)}">${datasource.name}</a>`,
    html`${datasource === undefined ? type : "published data source"}`,
    html`${datasource === undefined && serverAddress}`,
    html`${userName}`,
  ]);
  const columns = [{ name: "Data source" }, { name: "Type" }, { name: "Server" }, { name: "User name" }];
  const body = html`
<div class="crumbs">${crumbs(visit, workbook.project, true)}</div>
<h1>${workbook.name}</h1>
<p class="purpose">${workbook.description}</p>
${facts([
  ["Owner", workbook.owner.fullName],
  ["Changed", ago(workbook.updatedAt, now)],
  ["Size", `${workbook.size} MB`],
  ["Revisions", counted(workbook.revisions.length, "revision")],
  ["Tags", workbook.tags.join(", ")],
  ["LUID", html`<code>${workbook.id}</code>`],
])}
${pictureWall(site, workbook.views, (view) => `${view.sheetType}, ${counted(view.totalViewCount, "visit")}`)}
<h2>Connections</h2>
${table("Connections", columns, connections, "This workbook connects to nothing.")}`;
  return { section: "projects", title: workbook.name, body, again: 5000 };
}
