import { numbers, percentile, type Rows, typeOfAggregate } from "../aggregation.ts";
import { aggregated, alongPartition, atRow, combine, constant, type Expression, ofGroup } from "../expression.ts";
import { groupRows } from "../grouping.ts";
import { fail } from "../problem.ts";
import type { DataType, Value } from "../table.ts";
import { type ScalarFunction, scalarFunctions } from "./functions.ts";
import { applyOperator } from "./operators.ts";
import type { Formula, FormulaType, Level } from "./parse.ts";
import { windowFunctions } from "./window-functions.ts";

/** What the names in a formula mean. */
export type FormulaScope = {
  /** A field or a parameter; `undefined` when there is neither. */
  named: (name: string, qualifier: string | undefined) => Expression | undefined;
  /** Whether a name is a logical table's: `COUNT([Orders])` counts its rows. */
  isTable: (name: string) => boolean;
  /** The rows that levels of detail look at, by what kind they are. */
  rows: (level: Level) => Rows;
  /** The query's dimensions, which INCLUDE adds to and EXCLUDE takes from, by the names of their fields. */
  dimensions: ReadonlyMap<string, Expression>;
  now: number;
};

export function compile(formula: Formula, scope: FormulaScope): Expression {
  switch (formula.kind) {
    case "literal":
      return constant(formula.value, formula.type);
    case "name":
      return compileName(formula.name, formula.qualifier, scope);
    case "call":
      return compileCall(formula.name, formula.parameters, scope);
    case "binary":
      return applyOperator(formula.operator, compile(formula.left, scope), compile(formula.right, scope));
    case "not": {
      const operand = compile(formula.operand, scope);
      require(operand, "BOOLEAN");
      return combine([operand], "BOOLEAN", ([value]) => (value === null ? null : !value));
    }
    case "if":
      return compileBranches(formula, undefined, scope);
    case "case":
      return compileBranches(formula, compile(formula.item, scope), scope);
    case "in":
      return compileIn(formula, scope);
    case "level":
      return compileLevel(formula, scope);
  }
}

function compileName(name: string, qualifier: string | undefined, scope: FormulaScope): Expression {
  const written = qualifier === undefined ? `[${name}]` : `[${qualifier}].[${name}]`;
  return scope.named(name, qualifier) ?? fail("formula", `Reference to undefined field ${written}.`);
}

function compileCall(name: string, parameters: readonly Formula[], scope: FormulaScope): Expression {
  const window = windowFunctions.get(name);
  if (window !== undefined) {
    const given = parameters.map((parameter) => compile(parameter, scope));
    return window(given.map((one) => ({ type: one.type, along: alongPartition(one) })));
  }
  const [first] = parameters;
  if (first !== undefined && isAggregation(name) && (parameters.length === 1 || name === "PERCENTILE")) {
    return compileAggregate(name, first, parameters[1], scope);
  }
  const known = scalarFunctions.get(name);
  if (known === undefined) return fail("formula", `Unknown function ${name} called.`);
  const given = parameters.map((parameter) => compile(parameter, scope));
  return combine(given, returnType(known, given), (values) =>
    !known.knowsNulls && values.includes(null) ? null : known.apply(values, scope.now),
  );
}

type Aggregate = (typeof aggregations)[number];

/** The aggregates of formulas, with the extremes of one argument. */
export const aggregations = [
  "SUM",
  "AVG",
  "MEDIAN",
  "COUNT",
  "COUNTD",
  "MIN",
  "MAX",
  "STDEV",
  "STDEVP",
  "VAR",
  "VARP",
  "ATTR",
  "COLLECT",
  "PERCENTILE",
] as const;

function isAggregation(name: string): name is Aggregate {
  return aggregations.some((one) => one === name);
}

function compileAggregate(
  name: Aggregate,
  argument: Formula,
  share: Formula | undefined,
  scope: FormulaScope,
): Expression {
  const isOfTable = name === "COUNT" && argument.kind === "name" && scope.isTable(argument.name);
  const of = isOfTable ? constant(1, "INTEGER") : compile(argument, scope);
  const type = dataTypeOf(of.type);
  if (name !== "PERCENTILE") {
    const made = typeOfAggregate(name, type);
    if (made === undefined) return fail("formula", `${name} is being called with (${typeName(of.type)}).`);
    return aggregated(name, of, made);
  }
  const at = atRow(of);
  const wanted = share?.kind === "literal" && typeof share.value === "number" ? share.value : Number.NaN;
  if (!(wanted >= 0 && wanted <= 1)) fail("formula", "PERCENTILE needs a number from 0 to 1.");
  if (typeOfAggregate("AVG", type) === undefined)
    fail("formula", `${name} is being called with (${typeName(of.type)}).`);
  return { kind: "aggregate", type: "REAL", of: (rows) => percentile(numbers(rows, at), wanted) };
}

