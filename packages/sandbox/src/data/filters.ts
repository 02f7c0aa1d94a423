import { compare, type Rows } from "./aggregation.ts";
import { isoDate, parseDate } from "./dates.ts";
import { atRow, constant, type Expression, ofGroup } from "./expression.ts";
import { compileMeasure, compileReference, type QueryScope } from "./fields.ts";
import { applyOperator } from "./formula/operators.ts";
import { groupRows } from "./grouping.ts";
import { fail } from "./problem.ts";
import type { Condition, Filter, FilterOf } from "./query-types.ts";
import { relativeRange } from "./relative-dates.ts";
import type { Value } from "./table.ts";

/**
 * The rows that the filters leave. Context filters come first: rankings, conditions and levels of detail look at what
 * those leave, and at nothing that the other filters do (Tableau help, "Use Context Filters").
 */
export function filterRows(scope: QueryScope, filters: readonly Filter[]): Rows {
  const ofContext = filters.filter(({ context }) => context === true);
  const others = filters.filter(({ context }) => context !== true);
  scope.context = applyAll(scope, ofContext);
  return applyAll(scope, others);
}

function applyAll(scope: QueryScope, filters: readonly Filter[]): Rows {
  const keeps = filters.flatMap((filter) => keepsRow(scope, filter) ?? []);
  return keeps.reduce((rows: Rows, keep) => rows.filter(keep), scope.context);
}

/** Filters of aggregates look at the groups of the answer. */
export function filterGroups(scope: QueryScope, filters: readonly Filter[], groups: readonly Rows[]): readonly Rows[] {
  let left = groups;
  for (const filter of filters) {
    if (filter.filterType === "TOP" || filter.filterType === "CONDITION") continue;
    const field = compileReference(scope, filter.field);
    if (field.kind !== "aggregate") continue;
    const passes = testOf(scope, filter, field);
    left = left.filter((rows) => passes(field.of(rows)));
  }
  return left;
}

/** Undefined for filters of aggregates: those are for groups. */
function keepsRow(scope: QueryScope, filter: Filter): ((row: number) => boolean) | undefined {
  if (filter.filterType === "TOP") return keepsTop(scope, filter);
  if (filter.filterType === "CONDITION") return keepsCondition(scope, filter);
  const field = compileReference(scope, filter.field);
  if (field.kind === "aggregate") {
    // Still checked, so that a wrong one is refused also when there are no groups.
    testOf(scope, filter, field);
    return undefined;
  }
  const at = atRow(field);
  const passes = testOf(scope, filter, field);
  return (row) => passes(at(row));
}

type SimpleFilter = Exclude<Filter, { filterType: "TOP" | "CONDITION" }>;

function testOf(scope: QueryScope, filter: SimpleFilter, field: Expression): (value: Value) => boolean {
  switch (filter.filterType) {
    case "SET":
      return setTest(filter, field);
    case "MATCH":
      return matchTest(filter, field);
    case "QUANTITATIVE_NUMERICAL":
      needs(field, ["INTEGER", "REAL"], filter);
      return rangeTest(filter, filter.min, filter.max);
    case "QUANTITATIVE_DATE":
      needs(field, ["DATE", "DATETIME"], filter);
      return rangeTest(filter, dateOf(filter.minDate), dateOf(filter.maxDate), (value) => String(value).slice(0, 10));
    case "DATE":
      needs(field, ["DATE", "DATETIME"], filter);
      return relativeTest(filter, scope.now);
  }
}

function needs({ type }: Expression, types: readonly Expression["type"][], { filterType }: Filter): void {
  if (!types.includes(type)) fail("rule", `A ${filterType} filter cannot be applied to a field of type ${type}.`);
}

function setTest({ values, exclude = false }: FilterOf<"SET">, { type }: Expression): (value: Value) => boolean {
  if (values.length === 0) fail("rule", "A SET filter needs at least one value.");
  // Dates may be written with a time, numbers and booleans as text: what they mean is compared.
  const wanted = new Set(values.map((value) => asType(value, type)));
  return (value) => wanted.has(asType(value, type)) !== exclude;
}

function asType(value: Value, type: Expression["type"]): Value {
  if (value === null) return null;
  if (type === "DATE") return String(value).slice(0, 10);
  if (type === "DATETIME")
    return `${value}`.length === 10 ? `${value}T00:00:00` : String(value).slice(0, 19).replace(" ", "T");
  if (type === "STRING") return String(value);
  if (type === "BOOLEAN") return typeof value === "string" ? value.toLowerCase() === "true" : Boolean(value);
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}

