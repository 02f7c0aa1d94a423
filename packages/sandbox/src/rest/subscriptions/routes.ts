import { randomUUID } from "node:crypto";
import { isSiteAdministrator } from "../../auth/roles.ts";
import { alone, draw } from "../../query/description.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, created, done, type Reply } from "../../wire/reply.ts";
import { read } from "../../wire/request-schema.ts";
import { readerOf } from "../permissions/effective.ts";
import { type Collection, find, itemRoute, listRoute } from "../reading.ts";
import type { Route, SessionCall } from "../route.ts";
import { ownSchedule } from "../schedules/own.ts";
import { restApiVersion } from "../server/routes.ts";
import type { User } from "../users/model.ts";
import type { Subscription, SubscriptionContent } from "./model.ts";
import { attachmentsAsked, contentAsked, flagAsked, scheduleAsked, subscriptionSchema, userAsked } from "./request.ts";
import { subscriptionResource } from "./resource.ts";

/** On one site; what comes on top is refused. */
const mostSubscriptions = 20_000;

const subscriptions: Collection<Subscription> = {
  path: "subscriptions",
  listed: subscriptionResource,
  items: (site) => site.subscriptions,
  scope: "tableau:tasks:read", // inferred: Tableau lists no scope of subscriptions' own
  role: "anyone",
  notFound: "404025",
  isIndexed: false,
  visibleTo: (user) => (subscription) => isSiteAdministrator(user) || isFor(subscription, user),
};

const one = "/sites/{siteId}/subscriptions/{id}";
const shared = { kind: "session", role: "anyone" } as const;
const updating = ["tableau:tasks:update", "tableau:tasks:write"] as const; // inferred

export const subscriptionRoutes: readonly Route[] = [
  listRoute(subscriptions),
  itemRoute(subscriptions),
  {
    ...shared,
    method: "POST",
    template: "/sites/{siteId}/subscriptions",
    body: "tsRequest",
    jwt: ["tableau:tasks:create", "tableau:tasks:write"], // inferred
    handle: createSubscription,
  },
  { ...shared, method: "PUT", template: one, body: "tsRequest", jwt: updating, handle: updateSubscription },
  { ...shared, method: "DELETE", template: one, body: "none", jwt: "tableau:tasks:delete", handle: deleteSubscription },
];

/** A user sees subscriptions to themselves and to what they own. */
function isFor({ user, content }: Subscription, other: User): boolean {
  return user === other || ownerOf(content) === other;
}

function ownerOf(content: SubscriptionContent): User {
  return content.type === "Workbook" ? content.item.owner : content.item.workbook.owner;
}

function createSubscription(call: SessionCall): Reply | Refusal {
  const request = read(subscriptionSchema, call.content);
  if (isRefusal(request)) return request;
  const asked = request.subscription;
  const { site, user: caller } = call.session;
  const { subject = "", message = "" } = asked;
  if (subject.trim() === "") return refuse("400067", "A subscription must have a subject.");
  const content = contentAsked(site, asked.content ?? {});
  if (isRefusal(content)) return content;
  const user = userAsked(site, asked.user?.id, caller);
  if (isRefusal(user)) return user;
  const forbidden = refuseSubscribing(caller, user, content);
  if (forbidden !== undefined) return forbidden;
  const attachments = attachmentsAsked(asked, {
    attachImage: true,
    attachPdf: false,
    pageOrientation: undefined,
    pageSizeOption: undefined,
  });
  if (isRefusal(attachments)) return attachments;
  const refreshExtractTriggered = flagAsked("refreshExtractTriggered", asked.refreshExtractTriggered, false);
  if (isRefusal(refreshExtractTriggered)) return refreshExtractTriggered;
  const { now } = call.scene;
  const schedule =
    scheduleAsked(call.world, now, request.schedule ?? asked.schedule) ??
    (refreshExtractTriggered ? ownSchedule(daily, "Subscription", now) : undefined);
  if (schedule === undefined) return refuse("400063", "A subscription must have a schedule.");
  if (isRefusal(schedule)) return schedule;
  if (site.subscriptions.size >= mostSubscriptions) {
    return refuse("400063", `A site has at most ${mostSubscriptions} subscriptions.`);
  }
  const id = randomUUID();
  const settings = { subject, message, ...attachments, suspended: false, refreshExtractTriggered };
  const subscription: Subscription = { id, ...settings, content, schedule, user };
  site.subscriptions.set(id, subscription);
  const location = `/api/${restApiVersion}/sites/${site.id}/subscriptions/${id}`;
  return created(draw(subscriptionResource, subscription, call.scene, alone), location);
}

