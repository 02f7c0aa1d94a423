import { tableOf } from "../data/source.ts";
import type { Field, FieldFunction, Table } from "../data/table.ts";
import type { Site } from "../site/site.ts";
import { datasourceOf } from "./access.ts";
import { type PulseRefusal, refusePulse } from "./errors.ts";
import type { DefinitionBody, DefinitionSpecification, MetricFilter, MetricSpecification } from "./model.ts";

/** Pulse's names of aggregations, and the query engine's. */
export const aggregations: ReadonlyMap<string, FieldFunction> = new Map([
  ["AGGREGATION_SUM", "SUM"],
  ["AGGREGATION_AVERAGE", "AVG"],
  ["AGGREGATION_MEDIAN", "MEDIAN"],
  ["AGGREGATION_MAX", "MAX"],
  ["AGGREGATION_MIN", "MIN"],
  ["AGGREGATION_COUNT", "COUNT"],
  ["AGGREGATION_COUNT_DISTINCT", "COUNTD"],
  ["AGGREGATION_STANDARD_DEVIATION", "STDEV"],
  ["AGGREGATION_VARIANCE", "VAR"],
  // The field brings its own.
  ["AGGREGATION_USER", "AGG"],
]);

export const granularities = [
  "GRANULARITY_BY_DAY",
  "GRANULARITY_BY_WEEK",
  "GRANULARITY_BY_MONTH",
  "GRANULARITY_BY_QUARTER",
  "GRANULARITY_BY_YEAR",
] as const;

export type Granularity = (typeof granularities)[number];

export const ranges = ["RANGE_CURRENT_PARTIAL", "RANGE_LAST_COMPLETE"] as const;

export type Range = (typeof ranges)[number];

export const comparisons = [
  "TIME_COMPARISON_NONE",
  "TIME_COMPARISON_PREVIOUS_PERIOD",
  "TIME_COMPARISON_YEAR_AGO_PERIOD",
] as const;

export type Comparison = (typeof comparisons)[number];

export function oneOf<Name extends string>(names: readonly Name[], written: string | undefined): Name | undefined {
  return names.find((name) => name === written);
}

/** A field by either of its names: Pulse takes what the data source calls it and what people call it. */
export function fieldNamed(table: Table, name: string): Field | undefined {
  return table.fields.find((field) => field.caption === name) ?? table.fields.find((field) => field.name === name);
}

/** Whether what a definition measures can be measured. */
export function checkSpecification(
  site: Site,
  specification: DefinitionSpecification,
  now: number,
): PulseRefusal | undefined {
  const { basic_specification: basic, viz_state_specification: vizState } = specification;
  if (vizState !== undefined) return refusePulse("400935", "The sandbox does not read viz states.");
  if (basic === undefined) return refusePulse("400987");
  if (!basic.measure?.field) return refusePulse("400901");
  const { aggregation } = basic.measure;
  if (aggregation === "" || aggregation === "AGGREGATION_UNSPECIFIED") return refusePulse("400914");
  const applied = aggregations.get(aggregation);
  if (applied === undefined) return refusePulse("400921", `There is no aggregation '${aggregation}'.`);
  if (!basic.time_dimension?.field) return refusePulse("400902");
  const datasource = datasourceOf(site, specification.datasource?.id);
  if (datasource === undefined) return refusePulse("404939");
  const table = tableOf(site, datasource, now);
  const measure = fieldNamed(table, basic.measure.field);
  if (measure === undefined) return refusePulse("404932", `There is no field '${basic.measure.field}'.`);
  const time = fieldNamed(table, basic.time_dimension.field);
  if (time === undefined) return refusePulse("404932", `There is no field '${basic.time_dimension.field}'.`);
  if (time.dataType !== "DATE" && time.dataType !== "DATETIME") return refusePulse("400974");
  return checkMeasure(measure, applied) ?? checkFilters(table, basic.filters);
}

function checkMeasure(measure: Field, applied: FieldFunction): PulseRefusal | undefined {
  const isAggregated = measure.defaultAggregation === "AGG";
  if (isAggregated !== (applied === "AGG")) {
    return isAggregated ? refusePulse("400930") : refusePulse("400914", `'${measure.caption}' has no own aggregation.`);
  }
  const isCount = applied === "COUNT" || applied === "COUNTD";
  const isNumber = measure.dataType === "INTEGER" || measure.dataType === "REAL";
  return isNumber || isCount || isAggregated ? undefined : refusePulse("400975");
}

export function checkFilters(table: Table, filters: readonly MetricFilter[]): PulseRefusal | undefined {
  for (const { field, operator, categorical_values: values } of filters) {
    if (field === "") return refusePulse("400900");
    if (fieldNamed(table, field) === undefined) return refusePulse("404932", `There is no field '${field}'.`);
    if (operator !== "OPERATOR_EQUAL" && operator !== "OPERATOR_NOT_EQUAL") return refusePulse("400940");
    if (values.length === 0) return refusePulse("400941");
  }
  return undefined;
}

/** Whether a metric says which period it looks at, and what it compares that with. */
export function checkMetricSpecification(
  table: Table,
  { measurement_period: period, comparison, filters }: MetricSpecification,
): PulseRefusal | undefined {
  if (period === undefined) return refusePulse("400945");
  if (period.granularity === "" || period.granularity === "GRANULARITY_UNSPECIFIED") return refusePulse("400946");
  if (oneOf(granularities, period.granularity) === undefined) return refusePulse("400936");
  if (oneOf(ranges, period.range) === undefined) return refusePulse("400947");
  if (comparison === undefined) return refusePulse("400948");
  if (oneOf(comparisons, comparison.comparison) === undefined) return refusePulse("400949");
  return checkFilters(table, filters);
}

/** The other parts of a definition: what its insights may break it down by, and in which periods. */
export function checkOptions(table: Table, { extension_options: options }: DefinitionBody): PulseRefusal | undefined {
  const unknown = options.allowed_dimensions.find((name) => fieldNamed(table, name) === undefined);
  if (unknown !== undefined) return refusePulse("400965", `There is no field '${unknown}'.`);
  const wrong = options.allowed_granularities.find((name) => oneOf(granularities, name) === undefined);
  return wrong === undefined ? undefined : refusePulse("400936", `There is no granularity '${wrong}'.`);
}
