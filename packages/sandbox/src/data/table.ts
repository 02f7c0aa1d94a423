/** One value of a table or of a query's answer. A date is `2025-03-01`, a date and time `2025-03-01T09:30:00`. */
export type Value = string | number | boolean | null;

export type DataType = "STRING" | "INTEGER" | "REAL" | "BOOLEAN" | "DATE" | "DATETIME";

/** What may be done to a field before it is shown (VizQL Data Service, `Function`). */
export type FieldFunction = Aggregation | DatePart | "AGG" | "NONE" | "UNSPECIFIED";

export type Aggregation = "SUM" | "AVG" | "MEDIAN" | "COUNT" | "COUNTD" | "MIN" | "MAX" | "STDEV" | "VAR" | "COLLECT";

export type DatePart =
  | "YEAR"
  | "QUARTER"
  | "MONTH"
  | "WEEK"
  | "DAY"
  | "TRUNC_YEAR"
  | "TRUNC_QUARTER"
  | "TRUNC_MONTH"
  | "TRUNC_WEEK"
  | "TRUNC_DAY";

/** A field of a data source, as clients see it in metadata. */
export type Field = {
  /** What people call it; unique in its table. */
  caption: string;
  /** What the data source calls it, e.g. `Calculation_1368249927221915648`; unique too. */
  name: string;
  dataType: DataType;
  role: "DIMENSION" | "MEASURE";
  defaultAggregation: FieldFunction;
  columnClass: "COLUMN" | "BIN" | "GROUP" | "CALCULATION";
  description: string;
  /** The logical table that it is of; calculations are of none. */
  table: string | undefined;
  /** Of a calculation, in Tableau's language; of a bin, its size. It may name parameters. */
  formula?: string;
};

/** A value of a data source that whoever asks may replace. */
export type Parameter = {
  caption: string;
  name: string;
  dataType: DataType;
  value: Value;
  allowed:
    | { kind: "any" }
    | { kind: "list"; members: readonly Value[] }
    | { kind: "range"; min: number; max: number; step: number }
    | { kind: "dates"; min: string; max: string };
};

export type LogicalTable = { id: string; caption: string };

/** Which logical tables are related, by which field of each (by name). */
export type Relationship = { from: string; to: string; field: string };

/**
 * A data source's data, column by column. A calculation has no column: query.ts works it out. Tables are shared and
 * never change; one for a later day is another table.
 */
export type Table = {
  fields: readonly Field[];
  parameters: readonly Parameter[];
  logicalTables: readonly LogicalTable[];
  relationships: readonly Relationship[];
  /** By caption; all of the same length. */
  columns: ReadonlyMap<string, readonly Value[]>;
  rowCount: number;
  /** Its fields are known but its rows are not: a published file whose data the sandbox cannot read. */
  unreadable: boolean;
};

export function fieldOf(table: Table, caption: string): Field | undefined {
  return table.fields.find((field) => field.caption === caption);
}

/** The rows of a table, by their numbers, as a table with the same fields. */
export function pickRows(table: Table, rows: readonly number[]): Table {
  const columns = new Map<string, Value[]>();
  for (const [caption, values] of table.columns) {
    columns.set(
      caption,
      rows.map((row) => values[row] ?? null),
    );
  }
  return { ...table, columns, rowCount: rows.length };
}
