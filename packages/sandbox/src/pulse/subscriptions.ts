import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type JsonCall, type JsonRoute, noContent } from "../api/route.ts";
import { isSiteAdministrator } from "../auth/roles.ts";
import type { Site } from "../site/site.ts";
import { type Caller, findMetric, isFollowedBy, sees } from "./access.ts";
import { countFollowers, drawSubscription } from "./draw.ts";
import { isPulseRefusal, type PulseRefusal, refusePulse, withoutRefusals } from "./errors.ts";
import type { Follower, Metric, MetricSubscription } from "./model.ts";
import { answer, created, idsIn, type PulseAnswer, pageOf, pulseRoute, readJson } from "./route.ts";

/** More on one site are refused. inferred: the number. */
const mostSubscriptions = 200_000;

/** More followers or ids in one request are refused. inferred. */
const mostAtOnce = 1_000;

const followerSchema = z.looseObject({ user_id: z.string().optional(), group_id: z.string().optional() });

const createSchema = z.object({ metric_id: z.string().default(""), follower: followerSchema });

const changeSchema = z.object({ follower: followerSchema });

const batchCreateSchema = z.object({
  metric_id: z.string().default(""),
  followers: z.array(followerSchema).min(1).max(mostAtOnce),
});

const batchGetSchema = z.object({ subscription_ids: z.array(z.string()).max(mostAtOnce).default([]) });

const read = "tableau:metric_subscriptions:read";

export const subscriptionRoutes: readonly JsonRoute[] = [
  pulseRoute("GET /subscriptions", read, listSubscriptions),
  pulseRoute("POST /subscriptions", "tableau:metric_subscriptions:create", createSubscription),
  pulseRoute("POST /subscriptions:batchCreate", "tableau:metric_subscriptions:create", batchCreate),
  pulseRoute("GET /subscriptions:batchGet", read, (call) => batchGet(call, idsIn(call.query, "subscription_ids"))),
  pulseRoute("POST /subscriptions:batchGet", read, (call) => {
    const request = readJson(batchGetSchema, call.content);
    return isPulseRefusal(request) ? request : batchGet(call, request.subscription_ids);
  }),
  pulseRoute("GET /subscriptions:batchGetMetricFollowerCounts", read, followerCounts),
  pulseRoute("GET /subscriptions/{id}", read, (call) => {
    const subscription = findSubscription(call, call.parameters.id);
    return isPulseRefusal(subscription) ? subscription : answer({ subscription: drawSubscription(subscription) });
  }),
  // inferred: its scope
  pulseRoute("PATCH /subscriptions/{id}", "tableau:metric_subscriptions:update", changeSubscription),
  pulseRoute("DELETE /subscriptions/{id}", "tableau:metric_subscriptions:delete", (call) => {
    const subscription = findSubscription(call, call.parameters.id);
    if (isPulseRefusal(subscription)) return subscription;
    if (!mayFollowFor(call, subscription.follower)) return refusePulse("403900");
    call.scene.site.pulse.subscriptions.delete(subscription.id);
    return noContent;
  }),
];

/** Of a metric, of a user, or all that the caller may know of: others' are for administrators. */
function listSubscriptions(call: JsonCall): PulseAnswer {
  const { site } = call.scene;
  const metricId = call.query.get("metric_id")?.toLowerCase();
  const userId = call.query.get("user_id")?.toLowerCase();
  const user = userId ? site.users.get(userId) : undefined;
  if (userId && user === undefined) return refusePulse("404959", `There is no user '${userId}'.`);
  const known = Array.from(site.pulse.subscriptions.values()).filter(
    (subscription) =>
      knows(call, subscription) &&
      (!metricId || subscription.metric.id === metricId) &&
      // A user's are also those of their groups.
      (user === undefined || isFollowedBy(site, subscription.follower, user)),
  );
  const page = pageOf(known, call.query);
  if (isPulseRefusal(page)) return page;
  const { items, ...paging } = page;
  return answer({ subscriptions: items.map(drawSubscription), ...paging });
}

function batchGet(call: JsonCall, ids: readonly string[]): PulseAnswer {
  if (ids.length > mostAtOnce) return refusePulse("400000", `subscription_ids: at most ${mostAtOnce}.`);
  const found = withoutRefusals(ids.map((id) => findSubscription(call, id)));
  return answer({ subscriptions: found.map(drawSubscription) });
}

