/** A table made of an answer whose shape is not known beforehand. */
export type Rows = { columns: string[]; rows: Record<string, unknown>[]; total: number };

/** No table is drawn beyond these: the JSON holds the rest. */
export const maxRows = 200;
export const maxColumns = 16;

/**
 * The first array of objects in an answer, breadth first, as a table; nested objects become columns such as
 * `owner.name`. `empty` where there is a list but nothing in it, `none` where there is no list at all.
 *
 * Tableau leaves an empty list out: `{"pagination": {"totalAvailable": "0"}, "projects": {}}`.
 */
export function rowsOf(answer: unknown): Rows | "empty" | "none" {
  const list = firstList(answer);
  if (list === undefined) return saysNothingAvailable(answer) ? "empty" : "none";
  if (list.length === 0) return "empty";
  const rows = list.slice(0, maxRows).map((item) => flatten(item));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns: [...columns].sort(byReading).slice(0, maxColumns), rows, total: list.length };
}

/** A column's title: `contentPermissions` → `Content permissions`, `owner.id` → `Owner id`. */
export function columnTitle(column: string): string {
  const words = column
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[._-]+/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function firstList(answer: unknown): Record<string, unknown>[] | undefined {
  let level: unknown[] = [answer];
  // Real answers are three levels deep; the bound keeps a hostile one from being walked whole.
  for (let depth = 0; depth < 6 && level.length > 0; depth++) {
    for (const value of level) if (Array.isArray(value) && value.every(isRecord)) return value;
    level = level.flatMap((value) => (isRecord(value) ? Object.values(value) : []));
  }
  return undefined;
}

function saysNothingAvailable(answer: unknown): boolean {
  return isRecord(answer) && isRecord(answer.pagination) && String(answer.pagination.totalAvailable ?? "") === "0";
}

function flatten(item: Record<string, unknown>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(item)) {
    if (!isRecord(value)) row[key] = value;
    else for (const [inner, innerValue] of Object.entries(value)) row[`${key}.${inner}`] = innerValue;
  }
  return row;
}

/** Names first, ids last, everything else as it came. */
function byReading(one: string, other: string): number {
  return rank(one) - rank(other);
}

function rank(column: string): number {
  if (column === "name" || column === "title") return 0;
  if (column === "id" || column.endsWith(".id") || column.endsWith("Id") || column === "luid") return 2;
  return 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
