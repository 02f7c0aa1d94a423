import { type Refusal, refuse } from "../wire/refusals.ts";
import { type ContentType, contentTypes, type Found } from "./found.ts";

/** A search as it was asked for. */
export type SearchRequest = {
  terms: readonly string[];
  types: readonly ContentType[];
  matches: (found: Found) => boolean;
  order: readonly Ordering[];
  page: number;
  limit: number;
};

export type Ordering = { method: OrderMethod; descending: boolean };

/** Tableau REST reference, "Get content search results". */
const orderMethods = [
  "hitsTotal",
  "hitsSmallSpanTotal",
  "hitsMediumSpanTotal",
  "hitsLargeSpanTotal",
  "downstreamWorkbookCount",
] as const;

export type OrderMethod = (typeof orderMethods)[number];

const usualLimit = 10;
/** Items on one page, and in all pages together. */
const mostItems = 2_000;
const mostPaged = 10_000;
const mostTerms = 20;

/** These can be asked for and are never found: they are retired, or newer than the sandbox. */
const emptyTypes: ReadonlySet<string> = new Set(["lens", "collection", "datarole", "metric", "unifieddatasource"]);

export function readSearch(query: URLSearchParams): SearchRequest | Refusal {
  const filter = readFilter(query.get("filter") ?? "");
  if ("code" in filter) return filter;
  const order = readOrder(query.get("order_by") ?? "");
  if ("code" in order) return order;
  const page = wholeNumber(query.get("page"), 0);
  const limit = wholeNumber(query.get("limit"), usualLimit);
  if (page === undefined) return refuse("400006", "The page must be a whole number from 0.");
  if (limit === undefined || limit === 0 || limit > mostItems) {
    return refuse("400007", `The limit must be a whole number from 1 to ${mostItems}.`);
  }
  if (page * limit >= mostPaged) return refuse("400006", `Pages end after ${mostPaged} items.`);
  return { ...filter, terms: wordsOf(query.get("terms") ?? "").slice(0, mostTerms), order, page, limit };
}

/** The words of a text, in lower case. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** `type:in:[workbook,view],ownerId:eq:12,modifiedTime:gte:2022-01-11T08:00:00.000Z`; all of it must hold. */
export function readFilter(written: string): Pick<SearchRequest, "types" | "matches"> | Refusal {
  let types: readonly ContentType[] = contentTypes;
  const tests: ((found: Found) => boolean)[] = [];
  for (const expression of written.split(/,(?![^[]*\])/).filter((part) => part.trim() !== "")) {
    const [, field = "", operator = "", value = ""] = /^([^:]*):([^:]*):(.*)$/s.exec(expression.trim()) ?? [];
    const values = (operator === "in" ? value.replace(/^\[|\]$/g, "").split(",") : [value]).map((one) => one.trim());
    if (field === "type" && (operator === "eq" || operator === "in")) {
      const unknown = values.find((one) => !isType(one) && !emptyTypes.has(one.toLowerCase()));
      if (unknown !== undefined) return refuse("400065", `'${unknown}' is no content type.`);
      const wanted = new Set(values.map((one) => one.toLowerCase()));
      types = types.filter((type) => wanted.has(type));
    } else if (field === "ownerId" || field === "modifiedTime") {
      const test = comparison(field, operator, values);
      if (test === undefined) return refuse("400065", `Invalid filter expression: '${expression}'`);
      tests.push(test);
    } else return refuse("400065", `Unsupported filter expression: '${expression}'`);
  }
  return { types, matches: (found) => tests.every((test) => test(found)) };
}

function comparison(
  field: "ownerId" | "modifiedTime",
  operator: string,
  values: readonly string[],
): ((found: Found) => boolean) | undefined {
  const wanted = values.map((value) => (field === "ownerId" ? Number(value || Number.NaN) : Date.parse(value)));
  const compare = operators.get(operator);
  if (compare === undefined || wanted.some(Number.isNaN)) return undefined;
  // Times are written in whole seconds.
  const valueIn = ({ ownerId, modifiedAt }: Found): number =>
    field === "ownerId" ? ownerId : Math.floor(modifiedAt / 1000) * 1000;
  return (found) => wanted.some((one) => compare(valueIn(found), one));
}

const operators: ReadonlyMap<string, (found: number, wanted: number) => boolean> = new Map([
  ["eq", (found, wanted) => found === wanted],
  ["in", (found, wanted) => found === wanted],
  ["gt", (found, wanted) => found > wanted],
  ["gte", (found, wanted) => found >= wanted],
  ["lt", (found, wanted) => found < wanted],
  ["lte", (found, wanted) => found <= wanted],
]);

function readOrder(written: string): Ordering[] | Refusal {
  const order: Ordering[] = [];
  for (const key of written.split(",").filter((part) => part.trim() !== "")) {
    const [name, direction = "asc", ...rest] = key.trim().split(":");
    const method = orderMethods.find((one) => one === name);
    if (method === undefined || rest.length > 0 || (direction !== "asc" && direction !== "desc")) {
      return refuse("400065", `Invalid order_by expression: '${key}'`);
    }
    order.push({ method, descending: direction === "desc" });
  }
  return order;
}

function isType(written: string): boolean {
  return contentTypes.some((type) => type === written.toLowerCase());
}

function wholeNumber(written: string | null, otherwise: number): number | undefined {
  if (written === null || written === "") return otherwise;
  return /^\d{1,9}$/.test(written) ? Number(written) : undefined;
}