function followerCounts(call: JsonCall): PulseAnswer {
  const ids = idsIn(call.query, "metric_ids");
  if (ids.length > mostAtOnce) return refusePulse("400000", `metric_ids: at most ${mostAtOnce}.`);
  const metrics = withoutRefusals(ids.map((id) => findMetric(call, id)));
  return answer({
    follower_counts: metrics.map((metric) => ({ metric_id: metric.id, follower_count: countFollowers(call, metric) })),
  });
}

function createSubscription(call: JsonCall): PulseAnswer {
  const request = readJson(createSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const subscription = subscribe(call, request.metric_id, request.follower);
  return isPulseRefusal(subscription) ? subscription : created({ subscription: drawSubscription(subscription) });
}

/** All of them, or none: the first that cannot be is what is answered. */
function batchCreate(call: JsonCall): PulseAnswer {
  const request = readJson(batchCreateSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const made: MetricSubscription[] = [];
  for (const follower of request.followers) {
    const subscription = subscribe(call, request.metric_id, follower);
    if (isPulseRefusal(subscription)) {
      for (const { id } of made) call.scene.site.pulse.subscriptions.delete(id);
      return subscription;
    }
    made.push(subscription);
  }
  return created({ subscriptions: made.map(drawSubscription) });
}

type WrittenFollower = z.output<typeof followerSchema>;

function subscribe(call: JsonCall, metricId: string, written: WrittenFollower): MetricSubscription | PulseRefusal {
  const metric = findMetric(call, metricId);
  if (isPulseRefusal(metric)) return metric;
  const follower = findFollower(call, written);
  if (isPulseRefusal(follower)) return follower;
  const { site, now } = call.scene;
  if (existing(site, metric, follower) !== undefined) {
    return refusePulse("409910", "The subscription already exists.");
  }
  if (site.pulse.subscriptions.size >= mostSubscriptions) return refusePulse("400934");
  const subscription = { id: randomUUID(), metric, follower, createdAt: now, updatedAt: now };
  site.pulse.subscriptions.set(subscription.id, subscription);
  return subscription;
}

function existing({ pulse }: Site, metric: Metric, { kind, id }: Follower): MetricSubscription | undefined {
  return pulse.subscriptions
    .values()
    .find((one) => one.metric === metric && one.follower.kind === kind && one.follower.id === id);
}

/** Whom a request names: one user or one group, who are there and whom the caller may speak for. */
function findFollower(call: Caller, { user_id: userId, group_id: groupId }: WrittenFollower): Follower | PulseRefusal {
  if ((userId === undefined) === (groupId === undefined)) {
    return refusePulse("400000", "A follower is either a user_id or a group_id.");
  }
  const { site } = call.scene;
  const id = (userId ?? groupId ?? "").toLowerCase();
  const isThere = userId === undefined ? site.groups.has(id) : site.users.has(id);
  if (!isThere) return refusePulse("404959", `There is no follower '${id}'.`);
  const follower: Follower = { kind: userId === undefined ? "group" : "user", id };
  return mayFollowFor(call, follower) ? follower : refusePulse("403900");
}

/** Everyone may follow for themselves; for others and for groups, administrators may. inferred. */
function mayFollowFor({ session }: Caller, { kind, id }: Follower): boolean {
  return isSiteAdministrator(session.user) || (kind === "user" && id === session.user.id);
}

function changeSubscription(call: JsonCall): PulseAnswer {
  const subscription = findSubscription(call, call.parameters.id);
  if (isPulseRefusal(subscription)) return subscription;
  if (!mayFollowFor(call, subscription.follower)) return refusePulse("403900");
  const request = readJson(changeSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const follower = findFollower(call, request.follower);
  if (isPulseRefusal(follower)) return follower;
  const { site, now } = call.scene;
  const other = existing(site, subscription.metric, follower);
  if (other !== undefined && other !== subscription) return refusePulse("409910");
  Object.assign(subscription, { follower, updatedAt: now });
  return answer({ subscription: drawSubscription(subscription) });
}

function findSubscription(call: Caller, id: string | undefined): MetricSubscription | PulseRefusal {
  const subscription = call.scene.site.pulse.subscriptions.get(id?.toLowerCase() ?? "");
  return subscription !== undefined && knows(call, subscription) ? subscription : refusePulse("404959");
}

/** Administrators know of all; others of their own and of their groups'. */
function knows(call: Caller, { metric, follower }: MetricSubscription): boolean {
  const { site } = call.scene;
  const isOwn = isFollowedBy(site, follower, call.session.user);
  return (isSiteAdministrator(call.session.user) || isOwn) && sees(call, metric.definition);
}
