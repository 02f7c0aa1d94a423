import type { Rows } from "./aggregation.ts";
import { compare } from "./aggregation.ts";
import { atRow, type Expression, ofGroup } from "./expression.ts";
import { compileField, openScope, type QueryScope } from "./fields.ts";
import { filterGroups, filterRows } from "./filters.ts";
import { dataTypeOf } from "./formula/compile.ts";
import { roundTo } from "./formula/number-functions.ts";
import { groupRows } from "./grouping.ts";
import { fail, orProblem, type QueryProblem } from "./problem.ts";
import type { Filter, QueryField } from "./query-types.ts";
import type { DataType, Table, Value } from "./table.ts";
import { type Column, calculateAlong, isDimension } from "./table-calculations.ts";

/** What is asked of a table, in the words of the VizQL Data Service: see query-types.ts. */
export type Query = {
  fields: readonly QueryField[];
  filters?: readonly Filter[];
  /** Other values for the table's parameters, by caption. */
  parameters?: ReadonlyMap<string, Value>;
  /** Every row for itself, instead of one for each group of equal dimensions. */
  disaggregate?: boolean;
  rowLimit?: number;
  /** Fields are named by `name` instead of `caption`. */
  byName?: boolean;
};

/** The rows are in the asked order; without one, by the dimensions from left to right. */
export type QueryAnswer = { kind: "answer"; columns: { name: string; dataType: DataType }[]; rows: Value[][] };

/**
 * Answers a query. Everything on the site that shows data asks here (view data, crosstabs, pictures, VizQL Data Service,
 * Pulse), so that their numbers agree. `now` (ms) is what relative dates are relative to.
 */
export function runQuery(table: Table, query: Query, now: number): QueryAnswer | QueryProblem {
  return orProblem(() => {
    if (table.unreadable) fail("unreadable", "The data of this data source cannot be read.");
    return answer(openScope(table, query, now), query);
  });
}

function answer(scope: QueryScope, query: Query): QueryAnswer {
  const rows = filterRows(scope, query.filters ?? []);
  const columns = columnsOf(scope, query, rows);
  const dimensions = columns.filter(isDimension);
  const keys = dimensions.map(({ expression }) => atRow(expression));
  const grouped = query.disaggregate ? rows.map((row) => [row]) : groupRows(rows, keys);
  const groups = filterGroups(scope, query.filters ?? [], grouped);
  const answered = valuesOf(scope, columns, query.disaggregate ? groups : inOrder(groups, keys));
  const sorted = sort(answered, query.fields);
  return {
    kind: "answer",
    columns: columns.map(({ name, expression }) => ({ name, dataType: dataTypeOf(expression.type) })),
    rows: sorted.slice(0, query.rowLimit),
  };
}

function columnsOf(scope: QueryScope, { fields, disaggregate }: Query, rows: Rows): Column[] {
  const names = new Set<string>();
  const columns: Column[] = [];
  for (const field of fields) {
    const name = nameOf(field);
    if (names.has(name)) fail("duplicate field", `The query has more than one field '${name}'.`);
    names.add(name);
    // Later fields may depend on the dimensions: levels of detail do, and those are found as the fields are read.
    const expression = compileField(scope, field, rows, disaggregate ?? false);
    columns.push({ field, name, expression });
  }
  return columns;
}

/** What a field is called in the answer. */
export function nameOf({ fieldAlias, fieldCaption, function: applied, calculation }: QueryField): string {
  if (fieldAlias !== undefined) return fieldAlias;
  const isApplied =
    applied !== undefined && calculation === undefined && applied !== "UNSPECIFIED" && applied !== "NONE";
  return isApplied ? `${applied}(${fieldCaption})` : fieldCaption;
}

/** Groups by their dimensions from left to right. */
function inOrder(groups: readonly Rows[], keys: readonly ((row: number) => Value)[]): readonly Rows[] {
  const keyed = groups.map((rows) => ({ rows, values: keys.map((key) => key(rows[0] ?? 0)) }));
  keyed.sort((one, other) => {
    for (const [index, value] of one.values.entries()) {
      const order = compare(value, other.values[index] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ rows }) => rows);
}

function valuesOf(scope: QueryScope, columns: readonly Column[], groups: readonly Rows[]): Value[][] {
  const byColumn = columns.map((column) => {
    const { expression, field } = column;
    const values =
      expression.kind === "window" || field.tableCalculation !== undefined
        ? calculateAlong(scope, column, columns, groups)
        : groups.map(valueOfGroup(expression));
    const { maxDecimalPlaces } = field;
    if (maxDecimalPlaces === undefined) return values;
    return values.map((value) => (typeof value === "number" ? roundTo(value, maxDecimalPlaces) : value));
  });
  return groups.map((_, index) => byColumn.map((values) => values[index] ?? null));
}

function valueOfGroup(expression: Expression): (rows: Rows) => Value {
  if (expression.kind !== "row") return ofGroup(expression);
  return (rows) => expression.at(rows[0] ?? 0);
}

/** By the fields with a `sortPriority`, the lowest number first; equal ones stay as they are. */
function sort(rows: Value[][], fields: readonly QueryField[]): Value[][] {
  const keys = fields
    .flatMap(({ sortPriority, sortDirection }, index) =>
      sortPriority === undefined ? [] : [{ index, sortPriority, sign: sortDirection === "DESC" ? -1 : 1 }],
    )
    .toSorted((one, other) => one.sortPriority - other.sortPriority);
  if (keys.length === 0) return rows;
  return rows.toSorted((one, other) => {
    for (const { index, sign } of keys) {
      const order = sign * compare(one[index] ?? null, other[index] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
}
