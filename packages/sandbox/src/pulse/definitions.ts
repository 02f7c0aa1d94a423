import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type JsonCall, type JsonRoute, noContent } from "../api/route.ts";
import { tableOf } from "../data/source.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import { may } from "../rest/permissions/effective.ts";
import type { Site } from "../site/site.ts";
import { type Caller, findDefinition, findSource, mayChange, sees } from "./access.ts";
import { checkOptions, checkSpecification, granularities, oneOf } from "./checks.ts";
import { drawDefinition, type Shown } from "./draw.ts";
import { isPulseRefusal, type PulseRefusal, refusePulse, withoutRefusals } from "./errors.ts";
import { removeMetric } from "./metrics.ts";
import {
  type Definition,
  type DefinitionBody,
  definitionParts,
  definitionSpecificationSchema,
  type Metric,
  metricsOf,
} from "./model.ts";
import { answer, created, idsIn, type PulseAnswer, pageOf, pulseRoute, readJson } from "./route.ts";

/** More on one site are refused. inferred: the number. */
const mostDefinitions = 10_000;

/** More ids in one batch are refused. inferred. */
const mostIds = 1_000;

const createSchema = z.object({
  name: z.string().max(500).default(""),
  description: z.string().max(10_000).default(""),
  specification: definitionSpecificationSchema,
  ...definitionParts,
});

const changeSchema = z.object({
  name: z.string().min(1).max(500).optional(),
  description: z.string().max(10_000).optional(),
  specification: definitionSpecificationSchema.optional(),
  extension_options: definitionParts.extension_options.removeDefault().optional(),
  representation_options: definitionParts.representation_options.removeDefault().optional(),
  insights_options: definitionParts.insights_options.removeDefault().optional(),
  comparisons: definitionParts.comparisons.removeDefault().optional(),
  datasource_goals: definitionParts.datasource_goals.removeDefault().optional(),
  related_links: definitionParts.related_links.removeDefault().optional(),
  certification: definitionParts.certification.removeDefault().optional(),
});

const batchSchema = z.object({ definition_ids: z.array(z.string()).max(mostIds).default([]) });

export const definitionRoutes: readonly JsonRoute[] = [
  pulseRoute("GET /definitions", "tableau:insight_definitions_metrics:read", listDefinitions),
  pulseRoute("POST /definitions", "tableau:insight_definitions:create", createDefinition),
  pulseRoute("GET /definitions:batchGet", "tableau:insight_definitions_metrics:read", (call) =>
    batchGet(call, idsIn(call.query, "definition_ids")),
  ),
  pulseRoute("POST /definitions:batchGet", "tableau:insight_definitions_metrics:read", (call) => {
    const request = readJson(batchSchema, call.content);
    return isPulseRefusal(request) ? request : batchGet(call, request.definition_ids);
  }),
  pulseRoute("GET /definitions/{id}", "tableau:insight_definitions_metrics:read", (call) => {
    const shown = shownIn(call.query);
    if (isPulseRefusal(shown)) return shown;
    const definition = findDefinition(call, call.parameters.id);
    return isPulseRefusal(definition) ? definition : answer({ definition: drawDefinition(call, definition, shown) });
  }),
  pulseRoute("PATCH /definitions/{id}", "tableau:insight_definitions:update", changeDefinition),
  pulseRoute("DELETE /definitions/{id}", "tableau:insight_definitions:delete", deleteDefinition),
];

function listDefinitions(call: JsonCall): PulseAnswer {
  const shown = shownIn(call.query);
  if (isPulseRefusal(shown)) return shown;
  const seen = Array.from(call.scene.site.pulse.definitions.values()).filter((definition) => sees(call, definition));
  const page = pageOf(seen, call.query);
  if (isPulseRefusal(page)) return page;
  const { items, ...paging } = page;
  return answer({ definitions: items.map((definition) => drawDefinition(call, definition, shown)), ...paging });
}

/** Those that are there and that the caller may see; the others are told beside. */
function batchGet(call: JsonCall, ids: readonly string[]): PulseAnswer {
  const shown = shownIn(call.query);
  if (isPulseRefusal(shown)) return shown;
  if (ids.length === 0) return refusePulse("400000", "definition_ids: at least one is needed.");
  if (ids.length > mostIds) return refusePulse("400000", `definition_ids: at most ${mostIds}.`);
  const found = ids.map((id) => findDefinition(call, id));
  const definitions = withoutRefusals(found);
  const errors = ids.flatMap((id, index) => {
    const one = found[index];
    return isPulseRefusal(one) ? [{ definition_id: id, code: one.code, message: one.detail }] : [];
  });
  const drawn = definitions.map((definition) => drawDefinition(call, definition, shown));
  return answer({ definitions: drawn, ...(errors.length === 0 ? {} : { errors }) });
}

const views = ["DEFINITION_VIEW_BASIC", "DEFINITION_VIEW_DEFAULT", "DEFINITION_VIEW_FULL"] as const;