/** inferred: what stands as the schedule of a subscription that waits for refreshes. */
const daily = { frequency: "Daily", start: "00:00:00", end: undefined, intervals: [] } as const;

/** Everyone may subscribe themselves to what they see; others are subscribed by administrators and the content's owner. */
function refuseSubscribing(caller: User, user: User, content: SubscriptionContent): Refusal | undefined {
  if (caller !== user && !isSiteAdministrator(caller) && ownerOf(content) !== caller) {
    return refuse("403060", `${caller.name} isn't authorized to subscribe others to '${content.item.id}'.`);
  }
  if (readerOf(user)(content.item)) return undefined;
  return refuse("403063", `${user.name} isn't authorized to see '${content.item.id}'.`);
}

/** Changes what the request names: how it looks, when it is sent, whether it is suspended. */
function updateSubscription(call: SessionCall): Reply | Refusal {
  const subscription = find(subscriptions, call);
  if (isRefusal(subscription)) return subscription;
  const request = read(subscriptionSchema, call.content);
  if (isRefusal(request)) return request;
  const asked = request.subscription;
  const { subject = subscription.subject, message = subscription.message } = asked;
  if (subject.trim() === "") return refuse("400067", "A subscription must have a subject.");
  const attachments = attachmentsAsked(asked, subscription);
  if (isRefusal(attachments)) return attachments;
  const suspended = flagAsked("suspended", asked.suspended, subscription.suspended);
  if (isRefusal(suspended)) return suspended;
  const content = contentChanged(call, subscription, asked.content ?? {});
  if (isRefusal(content)) return content;
  const schedule = scheduleAsked(call.world, call.scene.now, request.schedule ?? asked.schedule);
  if (isRefusal(schedule)) return schedule;
  const user = userAsked(call.session.site, asked.user?.id, subscription.user);
  if (isRefusal(user)) return user;
  const isOther = user !== subscription.user || content.item !== subscription.content.item;
  const forbidden = isOther ? refuseSubscribing(call.session.user, user, content) : undefined;
  if (forbidden !== undefined) return forbidden;
  Object.assign(subscription, { subject, message, ...attachments, suspended, content, user });
  if (schedule !== undefined) subscription.schedule = schedule;
  return answer(draw(subscriptionResource, subscription, call.scene, alone));
}

type ContentRequest = Parameters<typeof contentAsked>[1];

/** Other content, or the same sent under other conditions. */
function contentChanged(
  { session }: SessionCall,
  { content }: Subscription,
  request: ContentRequest,
): SubscriptionContent | Refusal {
  if (request.id !== undefined) return contentAsked(session.site, { type: content.type, ...request });
  const sendIfViewEmpty = flagAsked("sendIfViewEmpty", request.sendIfViewEmpty, content.sendIfViewEmpty);
  return isRefusal(sendIfViewEmpty) ? sendIfViewEmpty : { ...content, sendIfViewEmpty };
}

function deleteSubscription(call: SessionCall): Reply | Refusal {
  const subscription = find(subscriptions, call);
  if (isRefusal(subscription)) return subscription;
  call.session.site.subscriptions.delete(subscription.id);
  return done;
}
