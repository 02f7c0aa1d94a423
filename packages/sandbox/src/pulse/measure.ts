import { startOf } from "../data/dates.ts";
import { isProblem } from "../data/problem.ts";
import { runQuery } from "../data/query.ts";
import type { Filter, QueryField } from "../data/query-types.ts";
import { tableOf } from "../data/source.ts";
import type { Field, FieldFunction, Table, Value } from "../data/table.ts";
import { type Caller, findSource } from "./access.ts";
import {
  aggregations,
  checkMetricSpecification,
  checkSpecification,
  comparisons,
  fieldNamed,
  type Granularity,
  granularities,
  oneOf,
  ranges,
} from "./checks.ts";
import { isPulseRefusal, type PulseRefusal, refusePulse } from "./errors.ts";
import type { DefinitionSpecification, MetricFilter, MetricSpecification } from "./model.ts";
import { type Span, spansOf } from "./periods.ts";

/** A metric ready to be measured: what, of which rows, in which days. */
export type Measurement = {
  table: Table;
  now: number;
  measure: Field;
  applied: FieldFunction;
  time: Field;
  filters: readonly Filter[];
  /** Everything up to a day is counted, not only what is in its period. */
  isRunningTotal: boolean;
  granularity: Granularity;
  target: Span;
  compared: Span | undefined;
};

export type Asked = {
  definition: DefinitionSpecification;
  metric: MetricSpecification;
  /** Midnight of the day that is today for whoever asks, moved as the metric says. */
  today: number;
};

/** Checks a metric and finds what it needs to be measured. */
export function openMeasurement(caller: Caller, { definition, metric, today }: Asked): Measurement | PulseRefusal {
  const { site, now } = caller.scene;
  const datasource = findSource(caller, definition.datasource?.id ?? "");
  if (isPulseRefusal(datasource)) return datasource;
  const table = tableOf(site, datasource, now);
  const wrong = checkSpecification(site, definition, now) ?? checkMetricSpecification(table, metric);
  if (wrong !== undefined) return wrong;
  const { basic_specification: basic } = definition;
  const measure = fieldNamed(table, basic?.measure?.field ?? "");
  const time = fieldNamed(table, basic?.time_dimension?.field ?? "");
  const applied = aggregations.get(basic?.measure?.aggregation ?? "");
  const granularity = oneOf(granularities, metric.measurement_period?.granularity);
  const range = oneOf(ranges, metric.measurement_period?.range);
  const comparison = oneOf(comparisons, metric.comparison?.comparison);
  if (!measure || !time || !applied || !granularity || !range || !comparison) return refusePulse("400000");
  const filters = [...(basic?.filters ?? []), ...metric.filters].map((filter) => asFilter(table, filter));
  const spans = spansOf(granularity, range, comparison, startOf("DAYS", today));
  const { is_running_total: isRunningTotal } = definition;
  return { table, now, measure, applied, time, filters, isRunningTotal, granularity, ...spans };
}

/** A filter of Pulse as the query engine knows it. */
function asFilter(table: Table, { field, operator, categorical_values: values }: MetricFilter): Filter {
  return {
    filterType: "SET",
    field: { fieldCaption: fieldNamed(table, field)?.caption ?? field },
    values: values.map(({ string_value: text, bool_value: truth }): Value => text ?? truth ?? null),
    exclude: operator === "OPERATOR_NOT_EQUAL",
  };
}

/** The measure in a span of days, as the VizQL Data Service would answer the same question. */
export function valueIn(measurement: Measurement, span: Span): number | null | PulseRefusal {
  const rows = ask(measurement, [], span);
  if (isPulseRefusal(rows)) return rows;
  const [value = null] = rows[0] ?? [];
  return typeof value === "number" ? value : null;
}

/** The measure in a span of days for each member of a dimension. */
export function valuesBy(
  measurement: Measurement,
  dimension: Field,
  span: Span,
): { member: string; value: number }[] | PulseRefusal {
  const rows = ask(measurement, [{ fieldCaption: dimension.caption }], span);
  if (isPulseRefusal(rows)) return rows;
  return rows.flatMap(([member = null, value]) =>
    typeof value === "number" ? [{ member: String(member), value }] : [],
  );
}

const truncations: Readonly<Record<Granularity, FieldFunction>> = {
  GRANULARITY_BY_DAY: "TRUNC_DAY",
  GRANULARITY_BY_WEEK: "TRUNC_WEEK",
  GRANULARITY_BY_MONTH: "TRUNC_MONTH",
  GRANULARITY_BY_QUARTER: "TRUNC_QUARTER",
  GRANULARITY_BY_YEAR: "TRUNC_YEAR",
};

/** The measure in each period of a span, the earliest first. Periods without data are left out. */
export function valuesOverTime(measurement: Measurement, span: Span): { date: string; value: number }[] | PulseRefusal {
  const { time, granularity } = measurement;
  const period = { fieldCaption: time.caption, function: truncations[granularity] };
  const rows = ask({ ...measurement, isRunningTotal: false }, [period], span);
  if (isPulseRefusal(rows)) return rows;
  return rows.flatMap(([date, value]) =>
    typeof date === "string" && typeof value === "number" ? [{ date, value }] : [],
  );
}

function ask(
  { table, now, measure, applied, time, filters, isRunningTotal }: Measurement,
  dimensions: readonly QueryField[],
  { from, to }: Span,
): Value[][] | PulseRefusal {
  const inSpan: Filter = {
    filterType: "QUANTITATIVE_DATE",
    field: { fieldCaption: time.caption },
    quantitativeFilterType: isRunningTotal ? "MAX" : "RANGE",
    minDate: from,
    maxDate: to,
  };
  const fields = [...dimensions, { fieldCaption: measure.caption, function: applied, fieldAlias: "Pulse value" }];
  const answer = runQuery(table, { fields, filters: [...filters, inSpan] }, now);
  return isProblem(answer) ? refusePulse("404939", answer.message) : answer.rows;
}
