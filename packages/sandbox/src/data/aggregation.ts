import type { Aggregation, DataType, Value } from "./table.ts";

/** Rows by their numbers. */
export type Rows = readonly number[];

/** Sums are rounded to this: data has at most four decimals, and the rest is noise of binary fractions. */
const precision = 1e6;

export function rounded(sum: number): number {
  const scaled = sum * precision;
  return Number.isSafeInteger(Math.round(scaled)) ? Math.round(scaled) / precision : sum;
}

/** Aggregates of formulas beside those that fields know. */
export type FormulaAggregation = Aggregation | "STDEVP" | "VARP" | "ATTR";

const onNumbers: ReadonlySet<FormulaAggregation> = new Set(["SUM", "AVG", "MEDIAN", "STDEV", "STDEVP", "VAR", "VARP"]);

/** What an aggregate of values of a type is of; undefined where Tableau has no such aggregate. */
export function typeOfAggregate(aggregation: FormulaAggregation, type: DataType): DataType | undefined {
  if (aggregation === "COLLECT") return undefined; // of spatial fields only
  if (aggregation === "COUNT" || aggregation === "COUNTD") return "INTEGER";
  if (!onNumbers.has(aggregation)) return type;
  if (type !== "INTEGER" && type !== "REAL") return undefined;
  return aggregation === "SUM" ? type : "REAL";
}

/** Aggregates the values of some rows. Nulls do not count; of nothing, counts are 0 and the rest is null. */
export function aggregate(aggregation: FormulaAggregation, rows: Rows, at: (row: number) => Value): Value {
  switch (aggregation) {
    case "COUNT":
      return present(rows, at).length;
    case "COUNTD":
      return new Set(present(rows, at)).size;
    case "MIN":
      return extreme(rows, at, (one, other) => one < other);
    case "MAX":
      return extreme(rows, at, (one, other) => one > other);
    case "ATTR": {
      const [first = null, ...others] = new Set(present(rows, at));
      return others.length === 0 ? first : "*";
    }
    case "COLLECT":
      return null;
    default:
      return ofNumbers(aggregation, numbers(rows, at));
  }
}

type NumericAggregation = "SUM" | "AVG" | "MEDIAN" | "STDEV" | "STDEVP" | "VAR" | "VARP";

function ofNumbers(aggregation: NumericAggregation, values: readonly number[]): number | null {
  const count = values.length;
  if (count === 0) return null;
  const sum = rounded(sumOf(values));
  switch (aggregation) {
    case "SUM":
      return sum;
    case "AVG":
      return sum / count;
    case "MEDIAN":
      return percentile(values, 0.5);
    case "VAR":
      return count < 2 ? null : squares(values, sum / count) / (count - 1);
    case "VARP":
      return squares(values, sum / count) / count;
    case "STDEV":
      return count < 2 ? null : Math.sqrt(squares(values, sum / count) / (count - 1));
    case "STDEVP":
      return Math.sqrt(squares(values, sum / count) / count);
  }
}

/** Neumaier's summation: what each addition loses is added in the end. */
function sumOf(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(lost) ? sum + lost : sum;
}

function squares(values: readonly number[], mean: number): number {
  return values.reduce((total, value) => total + (value - mean) ** 2, 0);
}

/** The value below which a share of the values lies, between two of them where it must. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === undefined || high === undefined ? null : rounded(low + (high - low) * (at - Math.floor(at)));
}

function present(rows: Rows, at: (row: number) => Value): Value[] {
  return rows.map(at).filter((value) => value !== null);
}

export function numbers(rows: Rows, at: (row: number) => Value): number[] {
  return rows.map(at).filter((value) => typeof value === "number");
}

function extreme(rows: Rows, at: (row: number) => Value, isBetter: (one: Comparable, other: Comparable) => boolean) {
  let best: Value = null;
  for (const row of rows) {
    const value = at(row);
    if (value !== null && (best === null || isBetter(value, best))) best = value;
  }
  return best;
}

type Comparable = Exclude<Value, null>;

/** Orders values of one field: nulls first, numbers by size, the rest as they are written. */
export function compare(one: Value, other: Value): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}
