import { child, detail, type Resource } from "../../query/description.ts";
import { equality, exactly } from "../../query/operators.ts";
import { record } from "../../wire/element.ts";
import { scheduleOfSubscription } from "../schedules/resource.ts";
import { userResource } from "../users/resource.ts";
import type { Subscription, SubscriptionContent } from "./model.ts";

export const subscriptionResource: Resource<Subscription> = {
  element: "subscription",
  plural: "subscriptions",
  attributes: [
    { name: "id", type: "luid", from: (subscription) => subscription.id },
    { name: "subject", type: "string", from: (subscription) => subscription.subject, filter: equality, sort: true },
    { name: "message", type: "string", from: ({ message }) => (message === "" ? undefined : message) },
    { name: "attachImage", type: "boolean", from: (subscription) => subscription.attachImage },
    { name: "attachPdf", type: "boolean", from: (subscription) => subscription.attachPdf },
    { name: "pageOrientation", type: "string", from: (subscription) => subscription.pageOrientation },
    { name: "pageSizeOption", type: "string", from: (subscription) => subscription.pageSizeOption },
    { name: "suspended", type: "boolean", from: (subscription) => subscription.suspended, filter: exactly },
    {
      name: "refreshExtractTriggered",
      type: "boolean",
      from: ({ refreshExtractTriggered }) => refreshExtractTriggered || undefined,
    },
  ],
  children: [
    detail("content", ({ content }) => contentElement(content)),
    detail("schedule", ({ schedule }, scene) => scheduleOfSubscription(schedule, scene)),
    child(
      "user",
      () => userResource,
      (subscription) => subscription.user,
      { shown: ["id", "name"] },
    ),
  ],
};

function contentElement({ type, item, sendIfViewEmpty, customViewId }: SubscriptionContent) {
  return record("content", { id: item.id, name: item.name, type, sendIfViewEmpty, customViewId });
}
