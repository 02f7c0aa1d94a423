import { type FieldFunction, fieldOf, type Table } from "../../data/table.ts";
import type { ShelfField } from "./sheet.ts";

/** What Tableau writes before the caption of a field that something is done to. A sum has its field's caption alone. */
const prefixes: ReadonlyMap<FieldFunction, string> = new Map([
  ["AVG", "Avg. "],
  ["MEDIAN", "Median "],
  ["COUNT", "Count of "],
  ["COUNTD", "Distinct count of "],
  ["MIN", "Min. "],
  ["MAX", "Max. "],
  ["STDEV", "Std. dev. of "],
  ["VAR", "Variance of "],
  ["YEAR", "Year of "],
  ["QUARTER", "Quarter of "],
  ["MONTH", "Month of "],
  ["WEEK", "Week of "],
  ["DAY", "Day of "],
  ["TRUNC_YEAR", "Year of "],
  ["TRUNC_QUARTER", "Quarter of "],
  ["TRUNC_MONTH", "Month of "],
  ["TRUNC_WEEK", "Week of "],
  ["TRUNC_DAY", "Day of "],
]);

/** What a field is called in the header of a view's data, e.g. `Month of Order Date`. */
export function captionOf({ caption, function: applied }: ShelfField): string {
  return `${applied === undefined ? "" : (prefixes.get(applied) ?? "")}${caption}`;
}

const dateParts: readonly FieldFunction[] = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY"];

export function isDatePart(applied: FieldFunction | undefined): boolean {
  return applied !== undefined && (dateParts.includes(applied) || isTruncation(applied));
}

export function isTruncation(applied: FieldFunction | undefined): boolean {
  return applied?.startsWith("TRUNC_") ?? false;
}

export function isMeasure(table: Table, { caption, function: applied }: ShelfField): boolean {
  if (isDatePart(applied)) return false;
  return applied === undefined ? fieldOf(table, caption)?.role === "MEASURE" : true;
}

/** How Tableau's files name what is done to a field, e.g. `[tmn:Order Date:qk]`. */
const instances: ReadonlyMap<FieldFunction, string> = new Map([
  ["SUM", "sum"],
  ["AVG", "avg"],
  ["MEDIAN", "med"],
  ["COUNT", "cnt"],
  ["COUNTD", "ctd"],
  ["MIN", "min"],
  ["MAX", "max"],
  ["STDEV", "std"],
  ["VAR", "var"],
  ["YEAR", "yr"],
  ["QUARTER", "qr"],
  ["MONTH", "mn"],
  ["WEEK", "wk"],
  ["DAY", "dy"],
  ["TRUNC_YEAR", "tyr"],
  ["TRUNC_QUARTER", "tqr"],
  ["TRUNC_MONTH", "tmn"],
  ["TRUNC_WEEK", "twk"],
  ["TRUNC_DAY", "tdy"],
]);

/**
 * Where a column stands among the dimensions or among the measures of a view's data. inferred, from the data of views
 * that public clients show: in the order of the names inside of Tableau's files, in which calculations come first.
 */
export function placeOf(table: Table, field: ShelfField): string {
  const stored = fieldOf(table, field.caption);
  const isCalculation = stored?.columnClass === "CALCULATION" && field.function === undefined;
  const name = isCalculation ? stored.name : `${instances.get(field.function ?? "NONE") ?? "none"}:${field.caption}`;
  return name.toLowerCase();
}

/**
 * The field that a filter names: by its caption, by the header of a view's data (`Month of Order Date`), or as a formula
 * (`MONTH(Order Date)`). Letter case counts (Tableau help, "Structure of View URLs"). Undefined when there is none.
 */
export function fieldNamed(table: Table, name: string): ShelfField | undefined {
  if (fieldOf(table, name) !== undefined) return { caption: name };
  const [, formula = "", inside = ""] = /^([A-Z]+)\((.+)\)$/.exec(name) ?? [];
  for (const part of dateParts) {
    const prefix = prefixes.get(part) ?? "";
    const caption = formula === part ? inside : name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
    const stored = caption === undefined ? undefined : fieldOf(table, caption);
    if (stored?.dataType === "DATE" || stored?.dataType === "DATETIME")
      return { caption: stored.caption, function: part };
  }
  return undefined;
}
