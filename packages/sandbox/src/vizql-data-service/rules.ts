import type { Table } from "../data/table.ts";
import { refuseVds, type VdsRefusal } from "./errors.ts";
import type { QueryRequest } from "./request.ts";

type Query = QueryRequest["query"];

/** What a query may not be although its schema allows it (the service's help, "Create Queries"). */
export function checkRules({ fields, filters = [] }: Query, table: Table): VdsRefusal | undefined {
  const broken = brokenByFields(fields) ?? brokenByFilters(filters);
  if (broken !== undefined) return refuseVds("400803", broken);
  // What a calculation is called must be new.
  const taken = fields.find(
    ({ calculation, fieldCaption }) =>
      calculation !== undefined && table.fields.some(({ caption }) => caption === fieldCaption),
  );
  if (taken === undefined) return undefined;
  return refuseVds(
    "404935",
    `The data source has a field '${taken.fieldCaption}'; a calculation needs another caption.`,
  );
}

function brokenByFields(fields: Query["fields"]): string | undefined {
  if (fields.length === 0) return "A query needs at least one field.";
  const priorities = new Set<number>();
  for (const field of fields) {
    const broken = brokenByField(field);
    if (broken !== undefined) return broken;
    if (field.sortPriority === undefined) continue;
    if (priorities.has(field.sortPriority)) return `More than one field has the sort priority ${field.sortPriority}.`;
    priorities.add(field.sortPriority);
  }
  return undefined;
}

function brokenByField(field: Query["fields"][number]): string | undefined {
  const { fieldCaption, function: applied, calculation, binSize, maxDecimalPlaces, sortPriority } = field;
  if (fieldCaption === "") return "A field's caption cannot be empty.";
  if (applied !== undefined && calculation !== undefined) {
    return `The field '${fieldCaption}' cannot have both a function and a calculation.`;
  }
  if (binSize !== undefined && (applied !== undefined || calculation !== undefined)) {
    return `The bin field '${fieldCaption}' cannot have a function or a calculation.`;
  }
  if (binSize !== undefined && binSize <= 0) return `The bin size of '${fieldCaption}' must be greater than 0.`;
  if (maxDecimalPlaces !== undefined && maxDecimalPlaces < 0) {
    return `maxDecimalPlaces of '${fieldCaption}' must be greater than or equal to 0.`;
  }
  if (sortPriority !== undefined && sortPriority < 1)
    return `The sort priority of '${fieldCaption}' must be at least 1.`;
  if (field.nestedTableCalculations !== undefined && field.tableCalculation === undefined) {
    return `The field '${fieldCaption}' has nested table calculations and no table calculation.`;
  }
  return undefined;
}

type Filters = NonNullable<Query["filters"]>;

function brokenByFilters(filters: Filters): string | undefined {
  const filtered = new Set<string>();
  for (const filter of filters) {
    const broken =
      brokenByReference(filter.field) ??
      (filter.filterType === "TOP" ? brokenByReference(filter.fieldToMeasure) : undefined) ??
      brokenByOwnRules(filter);
    if (broken !== undefined) return broken;
    const key = JSON.stringify(filter.field);
    if (filtered.has(key)) return `There is more than one filter for the field ${filter.field.fieldCaption ?? key}.`;
    filtered.add(key);
  }
  return undefined;
}

function brokenByReference(field: Filters[number]["field"]): string | undefined {
  const { fieldCaption, function: applied, calculation } = field;
  if ((fieldCaption === undefined) === (calculation === undefined)) {
    return "A filter's field needs either a fieldCaption or a calculation.";
  }
  if (fieldCaption === "") return "A filter's field needs a caption that is not empty.";
  if (applied !== undefined && calculation !== undefined) {
    return "A filter's field cannot have both a function and a calculation.";
  }
  return undefined;
}

function brokenByOwnRules(filter: Filters[number]): string | undefined {
  switch (filter.filterType) {
    case "MATCH":
      return filter.field.function === undefined ? undefined : "A MATCH filter's field cannot have a function.";
    case "TOP":
      return filter.howMany < 1 ? "A TOP filter's howMany must be at least 1." : undefined;
    case "CONDITION":
      return (filter.condition === undefined) === (filter.calculation === undefined)
        ? "A CONDITION filter needs either a condition or a calculation."
        : undefined;
    default:
      return undefined;
  }
}
