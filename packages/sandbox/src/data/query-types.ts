import type { Period } from "./dates.ts";
import type { RankType } from "./ranks.ts";
import type { FieldFunction, Value } from "./table.ts";

/**
 * The parts of a query, as the VizQL Data Service's public OpenAPI describes them, so that its requests are queries as
 * they come. Whoever else asks writes the same.
 */
export type QueryField = {
  /** A field of the data source; of a calculation, the name that it gets. */
  fieldCaption: string;
  fieldAlias?: string | undefined;
  function?: FieldFunction | undefined;
  calculation?: string | undefined;
  binSize?: number | undefined;
  tableCalculation?: TableCalculation | undefined;
  /** For calculations inside of a table calculation, by their captions. */
  nestedTableCalculations?: readonly TableCalculation[] | null | undefined;
  maxDecimalPlaces?: number | undefined;
  sortDirection?: SortDirection | undefined;
  sortPriority?: number | undefined;
};

export type SortDirection = "ASC" | "DESC";

/** A field to filter by, to measure or to address: it need not be in the answer. */
export type FieldReference = {
  fieldCaption?: string | undefined;
  function?: FieldFunction | undefined;
  calculation?: string | undefined;
};

export type Filter = { field: FieldReference; context?: boolean | undefined } & (
  | { filterType: "SET"; values: readonly Value[]; exclude?: boolean | undefined }
  | {
      filterType: "MATCH";
      startsWith?: string | undefined;
      endsWith?: string | undefined;
      contains?: string | undefined;
      exclude?: boolean | undefined;
    }
  | ({ filterType: "QUANTITATIVE_NUMERICAL"; min?: number | undefined; max?: number | undefined } & Quantitative)
  | ({ filterType: "QUANTITATIVE_DATE"; minDate?: string | undefined; maxDate?: string | undefined } & Quantitative)
  | {
      filterType: "DATE";
      periodType: Period;
      dateRangeType: "CURRENT" | "LAST" | "LASTN" | "NEXT" | "NEXTN" | "TODATE";
      rangeN?: number | undefined;
      /** Today when there is none. */
      anchorDate?: string | undefined;
      includeNulls?: boolean | undefined;
    }
  | {
      filterType: "TOP";
      direction?: "TOP" | "BOTTOM" | undefined;
      howMany: number;
      fieldToMeasure: FieldReference;
    }
  | {
      filterType: "CONDITION";
      condition?: Condition | undefined;
      /** Instead of a condition: an aggregate that is true or false. */
      calculation?: string | undefined;
    }
);

export type FilterOf<Type extends Filter["filterType"]> = Extract<Filter, { filterType: Type }>;

type Quantitative = {
  quantitativeFilterType: "RANGE" | "MIN" | "MAX" | "ONLY_NULL" | "ONLY_NON_NULL";
  includeNulls?: boolean | undefined;
};

export type Condition = {
  fieldCaption: string;
  function: FieldFunction;
  comparison: "=" | "<>" | "<" | "<=" | ">" | ">=";
  value: Value;
};

/** A field of the query that a table calculation runs along. */
export type Address = { fieldCaption: string; function?: FieldFunction | undefined };

export type CustomSort = { fieldCaption: string; function: FieldFunction; direction: SortDirection };

export type TableCalculation = {
  tableCalcType:
    | "CUSTOM"
    | "NESTED"
    | "DIFFERENCE_FROM"
    | "PERCENT_DIFFERENCE_FROM"
    | "PERCENT_FROM"
    | "PERCENT_OF_TOTAL"
    | "RANK"
    | "PERCENTILE"
    | "RUNNING_TOTAL"
    | "MOVING_CALCULATION";
  /** What it runs along; the query's other dimensions part it. */
  dimensions: readonly Address[];
  fieldCaption?: string | undefined;
  levelAddress?: Address | undefined;
  restartEvery?: Address | undefined;
  customSort?: CustomSort | undefined;
  relativeTo?: "PREVIOUS" | "NEXT" | "FIRST" | "LAST" | undefined;
  rankType?: Exclude<RankType, "PERCENTILE"> | undefined;
  direction?: SortDirection | undefined;
  aggregation?: "SUM" | "AVG" | "MIN" | "MAX" | undefined;
  previous?: number | undefined;
  next?: number | undefined;
  includeCurrent?: boolean | undefined;
  fillInNull?: boolean | undefined;
  secondaryTableCalculation?: TableCalculation | undefined;
};
