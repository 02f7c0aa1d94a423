import type { Delivery } from "../../rest/webhooks/deliveries.ts";
import type { Webhook } from "../../rest/webhooks/model.ts";
import { type Html, html } from "../html.ts";
import type { Page, Visit } from "../layout.ts";
import { paged, state, type Tone, table } from "../parts.ts";
import { ago } from "../words.ts";

/** The site's webhooks, and what was sent to them. */
export function webhooksPage(visit: Visit): Page {
  const { site, world } = visit;
  const webhooks = [...site.webhooks.values()];
  const ofSite = world.deliveries.recent().filter(({ webhook }) => webhooks.includes(webhook));
  const { items, links } = paged(ofSite.toReversed(), visit, "webhooks");
  const body = html`
<h1>Webhooks</h1>
<p class="purpose">Who is told when something happens on this site, and what they answered. Receivers get four tries; then their webhook is disabled.</p>
${webhookTable(visit, webhooks)}
<h2>Deliveries</h2>
${deliveryTable(visit, items)}${links}`;
  return { section: "webhooks", title: "Webhooks", body, again: 1000 };
}

function webhookTable({ now }: Visit, webhooks: readonly Webhook[]): Html {
  const rows = webhooks.map(({ name, event, url, isEnabled, statusChangeReason, owner, createdAt }) => [
    html`${name}`,
    html`${event}`,
    html`<code>${url}</code>`,
    isEnabled
      ? state("good", "Enabled")
      : html`${state("off", "Disabled")}<br><span class="faint">${statusChangeReason}</span>`,
    html`${owner.fullName}`,
    ago(createdAt, now),
  ]);
  const columns = [
    { name: "Name" },
    { name: "Event", tight: true },
    { name: "Sent to" },
    { name: "State" },
    { name: "Owner", tight: true },
    { name: "Created", tight: true },
  ];
  const empty = html`<p>Nobody is told of anything yet. A site administrator creates a webhook by the API:</p>
<pre tabindex="0">POST /api/3.27/sites/{siteId}/webhooks
{ "webhook": { "name": "New workbooks", "event": "WorkbookCreated",
    "webhook-destination": { "webhook-destination-http": { "method": "POST", "url": "http://127.0.0.1:9000/" } } } }</pre>`;
  return table("Webhooks", columns, rows, empty);
}

const outcomes: Record<Delivery["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "waiting", word: "Waiting" },
  delivered: { tone: "good", word: "Delivered" },
  failed: { tone: "bad", word: "Failed" },
  dropped: { tone: "off", word: "Dropped" },
};

function deliveryTable({ now }: Visit, deliveries: readonly Delivery[]): Html {
  const rows = deliveries.map(({ webhook, event, payload, state: outcome, attempts, nextAt }) => [
    html`${event}<br><span class="faint">${webhook.name}</span>`,
    html`${state(outcomes[outcome].tone, outcomes[outcome].word)}${outcome === "waiting" && html`<br><span class="faint">next try ${ago(nextAt, now)}</span>`}`,
    html`${attempts.map(({ at, status, problem }) => html`<div>${ago(at, now)}: ${status ?? problem}</div>`)}`,
    html`<code>${payload}</code>`,
  ]);
  const columns = [{ name: "Event" }, { name: "State" }, { name: "Tries", tight: true }, { name: "Payload" }];
  return table("Deliveries", columns, rows, "Nothing was sent yet.");
}
