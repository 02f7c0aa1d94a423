import type { View } from "../../rest/views/model.ts";
import { html } from "../html.ts";
import { type Page, to, type Visit } from "../layout.ts";
import { facts, picture } from "../parts.ts";
import { ago, counted } from "../words.ts";
import { crumbs } from "./content.ts";

/** One view: its picture at full size, and how to ask for the same by the API. */
export function viewPage(visit: Visit, view: View): Page {
  const { site, now } = visit;
  const { workbook } = view;
  const path = `/api/3.27/sites/${site.id}/views/${view.id}`;
  const body = html`
<div class="crumbs">${crumbs(visit, workbook.project, true)} / <a href="${to(site, "workbooks", workbook.number)}">${workbook.name}</a></div>
<h1>${view.name}</h1>
${facts([
  ["Kind", view.sheetType],
  ["Visits", counted(view.totalViewCount, "visit")],
  ["Changed", ago(workbook.updatedAt, now)],
  ["Tags", view.tags.join(", ")],
  ["LUID", html`<code>${view.id}</code>`],
])}
<img class="picture" src="${picture(site, view, "full")}" alt="${view.name}" width="800">
<h2>The same by the API</h2>
<pre tabindex="0">GET ${path}/image?resolution=high
GET ${path}/pdf?type=A4&amp;orientation=Landscape
GET ${path}/data</pre>`;
  return { section: "projects", title: view.name, body };
}
