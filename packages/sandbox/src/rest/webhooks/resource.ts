import { child, detail, type Resource } from "../../query/description.ts";
import { record } from "../../wire/element.ts";
import { userResource } from "../users/resource.ts";
import { sourceOf } from "./events.ts";
import type { Webhook } from "./model.ts";

export const webhookResource: Resource<Webhook> = {
  element: "webhook",
  plural: "webhooks",
  attributes: [
    { name: "id", type: "luid", from: (webhook) => webhook.id },
    { name: "name", type: "string", from: (webhook) => webhook.name },
    { name: "event", type: "string", from: (webhook) => webhook.event },
    { name: "isEnabled", type: "boolean", from: (webhook) => webhook.isEnabled },
    { name: "statusChangeReason", type: "string", from: (webhook) => webhook.statusChangeReason },
    { name: "createdAt", type: "dateTime", from: (webhook) => webhook.createdAt },
    { name: "updatedAt", type: "dateTime", from: (webhook) => webhook.updatedAt },
  ],
  children: [
    detail("webhook-source", (webhook) => record("webhook-source", {}, [record(sourceOf(webhook.event), {})])),
    detail("webhook-destination", ({ url }) =>
      record("webhook-destination", {}, [record("webhook-destination-http", { method: "POST", url })]),
    ),
    child(
      "owner",
      () => userResource,
      (webhook) => webhook.owner,
      { shown: ["id", "name"] },
    ),
  ],
};
