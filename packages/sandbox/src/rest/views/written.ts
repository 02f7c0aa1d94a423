import { monthNames, parseDate } from "../../data/dates.ts";
import type { FieldFunction, Value } from "../../data/table.ts";
import type { ShelfField } from "./sheet.ts";

/** Tableau's automatic number format in a view's data: thousands apart, and up to nine decimals. */
const automatic = new Intl.NumberFormat("en-US", { maximumFractionDigits: 9 });

export function writeMeasure(value: Value): string {
  if (value === null) return "";
  return typeof value === "number" ? automatic.format(value) : writeDimension(value, { caption: "" });
}

/** A member of a dimension as Tableau shows it: `January 2024`, `2024 Q1`, `True`, `Null`. */
export function writeDimension(value: Value, { function: applied }: ShelfField): string {
  if (value === null) return "Null";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return writePart(value, applied);
  const at = /^\d{4}-\d\d-\d\d/.test(value) ? parseDate(value) : undefined;
  return at === undefined ? value : writeDate(new Date(at), applied, value.length > 10);
}

function writePart(value: number, applied: FieldFunction | undefined): string {
  if (applied === "MONTH") return monthNames[value - 1] ?? String(value);
  return applied === "QUARTER" ? `Q${value}` : String(value);
}

function writeDate(date: Date, applied: FieldFunction | undefined, hasTime: boolean): string {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (applied) {
    case "TRUNC_YEAR":
      return String(year);
    case "TRUNC_QUARTER":
      return `${year} Q${Math.floor(month / 3) + 1}`;
    case "TRUNC_MONTH":
      return `${monthNames[month]} ${year}`;
    case "TRUNC_WEEK":
    case "TRUNC_DAY":
      return `${monthNames[month]} ${day}, ${year}`;
    default:
      return hasTime ? `${month + 1}/${day}/${year} ${writeTime(date)}` : `${month + 1}/${day}/${year}`;
  }
}

function writeTime(date: Date): string {
  const [hour, minute, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)}:${two(second)} ${hour < 12 ? "AM" : "PM"}`;
}

/** What a filter's value means: the value as the data has it, and the part of a date that it is. */
export type Meaning = { value: Value; part?: FieldFunction };

/**
 * Reads a filter's value. Dates are taken in the ways in which Tableau takes and shows them; anything else stays as it
 * is written, and equals nothing unless it is exactly that.
 */
export function readValue(written: string, part: FieldFunction | undefined, isDate: boolean): Meaning {
  if (written === "Null") return { value: null }; // inferred
  if (!isDate) return { value: written };
  const [, month = "", day = "", year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(written) ?? [];
  const date = year === undefined ? written : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (part === undefined) return { value: date };
  return /^\d{4}-\d\d-\d\d/.test(date) ? { value: date, part: truncationOf(part) } : readPart(written, part);
}

/** `January`, `Q1` and `2024` are parts of dates; `January 2024` and `2024 Q1` are dates cut to a part. */
function readPart(written: string, part: FieldFunction): Meaning {
  const [, name = "", ofYear] = /^([A-Za-z]+)(?: (\d{4}))?$/.exec(written) ?? [];
  const month = monthNames.findIndex((known) => known.toLowerCase() === name.toLowerCase()) + 1;
  if (month > 0) {
    return ofYear === undefined
      ? { value: month, part: "MONTH" }
      : { value: firstOf(ofYear, month), part: "TRUNC_MONTH" };
  }
  const [, year, quarter] = /^(?:(\d{4}) )?Q([1-4])$/.exec(written) ?? [];
  if (quarter !== undefined) {
    return year === undefined
      ? { value: Number(quarter), part: "QUARTER" }
      : { value: firstOf(year, Number(quarter) * 3 - 2), part: "TRUNC_QUARTER" };
  }
  return { value: written, part };
}

function firstOf(year: string, month: number): string {
  return `${year}-${String(month).padStart(2, "0")}-01`;
}

function truncationOf(part: FieldFunction): FieldFunction {
  const cut: Partial<Record<FieldFunction, FieldFunction>> = {
    YEAR: "TRUNC_YEAR",
    QUARTER: "TRUNC_QUARTER",
    MONTH: "TRUNC_MONTH",
    WEEK: "TRUNC_WEEK",
    DAY: "TRUNC_DAY",
  };
  return cut[part] ?? part;
}