function matchTest(filter: FilterOf<"MATCH">, field: Expression): (value: Value) => boolean {
  const { startsWith, endsWith, contains, exclude = false } = filter;
  if (!startsWith && !endsWith && !contains) {
    fail("rule", "A MATCH filter needs at least one of startsWith, endsWith and contains.");
  }
  if (field.type !== "STRING") fail("rule", "A MATCH filter can only be applied to a field of type STRING.");
  // inferred: letter case does not matter, as in Tableau's wildcard filters.
  const [start, end, within] = [startsWith, endsWith, contains].map((part) => part?.toLowerCase() ?? "");
  return (value) => {
    const text = typeof value === "string" ? value.toLowerCase() : undefined;
    const matches = text?.startsWith(start ?? "") && text.endsWith(end ?? "") && text.includes(within ?? "");
    return (matches ?? false) !== exclude;
  };
}

function rangeTest(
  filter: FilterOf<"QUANTITATIVE_NUMERICAL" | "QUANTITATIVE_DATE">,
  least: string | number | undefined,
  most: string | number | undefined,
  comparable: (value: Value) => Value = (value) => value,
): (value: Value) => boolean {
  const { quantitativeFilterType, includeNulls = false } = filter;
  if (quantitativeFilterType === "ONLY_NULL") return (value) => value === null;
  if (quantitativeFilterType === "ONLY_NON_NULL") return (value) => value !== null;
  const needsLeast = quantitativeFilterType !== "MAX";
  const needsMost = quantitativeFilterType !== "MIN";
  if ((needsLeast && least === undefined) || (needsMost && most === undefined)) {
    return fail("rule", `A ${filter.filterType} filter of type ${quantitativeFilterType} needs its bounds.`);
  }
  return (value) => {
    if (value === null) return includeNulls;
    const at = comparable(value);
    if (needsLeast && least !== undefined && compare(at, least) < 0) return false;
    return !needsMost || most === undefined || compare(at, most) <= 0;
  };
}

function dateOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const at = parseDate(written);
  return at === undefined ? fail("rule", `'${written}' is not an RFC 3339 date.`) : isoDate(at);
}

function relativeTest(filter: FilterOf<"DATE">, now: number): (value: Value) => boolean {
  const { includeNulls = false } = filter;
  const { from, to } = relativeRange(filter, now);
  return (value) => {
    if (value === null) return includeNulls;
    const written = String(value);
    const at = written.length === 10 ? `${written}T00:00:00` : written;
    return at >= from && at < to;
  };
}

/** The members of the field that come first, or last, by a measure. */
function keepsTop(scope: QueryScope, filter: FilterOf<"TOP">): (row: number) => boolean {
  const { howMany, fieldToMeasure, direction = "TOP" } = filter;
  const member = memberOf(scope, filter);
  const measure = ofGroup(compileMeasure(scope, fieldToMeasure));
  const sign = direction === "TOP" ? -1 : 1;
  const ranked = groupRows(scope.context, [member])
    .map((rows) => ({ member: member(rows[0] ?? 0), value: measure(rows) }))
    .filter(({ value }) => value !== null)
    .toSorted((one, other) => sign * compare(one.value, other.value) || compare(one.member, other.member));
  const kept = new Set(ranked.slice(0, Math.max(0, howMany)).map((one) => one.member));
  return (row) => kept.has(member(row));
}

/** The members of the field for which an aggregate is as it should be. */
function keepsCondition(scope: QueryScope, filter: FilterOf<"CONDITION">): (row: number) => boolean {
  const { condition, calculation } = filter;
  const member = memberOf(scope, filter);
  const holds = ofGroup(
    condition === undefined
      ? scope.formula(calculation ?? fail("rule", "A CONDITION filter needs a condition or a calculation."))
      : compileCondition(scope, condition),
  );
  const kept = new Set(
    groupRows(scope.context, [member])
      .filter((rows) => holds(rows) === true)
      .map((rows) => member(rows[0] ?? 0)),
  );
  return (row) => kept.has(member(row));
}

function compileCondition(scope: QueryScope, { comparison, value, ...measured }: Condition): Expression {
  const measure = compileMeasure(scope, measured);
  const isDate = measure.type === "DATE" || measure.type === "DATETIME";
  const type =
    typeof value === "string" ? (isDate ? "DATETIME" : "STRING") : typeof value === "number" ? "REAL" : "BOOLEAN";
  return applyOperator(comparison, measure, constant(value, value === null ? "NULL" : type));
}

function memberOf(scope: QueryScope, { field, filterType }: Filter): (row: number) => Value {
  const expression = compileReference(scope, field);
  if (expression.kind === "aggregate") fail("rule", `A ${filterType} filter cannot be applied to an aggregate.`);
  return atRow(expression);
}
