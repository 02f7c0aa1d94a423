import type { Call } from "../../control/calls.ts";
import { type Html, html } from "../html.ts";
import type { Page, Visit } from "../layout.ts";
import { paged, state, table } from "../parts.ts";
import { ago, duration } from "../words.ts";

/** What clients asked of the sandbox, newest first. */
export function callsPage(visit: Visit): Page {
  const onlyRefused = visit.query.get("status") === "refused";
  const calls = callsOf(visit).filter(({ status }) => !onlyRefused || status >= 400);
  const { items, links } = paged(calls, visit, "calls");
  const body = html`
<h1>Calls</h1>
<p class="purpose">The latest calls of the API on this site, and those without a session. Neither tokens nor bodies are kept.
${onlyRefused ? html`<a href="?">Show all of them</a>` : html`<a href="?status=refused">Show only what was refused</a>`}.</p>
${callTable(visit, items)}${links}`;
  return { section: "calls", title: "Calls", body, again: 2000 };
}

export function callsOf({ world, site }: Visit): Call[] {
  return world.calls.latest().filter(({ siteId }) => siteId === undefined || siteId === site.id);
}

export function callTable(visit: Visit, calls: readonly Call[]): Html {
  const { now } = visit;
  const columns = [
    { name: "When", tight: true },
    { name: "Call" },
    { name: "Who", tight: true },
    { name: "Answer" },
    { name: "Took", number: true, tight: true },
  ];
  const rows = calls.map((call) => [
    ago(call.at, now),
    html`<code>${call.method} ${call.url}</code>`,
    html`${call.user ?? html`<span class="faint">no session</span>`}`,
    html`${state(toneOf(call.status), String(call.status))}${call.reason !== undefined && html`<br><span class="faint">${call.reason}</span>`}`,
    html`${duration(call.took)}`,
  ]);
  return table("Calls", columns, rows, nothingYet(visit));
}

function toneOf(status: number): "good" | "waiting" | "bad" {
  return status < 400 ? "good" : status === 429 ? "waiting" : "bad";
}

function nothingYet({ world, site, origin }: Visit): Html {
  const body = JSON.stringify({
    credentials: { name: world.keys.user.name, password: "…", site: { contentUrl: site.contentUrl } },
  });
  return html`<p>Nobody has called yet. Sign in with one of the credentials that the sandbox printed when it started:</p>
<pre tabindex="0">curl -H 'Content-Type: application/json' -H 'Accept: application/json' \\
  -d '${body}' \\
  ${origin}/api/3.27/auth/signin</pre>`;
}
