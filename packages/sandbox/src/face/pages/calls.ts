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
    { name: "Answer", tight: true },
    { name: "Call" },
    { name: "Who", tight: true },
    { name: "Took", number: true, tight: true },
  ];
  const rows = calls.map(({ at, status, method, url, reason, user, took }) => [
    ago(at, now),
    state(toneOf(status), String(status)),
    html`<code>${method} ${url}</code>${reason !== undefined && html`<span class="faint">${reason}</span>`}`,
    html`${user ?? html`<span class="faint">no session</span>`}`,
    html`${duration(took)}`,
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
