import { certification, type Label, type LabelValue, sensitivity, warning } from "./model.ts";

/** What data quality warnings and certifications call their types, before they were labels, and the labels' values. */
const values: ReadonlyMap<string, string> = new Map([
  ["CERTIFICATION", "Certified"],
  ["WARNING", "Warning"],
  ["DEPRECATED", "Deprecated"],
  ["STALE", "Stale data"],
  ["MAINTENANCE", "Under maintenance"],
  ["SENSITIVE_DATA", "Sensitive data"],
  ["EXTRACT_REFRESH_FAILURE", "Extract refresh failed"],
  ["FLOW_RUN_FAILURE", "Flow run failed"],
]);

const types: ReadonlyMap<string, string> = new Map([...values].map(([type, value]) => [value, type]));

/** `WARNING`, `DEPRECATED`, …; a value that a site made for itself is its own type (inferred). */
export function warningTypeOf({ value }: Pick<Label, "value">): string {
  return types.get(value) ?? value.toUpperCase().replaceAll(" ", "_");
}

/** The value that a warning of this type is a label with, in any letter case. */
export function valueOfType(type: string, known: Iterable<LabelValue>): LabelValue | undefined {
  const wanted = type.trim().toUpperCase();
  return Array.from(known).find((value) => warningTypeOf({ value: value.name }) === wanted);
}

/** Warnings of sensitive data are labels of another category. */
export function isWarning({ category }: { category: string }): boolean {
  return category === warning || category === sensitivity;
}

/** A label category by any of its names: Tableau's own clients call one of them `DataQualityWarning`. */
export function categoryOf(written: string): string {
  const name = written.trim().toLowerCase();
  return name === "dataqualitywarning" ? warning : name === "certified" ? certification : name;
}
