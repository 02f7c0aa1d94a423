import { aggregate, type FormulaAggregation, typeOfAggregate } from "../aggregation.ts";
import type { Expression, Partition } from "../expression.ts";
import { fail } from "../problem.ts";
import { type RankType, ranksOf } from "../ranks.ts";
import type { DataType, Value } from "../table.ts";
import type { FormulaType } from "./parse.ts";

type Argument = { type: FormulaType; along: (partition: Partition, index: number) => Value };

/** A function that looks along the groups of a partition (Tableau help, "Table Calculation Functions"). */
export type WindowFunction = (given: readonly Argument[]) => Expression;

const running = (aggregation: FormulaAggregation): WindowFunction =>
  taking(1, 1, ([value]) => {
    const valuesOf = remembered(value);
    const runs = once((partition) => run(aggregation, valuesOf(partition)));
    return window(typeOf(aggregation, value), (partition, index) => runs(partition)[index] ?? null);
  });

const windowed = (aggregation: FormulaAggregation): WindowFunction =>
  taking(1, 3, ([value, from, to]) => {
    const valuesOf = remembered(value);
    const whole = once((partition) => aggregateValues(aggregation, valuesOf(partition)));
    return window(typeOf(aggregation, value), (partition, index) => {
      const values = valuesOf(partition);
      if (from === undefined && to === undefined) return whole(partition);
      const first = from === undefined ? 0 : index + wholeAt(from, partition, index);
      const last = to === undefined ? values.length - 1 : index + wholeAt(to, partition, index);
      return aggregateWindow(aggregation, values, first, last);
    });
  });

const ranking = (rankType: RankType): WindowFunction =>
  taking(1, 2, ([value, direction]) => {
    const valuesOf = remembered(value);
    const ranks = once((partition) => {
      // Ranks go from the greatest unless a formula says otherwise; a percentile rises with its value.
      const isAscending = direction === undefined ? rankType === "PERCENTILE" : isAscendingAt(direction, partition);
      return ranksOf(valuesOf(partition), rankType, isAscending ? "ASC" : "DESC");
    });
    const type = rankType === "PERCENTILE" ? "REAL" : "INTEGER";
    return window(type, (partition, index) => ranks(partition)[index] ?? null);
  });

const aggregates: readonly FormulaAggregation[] = ["SUM", "AVG", "MIN", "MAX", "COUNT"];

export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map([
  ...aggregates.map((one): [string, WindowFunction] => [`RUNNING_${one}`, running(one)]),
  ...[...aggregates, "MEDIAN" as const, "STDEV" as const, "STDEVP" as const, "VAR" as const, "VARP" as const].map(
    (one): [string, WindowFunction] => [`WINDOW_${one}`, windowed(one)],
  ),
  ["RANK", ranking("COMPETITION")],
  ["RANK_DENSE", ranking("DENSE")],
  ["RANK_MODIFIED", ranking("MODIFIED COMPETITION")],
  ["RANK_UNIQUE", ranking("UNIQUE")],
  ["RANK_PERCENTILE", ranking("PERCENTILE")],
  ["INDEX", taking(0, 0, () => window("INTEGER", (_, index) => index + 1))],
  ["SIZE", taking(0, 0, () => window("INTEGER", (partition) => partition.length))],
  ["FIRST", taking(0, 0, () => window("INTEGER", (_, index) => -index))],
  ["LAST", taking(0, 0, () => window("INTEGER", (partition, index) => partition.length - 1 - index))],
  [
    "LOOKUP",
    taking(1, 2, ([value, offset]) =>
      window(value.type, (partition, index) => {
        const at = index + (offset === undefined ? 0 : wholeAt(offset, partition, index));
        return at < 0 || at >= partition.length ? null : value.along(partition, at);
      }),
    ),
  ],
  [
    "TOTAL",
    taking(1, 1, ([value]) => {
      const total = once((partition) => value.along([partition.flat()], 0));
      return window(value.type, (partition) => total(partition));
    }),
  ],
]);

function taking(
  least: number,
  most: number,
  make: (given: readonly [Argument, ...Argument[]]) => Expression,
): WindowFunction {
  const nothing: Argument = { type: "NULL", along: () => null };
  return ([first = nothing, ...others]) => {
    const count = first === nothing ? 0 : 1 + others.length;
    if (count < least || count > most) fail("formula", "A table calculation has the wrong number of arguments.");
    return make([first, ...others]);
  };
}

function window(type: FormulaType, along: (partition: Partition, index: number) => Value): Expression {
  return { kind: "window", type, along };
}

/** Works something out once for each partition, however many groups ask. */
function once<Result>(work: (partition: Partition) => Result): (partition: Partition) => Result {
  const known = new WeakMap<Partition, { result: Result }>();
  return (partition) => {
    const kept = known.get(partition) ?? { result: work(partition) };
    known.set(partition, kept);
    return kept.result;
  };
}

function remembered({ along }: Argument): (partition: Partition) => readonly Value[] {
  return once((partition) => partition.map((_, index) => along(partition, index)));
}

function typeOf(aggregation: FormulaAggregation, { type }: Argument): DataType {
  const made = typeOfAggregate(aggregation, type === "NULL" ? "REAL" : type);
  return made ?? fail("formula", `A table calculation of ${aggregation} is being called with (${type.toLowerCase()}).`);
}

export function aggregateValues(aggregation: FormulaAggregation, values: readonly Value[]): Value {
  return aggregate(
    aggregation,
    values.map((_, index) => index),
    (index) => values[index] ?? null,
  );
}

/** More looks than these, over all the groups of a partition, are refused: they would take seconds. */
const mostLooks = 20_000_000;

/** Aggregates the values from one place to another, both included. */
export function aggregateWindow(
  aggregation: FormulaAggregation,
  values: readonly Value[],
  first: number,
  last: number,
): Value {
  const from = Math.max(0, first);
  const to = Math.min(values.length, last + 1);
  if ((to - from) * values.length > mostLooks) fail("rule", "The table calculation looks at too many values.");
  return aggregateValues(aggregation, values.slice(from, Math.max(from, to)));
}

/** Each value with those before it, aggregated. */
export function run(aggregation: FormulaAggregation, values: readonly Value[]): Value[] {
  let total: Value = null;
  let count = 0;
  return values.map((value) => {
    if (value !== null) {
      count++;
      total = aggregateValues(aggregation === "AVG" || aggregation === "COUNT" ? "SUM" : aggregation, [total, value]);
    }
    if (aggregation === "COUNT") return count;
    return aggregation === "AVG" && typeof total === "number" ? total / count : total;
  });
}

function wholeAt(argument: Argument, partition: Partition, index: number): number {
  const value = argument.along(partition, index);
  return typeof value === "number" ? Math.trunc(value) : 0;
}

function isAscendingAt({ along }: Argument, partition: Partition): boolean {
  return String(along(partition, 0)).toLowerCase() === "asc";
}
