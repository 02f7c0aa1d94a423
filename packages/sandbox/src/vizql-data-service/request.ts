import * as z from "zod";
import { refuseVds, type VdsRefusal } from "./errors.ts";

/**
 * What requests may hold, after the service's public OpenAPI description. That of 2025.3 has neither
 * `list-supported-functions`, row limits nor conditions; the sandbox takes what 2026.1 takes, for Cloud is ahead of
 * Server. What neither knows is refused.
 */
const functions = z.enum([
  ...(["SUM", "AVG", "MEDIAN", "COUNT", "COUNTD", "MIN", "MAX", "STDEV", "VAR", "COLLECT"] as const),
  ...(["YEAR", "QUARTER", "MONTH", "WEEK", "DAY"] as const),
  ...(["TRUNC_YEAR", "TRUNC_QUARTER", "TRUNC_MONTH", "TRUNC_WEEK", "TRUNC_DAY"] as const),
  ...(["AGG", "NONE", "UNSPECIFIED"] as const),
]);

const direction = z.enum(["ASC", "DESC"]);
const computed = z.enum(["SUM", "AVG", "MIN", "MAX"]);
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** More fields, filters or values than these are refused. inferred: that the service has such bounds. */
const mostItems = 500;
const mostValues = 20_000;

const address = z.strictObject({ fieldCaption: z.string(), function: functions.optional() });

/** All types of table calculations at once; rules.ts knows which holds what. */
const tableCalculation = z.strictObject({
  tableCalcType: z.enum([
    "CUSTOM",
    "NESTED",
    "DIFFERENCE_FROM",
    "PERCENT_DIFFERENCE_FROM",
    "PERCENT_FROM",
    "PERCENT_OF_TOTAL",
    "RANK",
    "PERCENTILE",
    "RUNNING_TOTAL",
    "MOVING_CALCULATION",
  ]),
  dimensions: z.array(address).max(mostItems),
  fieldCaption: z.string().optional(),
  levelAddress: address.optional(),
  restartEvery: address.optional(),
  customSort: z.strictObject({ fieldCaption: z.string(), function: functions, direction }).optional(),
  relativeTo: z.enum(["PREVIOUS", "NEXT", "FIRST", "LAST"]).optional(),
  rankType: z.enum(["COMPETITION", "MODIFIED COMPETITION", "DENSE", "UNIQUE"]).optional(),
  direction: direction.optional(),
  aggregation: computed.optional(),
  previous: z.int().optional(),
  next: z.int().optional(),
  includeCurrent: z.boolean().optional(),
  fillInNull: z.boolean().optional(),
  get secondaryTableCalculation() {
    return tableCalculation.optional();
  },
});

const field = z.strictObject({
  fieldCaption: z.string(),
  fieldAlias: z.string().optional(),
  maxDecimalPlaces: z.int().optional(),
  sortDirection: direction.optional(),
  sortPriority: z.int().optional(),
  function: functions.optional(),
  calculation: z.string().optional(),
  binSize: z.number().optional(),
  tableCalculation: tableCalculation.optional(),
  nestedTableCalculations: z.array(tableCalculation).max(mostItems).optional(),
});

const filterField = z.strictObject({
  fieldCaption: z.string().optional(),
  function: functions.optional(),
  calculation: z.string().optional(),
});

const anyFilter = { field: filterField, context: z.boolean().optional() };

const quantitative = {
  ...anyFilter,
  quantitativeFilterType: z.enum(["RANGE", "MIN", "MAX", "ONLY_NULL", "ONLY_NON_NULL"]),
  includeNulls: z.boolean().optional(),
};

