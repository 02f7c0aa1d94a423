import type { View } from "../rest/views/model.ts";
import type { Site } from "../site/site.ts";
import { type Html, html } from "./html.ts";
import { to, type Visit } from "./layout.ts";
import { count } from "./words.ts";

/** How good news is; always with a word beside the colour. */
export type Tone = "good" | "waiting" | "bad" | "off";

export function state(tone: Tone, word: string): Html {
  return html`<span class="state ${tone}">${word}</span>`;
}

export function facts(rows: readonly (readonly [name: string, value: Html | string | number | undefined])[]): Html {
  const known = rows.filter(([, value]) => value !== undefined && value !== "");
  return html`<dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export type Column = { name: string; number?: boolean; tight?: boolean };

/** A table, or what is said where there is nothing to list. */
export function table(label: string, columns: readonly Column[], rows: readonly Html[][], empty: Html | string): Html {
  if (rows.length === 0)
    return html`<div class="empty">${typeof empty === "string" ? html`<p>${empty}</p>` : empty}</div>`;
  return html`<div class="table" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${columns.map(
    ({ name, number }) => html`<th scope="col"${number && html` class="number"`}>${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) => html`<td class="${columns[index]?.number ? "number" : ""}${columns[index]?.tight ? " tight" : ""}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** How many rows a page of a list has. */
const pageSize = 50;

/** One page of a long list, and the links to those around it. */
export function paged<Item>(
  items: readonly Item[],
  { site, query }: Visit,
  path: string,
): { items: Item[]; links: Html } {
  const last = Math.max(1, Math.ceil(items.length / pageSize));
  const asked = Number(query.get("page") ?? "1");
  const page = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), last) : 1;
  const start = (page - 1) * pageSize;
  const link = (number: number, name: string): Html => {
    const others = new URLSearchParams(query);
    others.set("page", String(number));
    return html`<a href="${to(site, path)}?${others.toString()}">${name}</a>`;
  };
  const range = html`<span>${count(start + 1)} to ${count(Math.min(start + pageSize, items.length))} of ${count(items.length)}</span>`;
  const links = html`<nav class="pages" aria-label="Pages">${page > 1 && link(page - 1, "Earlier")}${range}${page < last && link(page + 1, "Later")}</nav>`;
  return { items: items.slice(start, start + pageSize), links: items.length > pageSize ? links : html`` };
}

/** Views as a wall of their pictures. */
export function pictureWall(site: Site, views: readonly View[], under: (view: View) => Html | string): Html {
  return html`<ul class="pictures">${views.map(
    (view) =>
      html`<li><a href="${viewPage(site, view)}"><img src="${picture(site, view, "thumbnail")}" alt="" loading="lazy" width="300" height="200"><span>${view.name}<small>${under(view)}</small></span></a></li>`,
  )}</ul>`;
}

/** As in the browser's address of a view on Tableau: `views/Superstore/SalesbyRegion`. */
export function viewPage(site: Site, view: View): string {
  return to(site, "views", view.workbook.contentUrl, view.viewUrlName);
}

export function picture(site: Site, view: View, size: "thumbnail" | "full"): string {
  return `${viewPage(site, view)}/${size}.png?v=${view.workbook.updatedAt}`;
}
