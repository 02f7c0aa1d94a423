import { randomUUID } from "node:crypto";
import { alone, draw, inLists } from "../../query/description.ts";
import type { Site } from "../../site/site.ts";
import { list, record, text } from "../../wire/element.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { read } from "../../wire/request-schema.ts";
import { find } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { restApiVersion } from "../server/routes.ts";
import type { Webhook } from "./model.ts";
import { eventAsked, statusAsked, urlAsked, webhookSchema } from "./request.ts";
import { webhookResource } from "./resource.ts";

/** On one site; what comes on top is refused. */
const mostWebhooks = 1_000;
const longestName = 255;

const webhooks = { items: ({ webhooks }: Site): ReadonlyMap<string, Webhook> => webhooks, notFound: "404022" } as const;

// No scope for webhooks is documented: a site administrator with a token or a password.
const shared = { kind: "session", role: "siteAdministrator", jwt: "never" } as const;

export const webhookRoutes: readonly Route[] = [
  {
    ...shared,
    method: "GET",
    template: "/sites/{siteId}/webhooks",
    body: "none",
    handle: listWebhooks,
  },
  {
    ...shared,
    method: "GET",
    template: "/sites/{siteId}/webhooks/{id}",
    body: "none",
    handle: showWebhook,
  },
  { ...shared, method: "POST", template: "/sites/{siteId}/webhooks", body: "tsRequest", handle: createWebhook },
  { ...shared, method: "PUT", template: "/sites/{siteId}/webhooks/{id}", body: "tsRequest", handle: updateWebhook },
  { ...shared, method: "DELETE", template: "/sites/{siteId}/webhooks/{id}", body: "none", handle: deleteWebhook },
  { ...shared, method: "GET", template: "/sites/{siteId}/webhooks/{id}/test", body: "none", handle: testWebhook },
];

/** All of them at once: this list has no pages. */
function listWebhooks({ session, scene }: SessionCall): Reply {
  const drawn = Array.from(session.site.webhooks.values(), (webhook) => draw(webhookResource, webhook, scene, inLists));
  return answer(list("webhooks", "webhook", drawn));
}

function showWebhook(call: SessionCall): Reply | Refusal {
  const webhook = find(webhooks, call);
  return isRefusal(webhook) ? webhook : answer(draw(webhookResource, webhook, call.scene, alone));
}

function createWebhook(call: SessionCall): Reply | Refusal {
  const { session, scene, world } = call;
  const request = read(webhookSchema, call.content);
  if (isRefusal(request)) return request;
  const { name } = request.webhook;
  if (name === undefined || name.trim() === "") return refuse("400003", "A webhook must have a name.");
  if (name.length > longestName) return refuse("400003", `A name has at most ${longestName} characters.`);
  const event = eventAsked(request.webhook, world.edition);
  if (isRefusal(event)) return event;
  if (event === undefined) return refuse("400003", "A webhook must have an event.");
  const url = urlAsked(request.webhook);
  if (isRefusal(url)) return url;
  if (url === undefined) return refuse("400003", "A webhook must have a destination.");
  const status = statusAsked(request.webhook, { isEnabled: true, statusChangeReason: "" });
  if (isRefusal(status)) return status;
  const { site, user } = session;
  if (site.webhooks.size >= mostWebhooks) return refuse("400003", `A site has at most ${mostWebhooks} webhooks.`);
  const times = { createdAt: scene.now, updatedAt: scene.now };
  const webhook: Webhook = { id: randomUUID(), name, event, url, ...status, owner: user, ...times };
  site.webhooks.set(webhook.id, webhook);
  return shown(webhook, call);
}

/** Changes what the request names. Answers as creating does, 201 included (Tableau REST reference, "Update a webhook"). */
function updateWebhook(call: SessionCall): Reply | Refusal {
  const webhook = find(webhooks, call);
  if (isRefusal(webhook)) return webhook;
  const request = read(webhookSchema, call.content);
  if (isRefusal(request)) return request;
  const { name = webhook.name } = request.webhook;
  if (name.trim() === "" || name.length > longestName) return refuse("400003", "The name is empty or too long.");
  const event = eventAsked(request.webhook, call.world.edition) ?? webhook.event;
  if (isRefusal(event)) return event;
  const url = urlAsked(request.webhook) ?? webhook.url;
  if (isRefusal(url)) return url;
  const status = statusAsked(request.webhook, webhook);
  if (isRefusal(status)) return status;
  Object.assign(webhook, { name, event, url, ...status, updatedAt: call.scene.now });
  return shown(webhook, call);
}

function shown(webhook: Webhook, { scene }: SessionCall): Reply {
  const location = `/api/${restApiVersion}/sites/${scene.site.id}/webhooks/${webhook.id}`;
  return created(draw(webhookResource, webhook, scene, alone), location);
}

function deleteWebhook(call: SessionCall): Reply | Refusal {
  const webhook = find(webhooks, call);
  if (isRefusal(webhook)) return webhook;
  webhook.isEnabled = false; // what waits to be delivered to it is dropped
  call.session.site.webhooks.delete(webhook.id);
  return done;
}

async function testWebhook(call: SessionCall): Promise<Reply | Refusal> {
  const webhook = find(webhooks, call);
  if (isRefusal(webhook)) return webhook;
  const result = await call.world.deliveries.test(webhook);
  // A receiver that can't be reached is a 404 (webhooks-docs, issue 33). inferred: what the body says then.
  const { status, body } = result.kind === "answered" ? result : { status: 404, body: result.problem };
  return answer(record("webhookTestResult", { id: webhook.id, status }, [text("body", body)]));
}
