import { compare, type Rows, rounded } from "./aggregation.ts";
import { alongPartition, atRow, type Expression, ofGroup } from "./expression.ts";
import { compileReference, type QueryScope } from "./fields.ts";
import { aggregateValues, aggregateWindow, run } from "./formula/window-functions.ts";
import { fail } from "./problem.ts";
import type { Address, QueryField, TableCalculation } from "./query-types.ts";
import { ranksOf } from "./ranks.ts";
import type { Value } from "./table.ts";

/** A field of the answer, ready to be worked out for each group. */
export type Column = { field: QueryField; name: string; expression: Expression };

export function isDimension({ expression }: Column): boolean {
  return expression.kind === "row" || expression.kind === "constant";
}

/**
 * A column whose values depend on the groups around each: a table calculation (Tableau help, "Transform Values with
 * Table Calculations"). It runs along the dimensions that it names, or along all, and anew for each value of the others.
 */
export function calculateAlong(
  scope: QueryScope,
  column: Column,
  columns: readonly Column[],
  groups: readonly Rows[],
): Value[] {
  const { field, expression } = column;
  refuseNested(field);
  const calculation = field.tableCalculation ?? { tableCalcType: "CUSTOM", dimensions: [] };
  const values: Value[] = groups.map(() => null);
  const dimensions = columns.filter(isDimension);
  const all = field.tableCalculation === undefined ? dimensions : undefined;
  const address = addressOf(calculation, dimensions, all);
  const { along, apart } = address;
  for (const part of partitions(scope, { along, apart, calculation }, groups)) {
    const rows = part.map((index) => groups[index] ?? []);
    const results = secondary(calculation, calculate(calculation, expression, rows));
    for (const [place, index] of part.entries()) values[index] = results[place] ?? null;
  }
  return values;
}

function refuseNested({ nestedTableCalculations, tableCalculation, fieldCaption }: QueryField): void {
  if (tableCalculation?.tableCalcType === "NESTED" || (nestedTableCalculations ?? []).length > 0) {
    fail("rule", `The field '${fieldCaption}' holds no nested table calculation.`);
  }
}

type Addressing = { along: readonly Column[]; apart: readonly Column[] };

/** Which dimensions it runs along, and which part it: also those above where it restarts and below its level. */
function addressOf(
  { dimensions: written, restartEvery, levelAddress }: TableCalculation,
  dimensions: readonly Column[],
  all: readonly Column[] | undefined,
): Addressing {
  const named = all ?? written.map((address) => dimensionAt(dimensions, address));
  const placeOf = (address: Address): number => {
    const place = named.indexOf(dimensionAt(dimensions, address));
    return place < 0 ? fail("rule", `The table calculation does not run along '${address.fieldCaption}'.`) : place;
  };
  const first = restartEvery === undefined ? 0 : placeOf(restartEvery) + 1;
  const end = levelAddress === undefined ? named.length : placeOf(levelAddress) + 1;
  const along = named.slice(first, end);
  return { along, apart: dimensions.filter((dimension) => !along.includes(dimension)) };
}

function dimensionAt(dimensions: readonly Column[], { fieldCaption, function: applied }: Address): Column {
  const found = dimensions.find(
    ({ field }) => field.fieldCaption === fieldCaption && (applied === undefined || applied === field.function),
  );
  return found ?? fail("rule", `The table calculation's dimension '${fieldCaption}' is not a dimension of the query.`);
}

/** The groups of each partition, by their numbers, in the order that the calculation runs. */
function partitions(
  scope: QueryScope,
  { along, apart, calculation }: Addressing & { calculation: TableCalculation },
  groups: readonly Rows[],
): number[][] {
  const memberOf = ({ expression }: Column): ((index: number) => Value) => {
    const at = atRow(expression);
    return (index) => at(groups[index]?.[0] ?? 0);
  };
  const keys = apart.map(memberOf);
  const order = [...sortKey(scope, calculation, groups), ...along.map((column) => ({ at: memberOf(column), sign: 1 }))];
  const indexes = groups.map((_, index) => index);
  return [...Map.groupBy(indexes, (index) => JSON.stringify(keys.map((key) => key(index)))).values()].map((part) =>
    part.toSorted((one, other) => {
      for (const { at, sign } of order) {
        const found = sign * compare(at(one), at(other));
        if (found !== 0) return found;
      }
      return one - other;
    }),
  );
}

