import type { Rows } from "./aggregation.ts";
import { typeOfAggregate } from "./aggregation.ts";
import { type Period, parseDate, partOfDate, startOf, writeLike } from "./dates.ts";
import { aggregated, atRow, combine, constant, type Expression } from "./expression.ts";
import { compile, dataTypeOf, type FormulaScope } from "./formula/compile.ts";
import { parseFormula } from "./formula/parse.ts";
import { fail } from "./problem.ts";
import type { Query } from "./query.ts";
import type { FieldReference, QueryField } from "./query-types.ts";
import type { Aggregation, DatePart, Field, FieldFunction, Parameter, Table, Value } from "./table.ts";

/** A query being answered: its table, and what its names mean. */
export type QueryScope = {
  table: Table;
  now: number;
  /** All rows, or those that the context filters leave: what levels of detail and rankings look at. */
  context: Rows;
  field: (caption: string) => Field | undefined;
  /** Works a formula out; `rows` are those that INCLUDE and EXCLUDE look at. */
  formula: (written: string, rows?: Rows) => Expression;
  /** The dimensions of the query that are known so far, by caption. */
  dimensions: Map<string, Expression>;
};

/** How deep calculated fields may rest on others. */
const deepest = 32;

export function openScope(table: Table, query: Query, now: number): QueryScope {
  const key = query.byName ? ("name" as const) : ("caption" as const);
  const fields = new Map(table.fields.map((field) => [field[key], field]));
  const parameters = parametersOf(table, query.parameters ?? new Map());
  const compiled = new Map<Field, Expression>();
  let depth = 0;

  const scope: QueryScope = {
    table,
    now,
    context: Array.from({ length: table.rowCount }, (_, row) => row),
    field: (caption) => fields.get(caption),
    formula: (written, rows) => compile(parseFormula(written), formulaScope(rows)),
    dimensions: new Map(),
  };

  function formulaScope(rows: Rows | undefined): FormulaScope {
    return {
      named: (name, qualifier) =>
        qualifier === undefined ? (fieldNamed(name) ?? parameters.get(name)) : parameters.get(name),
      isTable: (name) => table.logicalTables.some(({ caption }) => caption === name),
      rows: (level) => (level === "FIXED" ? scope.context : (rows ?? scope.context)),
      dimensions: scope.dimensions,
      now,
    };
  }

  function fieldNamed(name: string): Expression | undefined {
    const field = fields.get(name);
    if (field === undefined) return undefined;
    const known = compiled.get(field) ?? compileStored(field);
    compiled.set(field, known);
    return known;
  }

  function compileStored({ caption, dataType, formula }: Field): Expression {
    if (formula === undefined) {
      const values = table.columns.get(caption) ?? [];
      return { kind: "row", type: dataType, at: (row) => values[row] ?? null };
    }
    if (++depth > deepest) fail("formula", `The calculation of ${caption} rests on itself.`);
    const expression = { ...scope.formula(formula), type: dataType };
    depth--;
    return expression;
  }

  return scope;
}

function parametersOf({ parameters }: Table, given: ReadonlyMap<string, Value>): Map<string, Expression> {
  for (const caption of given.keys()) {
    if (!parameters.some((parameter) => parameter.caption === caption)) {
      fail("rule", `The data source has no parameter '${caption}'.`);
    }
  }
  return new Map(
    parameters.map((parameter) => {
      const value = given.get(parameter.caption) ?? parameter.value;
      if (!allows(parameter, value))
        fail("rule", `The parameter '${parameter.caption}' does not allow the value ${value}.`);
      return [parameter.caption, constant(value, parameter.dataType)];
    }),
  );
}

function allows({ allowed, dataType }: Parameter, value: Value): boolean {
  if (value === null || !isOf(dataType, value)) return false;
  switch (allowed.kind) {
    case "any":
      return true;
    case "list":
      return allowed.members.includes(value);
    case "range":
      return Number(value) >= allowed.min && Number(value) <= allowed.max;
    case "dates":
      return String(value) >= allowed.min && String(value) <= allowed.max;
  }
}

function isOf(dataType: Parameter["dataType"], value: Value): boolean {
  switch (dataType) {
    case "INTEGER":
      return Number.isInteger(value);
    case "REAL":
      return typeof value === "number";
    case "BOOLEAN":
      return typeof value === "boolean";
    case "STRING":
      return typeof value === "string";
    case "DATE":
    case "DATETIME":
      return typeof value === "string" && parseDate(value) !== undefined;
  }
}

/** A field of the answer. Dimensions are remembered for the levels of detail of the fields after it. */
export function compileField(scope: QueryScope, field: QueryField, rows: Rows, disaggregate: boolean): Expression {
  const expression = compileAny(scope, field, rows, disaggregate);
  if (field.tableCalculation !== undefined) {
    if (expression.kind !== "row") return expression;
    return fail("rule", `The table calculation of '${field.fieldCaption}' needs an aggregated field.`);
  }
  if (expression.kind === "row") scope.dimensions.set(field.fieldCaption, expression);
  return expression;
}