function compileBranches(
  { branches, otherwise }: Extract<Formula, { kind: "if" | "case" }>,
  item: Expression | undefined,
  scope: FormulaScope,
): Expression {
  const whens = branches.map(({ when }) => compile(when, scope));
  if (item === undefined) for (const when of whens) require(when, "BOOLEAN");
  const thens = [...branches.map(({ result }) => compile(result, scope)), compile(otherwise, scope)];
  const type = commonType(thens);
  const wanted = item ?? constant(true, "BOOLEAN");
  return combine([wanted, ...whens, ...thens], type, ([value = null, ...values]) => {
    const found = values.slice(0, whens.length).findIndex((when) => value !== null && when === value);
    return values[whens.length + (found < 0 ? whens.length : found)] ?? null;
  });
}

function compileIn({ item, options }: Extract<Formula, { kind: "in" }>, scope: FormulaScope): Expression {
  const parts = [item, ...options].map((part) => compile(part, scope));
  commonType(parts);
  return combine(parts, "BOOLEAN", ([value = null, ...values]) => (value === null ? null : values.includes(value)));
}

/** Works out an aggregate for each group of its own dimensions, and gives each row its group's. */
function compileLevel(
  { level, dimensions, value }: Extract<Formula, { kind: "level" }>,
  scope: FormulaScope,
): Expression {
  const named = dimensions.map((dimension): readonly [string, Expression] => [
    dimension.kind === "name" ? dimension.name : JSON.stringify(dimension),
    compile(dimension, scope),
  ]);
  const compiled = compile(value, scope);
  const of = ofGroup(compiled);
  const keys = [...keysOf(level, new Map(named), scope.dimensions).values()].map(atRow);
  const rows = scope.rows(level);
  let values: Map<number, Value> | undefined;
  const valueAt = (row: number): Value => {
    values ??= new Map(
      groupRows(rows, keys).flatMap((group) => {
        const ofAll = of(group);
        return group.map((one): [number, Value] => [one, ofAll]);
      }),
    );
    return values.get(row) ?? null;
  };
  return { kind: "row", type: compiled.type, at: valueAt };
}

type Dimensions = ReadonlyMap<string, Expression>;

function keysOf(level: Level, own: Dimensions, ofQuery: Dimensions): Dimensions {
  if (level === "FIXED") return own;
  if (level === "INCLUDE") return new Map([...ofQuery, ...own]);
  return new Map([...ofQuery].filter(([name]) => !own.has(name)));
}

/** What a call of a function is of; fails when it has no such way to be called. */
function returnType({ name, overloads }: ScalarFunction, given: readonly Expression[]): FormulaType {
  const types = given.map(({ type }) => type);
  const found = overloads.find(
    ({ takes }) => takes.length === types.length && takes.every((takesOne, index) => fits(types[index], takesOne)),
  );
  if (found === undefined) return fail("formula", `${name} is being called with (${types.map(typeName).join(", ")}).`);
  if (found.returns !== "ANY") return found.returns;
  return commonType(given.filter((_, index) => found.takes[index] === "ANY"));
}

function fits(type: FormulaType | undefined, takes: DataType | "ANY"): boolean {
  if (takes === "ANY" || type === "NULL" || type === takes) return true;
  if (takes === "REAL") return type === "INTEGER";
  return takes === "DATETIME" && type === "DATE";
}

/** The type of what is one of several; fails when they do not go together. */
function commonType(parts: readonly Expression[]): FormulaType {
  let common: FormulaType = "NULL";
  for (const { type } of parts) {
    if (common === "NULL" || (type !== "NULL" && fits(common, type))) common = type;
    else if (!fits(type, common)) fail("formula", `Expected type ${typeName(common)}, found ${typeName(type)}.`);
  }
  return common;
}

function require(part: Expression, type: DataType): void {
  if (!fits(part.type, type)) fail("formula", `Expected type ${typeName(type)}, found ${typeName(part.type)}.`);
}

/** As Tableau's messages name types. */
function typeName(type: FormulaType): string {
  return type === "REAL" ? "float" : type.toLowerCase();
}

export function dataTypeOf(type: FormulaType): DataType {
  return type === "NULL" ? "STRING" : type;
}