const filter = z.discriminatedUnion("filterType", [
  z.strictObject({
    ...anyFilter,
    filterType: z.literal("SET"),
    values: z.array(value).max(mostValues),
    exclude: z.boolean().optional(),
  }),
  z.strictObject({
    ...anyFilter,
    filterType: z.literal("MATCH"),
    startsWith: z.string().optional(),
    endsWith: z.string().optional(),
    contains: z.string().optional(),
    exclude: z.boolean().optional(),
  }),
  z.strictObject({
    ...quantitative,
    filterType: z.literal("QUANTITATIVE_NUMERICAL"),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  z.strictObject({
    ...quantitative,
    filterType: z.literal("QUANTITATIVE_DATE"),
    minDate: z.string().optional(),
    maxDate: z.string().optional(),
  }),
  z.strictObject({
    ...anyFilter,
    filterType: z.literal("DATE"),
    periodType: z.enum(["MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "QUARTERS", "YEARS"]),
    dateRangeType: z.enum(["CURRENT", "LAST", "LASTN", "NEXT", "NEXTN", "TODATE"]),
    rangeN: z.int().optional(),
    anchorDate: z.string().optional(),
    includeNulls: z.boolean().optional(),
  }),
  z.strictObject({
    ...anyFilter,
    filterType: z.literal("TOP"),
    direction: z.enum(["TOP", "BOTTOM"]).optional(),
    howMany: z.int(),
    fieldToMeasure: filterField,
  }),
  z.strictObject({
    ...anyFilter,
    filterType: z.literal("CONDITION"),
    condition: z
      .strictObject({
        fieldCaption: z.string(),
        function: functions,
        comparison: z.enum(["=", "<>", "<", "<=", ">", ">="]),
        value,
      })
      .optional(),
    calculation: z.string().optional(),
  }),
]);

const datasource = z.strictObject({
  datasourceLuid: z.string(),
  // Credentials for connections without embedded ones. The sandbox's need none.
  connections: z
    .array(
      z.strictObject({
        connectionLuid: z.string().optional(),
        connectionUsername: z.string(),
        connectionPassword: z.string(),
      }),
    )
    .max(mostItems)
    .optional(),
});

const anyOptions = {
  debug: z.boolean().optional(),
  bypassMetadataCache: z.boolean().optional(),
  interpretFieldCaptionsAsFieldNames: z.boolean().optional(),
  includeHiddenFields: z.boolean().optional(),
  includeGroupFormulas: z.boolean().optional(),
};

// Public clients send the format with requests for metadata too.
const returnFormat = z.enum(["OBJECTS", "ARRAYS"]).optional();

/** A request about a data source: its metadata, its model, its functions. */
export const datasourceRequest = z.strictObject({
  datasource,
  options: z.strictObject({ ...anyOptions, returnFormat }).optional(),
});

export const queryRequest = z.strictObject({
  datasource,
  query: z.strictObject({
    fields: z.array(field).max(mostItems),
    filters: z.array(filter).max(mostItems).optional(),
    parameters: z
      .array(z.strictObject({ parameterCaption: z.string(), value }))
      .max(mostItems)
      .optional(),
  }),
  options: z
    .strictObject({
      ...anyOptions,
      returnFormat,
      disaggregate: z.boolean().optional(),
      rowLimit: z.int().min(1).optional(),
      returnServerSentEvents: z.boolean().optional(),
    })
    .optional(),
});

export type QueryRequest = z.output<typeof queryRequest>;

/**
 * Checks a request. What no schema knows is "unrecognized", with HTTP 404, as the service of 2025.1 says it (issue 19 of
 * tableau/VizQL-Data-Service); inferred: that it has the code of unknown fields.
 */
export function readRequest<Schema extends z.ZodType>(schema: Schema, content: unknown): z.output<Schema> | VdsRefusal {
  const result = schema.safeParse(withoutNulls(content, 0));
  if (result.success) return result.data;
  const unrecognized = result.error.issues.find((issue) => issue.code === "unrecognized_keys");
  if (unrecognized !== undefined) {
    const path = [...unrecognized.path, unrecognized.keys[0] ?? ""].join("->");
    return refuseVds("404934", `Unrecognized field in request: ${path}.`);
  }
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the request" : issue.path.join("->");
  return refuseVds("400802", `Invalid request: ${where}: ${issue?.message ?? "not understood"}.`);
}

/** How deep a request may nest; deeper is cut off, and refused by the schemas. */
const deepest = 64;

/** A null says that there is nothing, but in a list of values. */
function withoutNulls(content: unknown, depth: number): unknown {
  if (typeof content !== "object" || content === null || depth > deepest) return depth > deepest ? undefined : content;
  if (Array.isArray(content)) return content.map((item) => withoutNulls(item, depth + 1));
  const present = Object.entries(content).filter(([, item]) => item !== null);
  return Object.fromEntries(present.map(([key, item]) => [key, withoutNulls(item, depth + 1)]));
}