function compileAny(scope: QueryScope, field: QueryField, rows: Rows, disaggregate: boolean): Expression {
  const { fieldCaption, calculation, binSize } = field;
  if (calculation !== undefined) return scope.formula(calculation, rows);
  const { stored, expression } = storedField(scope, fieldCaption);
  if (binSize !== undefined) return compileBin(stored, expression, binSize);
  if (disaggregate && expression.kind === "row" && !isDatePart(field.function)) return expression;
  return applyFunction(stored, expression, field.function);
}

/** A field that a filter, a ranking or a condition names. */
export function compileReference(scope: QueryScope, reference: FieldReference): Expression {
  const { fieldCaption = "", calculation, function: applied } = reference;
  if (calculation !== undefined) return scope.formula(calculation);
  const { stored, expression } = storedField(scope, fieldCaption);
  return applied === undefined ? expression : applyFunction(stored, expression, applied);
}

/** As `compileReference`, with a measure's default aggregation where no function is given. */
export function compileMeasure(scope: QueryScope, reference: FieldReference): Expression {
  const expression = compileReference(scope, reference);
  if (expression.kind !== "row") return expression;
  const field = scope.field(reference.fieldCaption ?? "");
  if (reference.function !== undefined || field === undefined) {
    return fail("rule", "A ranking or a condition needs a field with an aggregation.");
  }
  return applyFunction({ ...field, role: "MEASURE" }, expression, undefined);
}

function storedField(scope: QueryScope, caption: string): { stored: Field; expression: Expression } {
  const stored = scope.field(caption);
  if (stored === undefined) return fail("unknown field", `Unknown Field: ${caption}.`);
  return { stored, expression: scope.formula(`[${caption.replaceAll("]", "]]")}]`) };
}

function compileBin({ caption, columnClass, role }: Field, expression: Expression, size: number): Expression {
  if (columnClass === "BIN") fail("rule", `The field '${caption}' is a bin already.`);
  if (role !== "MEASURE" || expression.kind !== "row") fail("rule", `The field '${caption}' cannot be put into bins.`);
  return combine([expression], expression.type, ([value]) =>
    typeof value === "number" ? Math.floor(value / size) * size : null,
  );
}

function applyFunction(field: Field, expression: Expression, applied: FieldFunction | undefined): Expression {
  if (expression.kind !== "row") {
    const isLeft = applied === undefined || applied === "AGG" || applied === "UNSPECIFIED" || applied === "NONE";
    if (isLeft) return expression;
    return fail("rule", `The field '${field.caption}' is already aggregated; ${applied} cannot be applied to it.`);
  }
  if (applied === "NONE") return expression;
  if (applied === "AGG") return fail("rule", `AGG can't be applied to '${field.caption}', which is not aggregated.`);
  if (applied === undefined || applied === "UNSPECIFIED") {
    if (field.role === "DIMENSION") return expression;
    const usual = field.defaultAggregation;
    return isDatePart(usual) || usual === "AGG" || usual === "NONE" || usual === "UNSPECIFIED"
      ? expression
      : aggregateField(field, expression, usual);
  }
  if (isDatePart(applied)) return datePartOf(field, expression, applied);
  return aggregateField(field, expression, applied);
}

function aggregateField({ caption }: Field, expression: Expression, aggregation: Aggregation): Expression {
  const type = typeOfAggregate(aggregation, dataTypeOf(expression.type));
  if (type === undefined) fail("rule", `${aggregation} can't be applied to '${caption}', which is ${expression.type}.`);
  return aggregated(aggregation, expression, type);
}

const truncations = {
  TRUNC_YEAR: "YEARS",
  TRUNC_QUARTER: "QUARTERS",
  TRUNC_MONTH: "MONTHS",
  TRUNC_WEEK: "WEEKS",
  TRUNC_DAY: "DAYS",
} as const satisfies Partial<Record<DatePart, Period>>;

const dateParts: ReadonlySet<string> = new Set([
  "YEAR",
  "QUARTER",
  "MONTH",
  "WEEK",
  "DAY",
  ...Object.keys(truncations),
]);

function isDatePart(applied: FieldFunction | undefined): applied is DatePart {
  return applied !== undefined && dateParts.has(applied);
}

function datePartOf({ caption }: Field, expression: Expression, part: DatePart): Expression {
  if (expression.type !== "DATE" && expression.type !== "DATETIME") {
    return fail("rule", `${part} can't be applied to '${caption}', which is no date.`);
  }
  const at = atRow(expression);
  // A few years have few days: each is worked out once.
  const known = new Map<Value, Value>();
  const type = isTruncation(part) ? expression.type : ("INTEGER" as const);
  return {
    kind: "row",
    type,
    at(row) {
      const date = at(row);
      if (date === null) return null;
      const value = known.get(date) ?? partOf(part, String(date));
      known.set(date, value);
      return value;
    },
  };
}

function partOf(part: DatePart, date: string): Value {
  if (!isTruncation(part)) return partOfDate(part, date);
  const at = parseDate(date);
  return at === undefined ? null : writeLike(date, startOf(truncations[part], at));
}

function isTruncation(part: DatePart): part is keyof typeof truncations {
  return part in truncations;
}