function shownIn(query: URLSearchParams): Shown | PulseRefusal {
  const view = oneOf(views, query.get("view") || "DEFINITION_VIEW_BASIC");
  const written = query.get("number_of_metrics") || "1000";
  if (view === undefined || !/^\d{1,6}$/.test(written)) return refusePulse("400961");
  return { view, numberOfMetrics: Number(written) };
}

function createDefinition(call: JsonCall): PulseAnswer {
  const { site, now } = call.scene;
  const request = readJson(createSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const { name, description, ...body } = request;
  if (name.trim() === "") return refusePulse("400912");
  const datasource = findSource(call, body.specification.datasource?.id ?? "");
  if (isPulseRefusal(datasource)) return datasource;
  if (!may(call.session.user, "PulseMetricDefine", datasource)) return refusePulse("403905");
  const wrong = checkBody(call, datasource, body) ?? checkUnique(site, { name, body }, undefined);
  if (wrong !== undefined) return wrong;
  if (site.pulse.definitions.size >= mostDefinitions) return refusePulse("400934");
  const user = call.session.user.id;
  const definition: Definition = {
    id: randomUUID(),
    name,
    description,
    version: 1,
    updatedBy: user,
    createdBy: user,
    body,
    createdAt: now,
    updatedAt: now,
  };
  addDefinition(site, definition, randomUUID());
  return created({
    definition: drawDefinition(call, definition, { view: "DEFINITION_VIEW_DEFAULT", numberOfMetrics: 1 }),
  });
}

/** Adds a definition with its default metric: the current period, beside the one before. */
export function addDefinition(site: Site, definition: Definition, metricId: string): Metric {
  const { allowed_granularities: allowed } = definition.body.extension_options;
  const metric: Metric = {
    id: metricId,
    definition,
    isDefault: true,
    version: 1,
    specification: {
      filters: [],
      measurement_period: {
        granularity: oneOf(granularities, allowed[0]) ?? "GRANULARITY_BY_MONTH",
        range: "RANGE_CURRENT_PARTIAL",
      },
      comparison: { comparison: "TIME_COMPARISON_PREVIOUS_PERIOD" },
    },
    goals: undefined,
    createdAt: definition.createdAt,
    updatedAt: definition.createdAt,
  };
  site.pulse.definitions.set(definition.id, definition);
  site.pulse.metrics.set(metric.id, metric);
  return metric;
}

function checkBody(call: Caller, datasource: Datasource, body: DefinitionBody): PulseRefusal | undefined {
  const { site, now } = call.scene;
  return checkSpecification(site, body.specification, now) ?? checkOptions(tableOf(site, datasource, now), body);
}

/** No two definitions measure the same, and none of one data source have the same name. */
function checkUnique(
  { pulse }: Site,
  { name, body }: Pick<Definition, "name" | "body">,
  self: Definition | undefined,
): PulseRefusal | undefined {
  const specification = JSON.stringify(keyOf(body));
  for (const other of pulse.definitions.values()) {
    if (other === self || other.body.specification.datasource?.id !== body.specification.datasource?.id) continue;
    if (other.name === name) return refusePulse("409903");
    if (JSON.stringify(keyOf(other.body)) === specification) return refusePulse("409902");
  }
  return undefined;
}

function keyOf({ specification }: DefinitionBody): unknown[] {
  const { basic_specification: basic, is_running_total: isRunningTotal } = specification;
  return [basic?.measure, basic?.time_dimension?.field, basic?.filters, isRunningTotal];
}

function changeDefinition(call: JsonCall): PulseAnswer {
  const definition = findDefinition(call, call.parameters.id);
  if (isPulseRefusal(definition)) return definition;
  if (!mayChange(call, definition)) return refusePulse("403902");
  const request = readJson(changeSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const { name = definition.name, description = definition.description, ...parts } = request;
  const given = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  const body: DefinitionBody = { ...definition.body, ...given };
  const datasource = findSource(call, body.specification.datasource?.id ?? "");
  if (isPulseRefusal(datasource)) return datasource;
  const wrong = checkBody(call, datasource, body) ?? checkUnique(call.scene.site, { name, body }, definition);
  if (wrong !== undefined) return wrong;
  Object.assign(definition, { name, description, body, updatedBy: call.session.user.id, updatedAt: call.scene.now });
  definition.version++;
  return answer({
    definition: drawDefinition(call, definition, { view: "DEFINITION_VIEW_DEFAULT", numberOfMetrics: 1 }),
  });
}

/** Its metrics go with it, and whoever followed them does no more. */
function deleteDefinition(call: JsonCall): PulseAnswer {
  const definition = findDefinition(call, call.parameters.id);
  if (isPulseRefusal(definition)) return definition;
  if (!mayChange(call, definition)) return refusePulse("403903");
  const { pulse } = call.scene.site;
  for (const metric of metricsOf(pulse, definition)) removeMetric(pulse, metric);
  pulse.definitions.delete(definition.id);
  return noContent;
}
