import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { type JsonCall, type JsonRoute, noContent } from "../api/route.ts";
import { tableOf } from "../data/source.ts";
import { type Caller, findDefinition, findMetric, findSource, mayChange } from "./access.ts";
import { checkMetricSpecification } from "./checks.ts";
import { drawMetric } from "./draw.ts";
import { isPulseRefusal, type PulseRefusal, refusePulse, withoutRefusals } from "./errors.ts";
import {
  type Definition,
  goalsSchema,
  type Metric,
  type MetricSpecification,
  metricSpecificationSchema,
  metricsOf,
  type Pulse,
} from "./model.ts";
import { answer, created, idsIn, type PulseAnswer, pageOf, pulseRoute, readJson } from "./route.ts";

/** More of one definition are refused. inferred: the number. */
const mostMetrics = 1_000;

/** More ids in one batch are refused. inferred. */
const mostIds = 1_000;

const createSchema = z.object({
  definition_id: z.string().default(""),
  specification: metricSpecificationSchema,
  goals: goalsSchema.optional(),
});

const changeSchema = z.object({ specification: metricSpecificationSchema.optional(), goals: goalsSchema.optional() });

const batchSchema = z.object({ metric_ids: z.array(z.string()).max(mostIds).default([]) });

export const metricRoutes: readonly JsonRoute[] = [
  pulseRoute("GET /definitions/{id}/metrics", "tableau:insight_definitions_metrics:read", listMetrics),
  pulseRoute("POST /metrics", "tableau:insight_metrics:create", (call) => {
    const made = findOrMake(call);
    if (isPulseRefusal(made)) return made;
    return made.isNew ? created({ metric: drawMetric(call, made.metric) }) : refusePulse("409901");
  }),
  pulseRoute("POST /metrics:getOrCreate", "tableau:insight_metrics:create", (call) => {
    const made = findOrMake(call);
    if (isPulseRefusal(made)) return made;
    const body = { metric: drawMetric(call, made.metric), is_metric_created: made.isNew };
    return made.isNew ? created(body) : answer(body);
  }),
  pulseRoute("GET /metrics:batchGet", "tableau:insight_metrics:read", (call) =>
    batchGet(call, idsIn(call.query, "metric_ids")),
  ),
  pulseRoute("POST /metrics:batchGet", "tableau:insight_metrics:read", (call) => {
    const request = readJson(batchSchema, call.content);
    return isPulseRefusal(request) ? request : batchGet(call, request.metric_ids);
  }),
  pulseRoute("GET /metrics/{id}", "tableau:insight_metrics:read", (call) => {
    const metric = findMetric(call, call.parameters.id);
    return isPulseRefusal(metric) ? metric : answer({ metric: drawMetric(call, metric) });
  }),
  pulseRoute("PATCH /metrics/{id}", "tableau:insight_metrics:update", changeMetric),
  pulseRoute("DELETE /metrics/{id}", "tableau:insight_metrics:delete", (call) => {
    const metric = findMetric(call, call.parameters.id);
    if (isPulseRefusal(metric)) return metric;
    if (metric.isDefault) return refusePulse("400915");
    if (!mayChange(call, metric.definition)) return refusePulse("403903");
    removeMetric(call.scene.site.pulse, metric);
    return noContent;
  }),
];

function listMetrics(call: JsonCall): PulseAnswer {
  const definition = findDefinition(call, call.parameters.id);
  if (isPulseRefusal(definition)) return definition;
  const page = pageOf(metricsOf(call.scene.site.pulse, definition), call.query);
  if (isPulseRefusal(page)) return page;
  const { items, ...paging } = page;
  return answer({ metrics: items.map((metric) => drawMetric(call, metric)), ...paging });
}

function batchGet(call: JsonCall, ids: readonly string[]): PulseAnswer {
  if (ids.length > mostIds) return refusePulse("400000", `metric_ids: at most ${mostIds}.`);
  const found = ids.map((id) => findMetric(call, id));
  const errors = ids.flatMap((id, index) => {
    const one = found[index];
    return isPulseRefusal(one) ? [{ metric_id: id, code: one.code, message: one.detail }] : [];
  });
  const metrics = withoutRefusals(found).map((metric) => drawMetric(call, metric));
  return answer({ metrics, ...(errors.length === 0 ? {} : { errors }) });
}

/** The metric of a definition that looks at it as asked; a new one when there is none. */
function findOrMake(call: JsonCall): { metric: Metric; isNew: boolean } | PulseRefusal {
  const request = readJson(createSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const definition = findDefinition(call, request.definition_id);
  if (isPulseRefusal(definition)) return definition;
  const wrong = checkFor(call, definition, request.specification);
  if (wrong !== undefined) return wrong;
  const { pulse } = call.scene.site;
  const metrics = metricsOf(pulse, definition);
  const known = metrics.find(({ specification }) => isSame(specification, request.specification));
  if (known !== undefined) return { metric: known, isNew: false };
  if (metrics.length >= mostMetrics) return refusePulse("400916");
  const { now } = call.scene;
  const metric: Metric = {
    id: randomUUID(),
    definition,
    isDefault: false,
    version: 1,
    specification: request.specification,
    goals: request.goals,
    createdAt: now,
    updatedAt: now,
  };
  pulse.metrics.set(metric.id, metric);
  return { metric, isNew: true };
}

function checkFor(call: Caller, definition: Definition, specification: MetricSpecification): PulseRefusal | undefined {
  const datasource = findSource(call, definition.body.specification.datasource?.id ?? "");
  if (isPulseRefusal(datasource)) return datasource;
  return checkMetricSpecification(tableOf(call.scene.site, datasource, call.scene.now), specification);
}

/** Whether two metrics of one definition look at it in the same way, whatever the order of their filters. */
function isSame(one: MetricSpecification, other: MetricSpecification): boolean {
  const sorted = ({ filters, ...rest }: MetricSpecification) => ({
    ...rest,
    filters: filters.map((filter) => JSON.stringify(filter)).toSorted(),
  });
  return isDeepStrictEqual(sorted(one), sorted(other));
}

function changeMetric(call: JsonCall): PulseAnswer {
  const metric = findMetric(call, call.parameters.id);
  if (isPulseRefusal(metric)) return metric;
  if (!mayChange(call, metric.definition)) return refusePulse("403902");
  const request = readJson(changeSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const { specification = metric.specification, goals = metric.goals } = request;
  const wrong = checkFor(call, metric.definition, specification);
  if (wrong !== undefined) return wrong;
  const others = metricsOf(call.scene.site.pulse, metric.definition).filter((other) => other !== metric);
  if (others.some((other) => isSame(other.specification, specification))) return refusePulse("409901");
  Object.assign(metric, { specification, goals, updatedAt: call.scene.now });
  metric.version++;
  return answer({ metric: drawMetric(call, metric) });
}

/** Whoever followed it does no more. */
export function removeMetric(pulse: Pulse, metric: Metric): void {
  pulse.metrics.delete(metric.id);
  for (const subscription of pulse.subscriptions.values()) {
    if (subscription.metric === metric) pulse.subscriptions.delete(subscription.id);
  }
}
