import { isMember } from "../../rest/groups/model.ts";
import { html } from "../html.ts";
import type { Page, Visit } from "../layout.ts";
import { paged, table } from "../parts.ts";
import { ago, count, counted } from "../words.ts";

/** The site's users, with what they may do and when they were last there. */
export function peoplePage(visit: Visit): Page {
  const { site, now } = visit;
  const { items, links } = paged([...site.users.values()], visit, "people");
  const groups = [...site.groups.values()];
  const rows = items.map((user) => [
    html`${user.fullName}<br><span class="faint">${user.name}</span>`,
    html`${user.siteRole}`,
    html`${count(groups.filter((group) => isMember(user, group)).length)}`,
    ago(user.lastLogin, now),
    html`<code class="luid">${user.id}</code>`,
  ]);
  const columns = [
    { name: "Person" },
    { name: "Site role", tight: true },
    { name: "Groups", number: true },
    { name: "Last there", tight: true },
    { name: "LUID" },
  ];
  const body = html`
<h1>People</h1>
<p class="purpose">${counted(site.users.size, "user")} in ${counted(site.groups.size, "group")}.</p>
${table("People", columns, rows, "There is nobody on this site.")}${links}`;
  return { section: "people", title: "People", body, again: 5000 };
}
