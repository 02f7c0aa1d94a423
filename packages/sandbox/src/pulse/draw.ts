import { type Caller, followersOf, isFollowedBy } from "./access.ts";
import type { Definition, Metric, MetricSubscription } from "./model.ts";
import { metricsOf } from "./model.ts";

/** The version of Pulse's own schemas. inferred. */
const schemaVersion = "1.0";

export type DefinitionView = "DEFINITION_VIEW_BASIC" | "DEFINITION_VIEW_DEFAULT" | "DEFINITION_VIEW_FULL";

/** How definitions are shown: alone, with their default metric, or with all (at most so many). */
export type Shown = { view: DefinitionView; numberOfMetrics: number };

export function drawDefinition(caller: Caller, definition: Definition, { view, numberOfMetrics }: Shown) {
  const all = metricsOf(caller.scene.site.pulse, definition);
  const shown =
    view === "DEFINITION_VIEW_BASIC"
      ? []
      : view === "DEFINITION_VIEW_DEFAULT"
        ? all.filter((one) => one.isDefault)
        : all;
  const { id, name, description, version, updatedBy, body } = definition;
  return {
    metadata: {
      name,
      description,
      id,
      schema_version: schemaVersion,
      metric_version: version,
      definition_version: version,
      last_updated_user: { id: updatedBy },
    },
    specification: body.specification,
    extension_options: body.extension_options,
    metrics: shown.slice(0, numberOfMetrics).map((metric) => drawMetric(caller, metric)),
    total_metrics: all.length,
    representation_options: body.representation_options,
    insights_options: body.insights_options,
    comparisons: body.comparisons,
    datasource_goals: body.datasource_goals,
    related_links: body.related_links,
    certification: body.certification,
  };
}

export function drawMetric(caller: Caller, metric: Metric) {
  const { id, definition, isDefault, version, specification, goals } = metric;
  return {
    id,
    specification,
    definition_id: definition.id,
    is_default: isDefault,
    schema_version: schemaVersion,
    metric_version: version,
    ...(goals === undefined ? {} : { goals }),
    is_followed: followedBy(caller).has(metric),
    datasource_luid: definition.body.specification.datasource?.id ?? "",
  };
}

/** What callers follow, found once for each call. */
const followed = new WeakMap<Caller, ReadonlySet<Metric>>();

function followedBy(caller: Caller): ReadonlySet<Metric> {
  const known = followed.get(caller) ?? findFollowed(caller);
  followed.set(caller, known);
  return known;
}

function findFollowed({ session, scene }: Caller): ReadonlySet<Metric> {
  const metrics = new Set<Metric>();
  for (const { metric, follower } of scene.site.pulse.subscriptions.values()) {
    if (isFollowedBy(scene.site, follower, session.user)) metrics.add(metric);
  }
  return metrics;
}

export function drawSubscription({ id, metric, follower, createdAt, updatedAt }: MetricSubscription) {
  return {
    id,
    metric_id: metric.id,
    follower: follower.kind === "user" ? { user_id: follower.id } : { group_id: follower.id },
    create_time: new Date(createdAt).toISOString(),
    update_time: new Date(updatedAt).toISOString(),
  };
}

/** Everybody who follows a metric, each counted once however often they do. */
export function countFollowers({ scene }: Caller, metric: Metric): number {
  const followers = new Set<string>();
  for (const subscription of scene.site.pulse.subscriptions.values()) {
    if (subscription.metric !== metric) continue;
    for (const { id } of followersOf(scene.site, subscription.follower)) followers.add(id);
  }
  return followers.size;
}
