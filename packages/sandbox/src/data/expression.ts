import { aggregate, type FormulaAggregation, type Rows } from "./aggregation.ts";
import type { FormulaType } from "./formula/parse.ts";
import { fail } from "./problem.ts";
import type { Value } from "./table.ts";

/** The groups of a query's answer that a table calculation runs along, in its order. */
export type Partition = readonly Rows[];

/**
 * Something that can be worked out: once for all, for each row, for each group of rows, or for each group with the
 * groups around it (table calculations). What is made of several is worked out as the last of them.
 */
export type Expression = { type: FormulaType } & (
  | { kind: "constant"; value: Value }
  | { kind: "row"; at: (row: number) => Value }
  | { kind: "aggregate"; of: (rows: Rows) => Value }
  | { kind: "window"; along: (partition: Partition, index: number) => Value }
);

export function constant(value: Value, type: FormulaType): Expression {
  return { kind: "constant", type, value };
}

/** What is made of other values, each time they change. Rows and groups do not mix, as in Tableau. */
export function combine(
  parts: readonly Expression[],
  type: FormulaType,
  apply: (values: readonly Value[]) => Value,
): Expression {
  if (parts.some(({ kind }) => kind === "window")) {
    const read = parts.map(alongPartition);
    return { kind: "window", type, along: (partition, index) => apply(read.map((one) => one(partition, index))) };
  }
  if (parts.some(({ kind }) => kind === "aggregate")) {
    const read = parts.map(ofGroup);
    return { kind: "aggregate", type, of: (rows) => apply(read.map((one) => one(rows))) };
  }
  if (parts.some(({ kind }) => kind === "row")) {
    const read = parts.map(atRow);
    return { kind: "row", type, at: (row) => apply(read.map((one) => one(row))) };
  }
  return constant(apply(parts.map((part) => (part.kind === "constant" ? part.value : null))), type);
}

/** For each row; only constants and rows' own values have one. */
export function atRow(part: Expression): (row: number) => Value {
  if (part.kind === "row") return part.at;
  if (part.kind === "constant") return () => part.value;
  return fail("formula", "The argument is already an aggregation, and cannot be further aggregated.");
}

/** For each group of rows. */
export function ofGroup(part: Expression): (rows: Rows) => Value {
  if (part.kind === "aggregate") return part.of;
  if (part.kind === "constant") return () => part.value;
  if (part.kind === "row") {
    return fail("formula", "Cannot mix aggregate and non-aggregate arguments with this function.");
  }
  return fail("formula", "A table calculation cannot be used here.");
}

/** For each group, among others. */
export function alongPartition(part: Expression): (partition: Partition, index: number) => Value {
  if (part.kind === "window") return part.along;
  const of = ofGroup(part);
  return (partition, index) => of(partition[index] ?? []);
}

export function aggregated(aggregation: FormulaAggregation, part: Expression, type: FormulaType): Expression {
  const at = atRow(part);
  return { kind: "aggregate", type, of: (rows) => aggregate(aggregation, rows, at) };
}
