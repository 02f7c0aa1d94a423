import { type CatalogField, fieldsOfDatasource } from "../../rest/catalog/source-fields.ts";
import type { Datasource } from "../../rest/datasources/model.ts";
import { type Html, html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { facts, state, table } from "../parts.ts";
import { ago, counted } from "../words.ts";
import { connectionTable } from "./connections.ts";
import { crumbs } from "./content.ts";

/** One published data source: what it holds, where that comes from, and who draws from it. */
export function datasourcePage(visit: Visit, datasource: Datasource): Page {
  const { name, project, owner, connections, isCertified, certificationNote } = datasource;
  const { fields, tables } = fieldsOfDatasource(datasource);
  const shown = fields.filter(({ isHidden }) => !isHidden);
  const body = html`
<div class="crumbs">${crumbs(visit, project, true)}</div>
<h1>${name}</h1>
<p class="purpose">${datasource.description}</p>
${facts([
  ["Owner", owner.fullName],
  ["Changed", ago(datasource.updatedAt, visit.now)],
  ["Certified", isCertified ? html`${state("good", "Certified")} ${certificationNote}` : undefined],
  ["Data", datasource.hasExtracts ? "Extract" : "Live"],
  ["Size", `${datasource.size} MB`],
  ["Revisions", counted(datasource.revisions.length, "revision")],
  ["Tables", tables.map(({ caption }) => caption).join(", ")],
  ["Written by", writersOf(visit, datasource)],
  ["Tags", datasource.tags.join(", ")],
  ["LUID", html`<code>${datasource.id}</code>`],
])}
<h2>Connections</h2>
${connectionTable(connections, "This data source connects to nothing.")}
<h2>Used by</h2>
${usersTable(visit, datasource)}
<h2>${counted(shown.length, "field")}</h2>
${fieldTable(shown)}`;
  return { section: "projects", title: name, body, again: 5000 };
}

/** As lineage has it: the flows of its project with an output step of its name. */
function writersOf({ site }: Visit, { name, project }: Datasource): Html | undefined {
  const flows = [...site.flows.values()].filter(
    (flow) => flow.project === project && flow.outputSteps.some((step) => step.name === name),
  );
  if (flows.length === 0) return undefined;
  return html`${flows.map((flow) => html`<a href="${to(site, "flows", flow.number)}">${flow.name}</a> `)}`;
}

function usersTable({ site, now }: Visit, datasource: Datasource): Html {
  const users = [...site.workbooks.values()].filter(({ connections }) =>
    connections.some((connection) => connection.datasource === datasource),
  );
  const rows = users.map(({ number, name, project, owner, updatedAt }) => [
    html`<a href="${to(site, "workbooks", number)}">${name}</a>`,
    html`<a href="${to(site, "projects", project.id)}">${project.name}</a>`,
    html`${owner.fullName}`,
    ago(updatedAt, now),
  ]);
  const columns = [{ name: "Workbook" }, { name: "Project" }, { name: "Owner" }, { name: "Changed", tight: true }];
  return table("Used by", columns, rows, "No workbook draws from this data source.");
}

const classes = { COLUMN: "Column", GROUP: "Group", BIN: "Bin", CALCULATION: "Calculation" } as const;

function fieldTable(fields: readonly CatalogField[]): Html {
  const rows = fields.map(({ caption, description, role, dataType, columnClass, formula }) => [
    html`${caption}${description !== "" && html`<br><span class="faint">${description}</span>`}`,
    html`${role === "MEASURE" ? "Measure" : "Dimension"}`,
    html`${dataType.toLowerCase()}`,
    html`${classes[columnClass]}${formula !== undefined && html`<br><code>${formula}</code>`}`,
  ]);
  const columns = [
    { name: "Field" },
    { name: "Role", tight: true },
    { name: "Type", tight: true },
    { name: "Made of" },
  ];
  return table("Fields", columns, rows, "Nothing is known of its fields.");
}