function sortKey(scope: QueryScope, { customSort }: TableCalculation, groups: readonly Rows[]) {
  if (customSort === undefined) return [];
  const { fieldCaption, function: applied, direction } = customSort;
  const measure = ofGroup(compileReference(scope, { fieldCaption, function: applied }));
  const values = groups.map(measure);
  return [{ at: (index: number): Value => values[index] ?? null, sign: direction === "DESC" ? -1 : 1 }];
}

function secondary({ secondaryTableCalculation }: TableCalculation, values: readonly Value[]): readonly Value[] {
  if (secondaryTableCalculation === undefined) return values;
  return calculateValues(secondaryTableCalculation, values);
}

function calculate(calculation: TableCalculation, expression: Expression, partition: readonly Rows[]): Value[] {
  if (calculation.tableCalcType === "CUSTOM") {
    const along = alongPartition(expression);
    return partition.map((_, index) => along(partition, index));
  }
  const of = ofGroup(expression);
  if (calculation.tableCalcType === "PERCENT_OF_TOTAL") {
    // The total is the aggregate of all rows, not the sum of aggregates: it differs for averages.
    const total = of(partition.flat());
    return partition.map((rows) => quotient(of(rows), total));
  }
  return calculateValues(calculation, partition.map(of));
}

function calculateValues(calculation: TableCalculation, values: readonly Value[]): Value[] {
  switch (calculation.tableCalcType) {
    case "DIFFERENCE_FROM":
      return values.map((value, index) => difference(value, referenceAt(calculation, values, index)));
    case "PERCENT_DIFFERENCE_FROM":
      return values.map((value, index) => {
        const reference = referenceAt(calculation, values, index);
        return quotient(difference(value, reference), typeof reference === "number" ? Math.abs(reference) : null);
      });
    case "PERCENT_FROM":
      return values.map((value, index) => quotient(value, referenceAt(calculation, values, index)));
    case "PERCENT_OF_TOTAL": {
      const total = aggregateValues("SUM", values);
      return values.map((value) => quotient(value, total));
    }
    case "RANK":
      return ranksOf(values, calculation.rankType ?? "COMPETITION", calculation.direction ?? "DESC");
    case "PERCENTILE":
      return ranksOf(values, "PERCENTILE", calculation.direction ?? "ASC");
    case "RUNNING_TOTAL":
      return run(calculation.aggregation ?? "SUM", values);
    case "MOVING_CALCULATION":
      return values.map((_, index) => moving(calculation, values, index));
    case "CUSTOM":
    case "NESTED":
      return fail("rule", `A ${calculation.tableCalcType} table calculation cannot be used here.`);
  }
}

function referenceAt({ relativeTo = "PREVIOUS" }: TableCalculation, values: readonly Value[], index: number): Value {
  const at = { PREVIOUS: index - 1, NEXT: index + 1, FIRST: 0, LAST: values.length - 1 }[relativeTo];
  return values[at] ?? null;
}

function difference(one: Value, other: Value): Value {
  return typeof one === "number" && typeof other === "number" ? rounded(one - other) : null;
}

function quotient(one: Value, other: Value): Value {
  return typeof one === "number" && typeof other === "number" && other !== 0 ? one / other : null;
}

/** `previous` is written as a distance or, in older schemas, as an offset: its sign does not matter. */
function moving(calculation: TableCalculation, values: readonly Value[], index: number): Value {
  const { aggregation = "SUM", previous = 2, next = 0, includeCurrent = true, fillInNull = false } = calculation;
  const from = index - Math.abs(previous);
  const to = index + Math.abs(next);
  if (fillInNull && (from < 0 || to >= values.length)) return null;
  const seen = includeCurrent ? values : values.with(index, null);
  return aggregateWindow(aggregation, seen, from, to);
}
