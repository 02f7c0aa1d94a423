import { isRefusal, type Refusal, refuse } from "../wire/refusals.ts";
import type { Attribute, Operator, Raw, Resource, Scene } from "./description.ts";
import { type Matcher, matcher } from "./matcher.ts";

/** Leaves of some items those that meet one expression, in their order. */
export type Narrowing<Item> = (items: readonly Item[], scene: Scene) => readonly Item[];

/** One `field:operator:value` of a filter, as it was written. */
type Expression = { field: string; operator: string; value: string };

/** A request's address is short; this only bounds the work of one that is made to be long. */
const mostExpressions = 200;

/**
 * Reads `filter=` (already decoded) into narrowings, which all apply. The grammar is Tableau's ("Filtering and
 * Sorting in the Tableau REST API"): `field:operator:value`, several joined by commas mean AND, `in` takes `[a,b]`,
 * names are case-sensitive. An empty filter is no filter, as public clients send it.
 */
export function parseFilter<Item>(written: string, resource: Resource<Item>): Narrowing<Item>[] | Refusal {
  const expressions = expressionsOf(written);
  if (isRefusal(expressions)) return expressions;
  const narrowings: Narrowing<Item>[] = [];
  for (const expression of effective(expressions)) {
    if (resource.ignoredFilters?.includes(expression.field)) continue;
    const narrowing = narrowingOf(expression, resource);
    if (isRefusal(narrowing)) return narrowing;
    narrowings.push(narrowing);
  }
  return narrowings;
}

/**
 * A value holds colons (times do) but no comma, unless it is a list; spaces before a field do not count. A field begins
 * with none, so that there is one way alone to read many of them.
 */
const nextExpression = /\s*([^:,\s][^:,]*):([^:,]*):(\[[^\]]*\]|[^,]*)(?:,|$)/y;

function expressionsOf(written: string): Expression[] | Refusal {
  // An ampersand ends the filter even when it came encoded: Tableau splits the decoded query once more, so that
  // "Rating & TER" is the value "Rating " (help, "Filtering and Sorting"; TSC issues 632 and 695).
  const [readable = ""] = written.split("&", 1);
  if (readable.trim() === "") return [];
  const expressions: Expression[] = [];
  for (nextExpression.lastIndex = 0; nextExpression.lastIndex < readable.length; ) {
    const start = nextExpression.lastIndex;
    const [, field = "", operator = "", value = ""] = nextExpression.exec(readable) ?? [];
    if (field === "") return refuse("400065", `The filter expression '${readable.slice(start)}' is not valid.`);
    if (expressions.length === mostExpressions) return refuse("400065", "The filter has too many expressions.");
    expressions.push({ field, operator, value });
  }
  return expressions;
}

/**
 * Of a field that is named several times Tableau uses the last reference (help, "Filtering and Sorting").
 * inferred: that is so for the same operator; both ends of a range (`gte` and `lt`) count, as clients mean them.
 */
function effective(expressions: readonly Expression[]): Iterable<Expression> {
  return new Map(expressions.map((expression) => [`${expression.field}:${expression.operator}`, expression])).values();
}

function narrowingOf<Item>(
  { field, operator, value }: Expression,
  resource: Resource<Item>,
): Narrowing<Item> | Refusal {
  const attribute = resource.attributes.find(({ name }) => name === field);
  if (attribute?.filter === undefined) return refuse("400065", `The filter field '${field}' is not supported.`);
  const known = attribute.filter.find((name) => name === operator);
  if (known === undefined) {
    return refuse("400065", `The operator '${operator}' is not supported for the filter field '${field}'.`);
  }
  const matches = readMatcher(attribute, known, value);
  if (isRefusal(matches)) return matches;
  const { from } = attribute;
  return (items, scene) => {
    // One loop, not a test that is handed to a filter: lists may have 100,000 items.
    const left: Item[] = [];
    for (const item of items) {
      const found = from(item, scene);
      if (found === undefined) continue;
      if (typeof found === "object" ? found.some(matches) : matches(found)) left.push(item);
    }
    return left;
  };
}

function readMatcher<Item>(attribute: Attribute<Item>, operator: Operator, value: string): Matcher | Refusal {
  const parts = operator === "in" ? listed(value) : [value];
  // Tableau's own words, also for a list that does not end (TSC issue 695).
  if (parts === undefined || parts.includes("")) {
    return refuse("400065", `The filter query is missing a value for key '${attribute.name}'.`);
  }
  const wanted: Raw[] = [];
  for (const part of parts) {
    const raw = readValue(part, attribute);
    if (raw === undefined) return refuse("400065", `'${part}' is not a value of the filter field '${attribute.name}'.`);
    wanted.push(raw);
  }
  return matcher(operator, wanted);
}

function readValue<Item>(written: string, { type }: Attribute<Item>): Raw | undefined {
  switch (type) {
    case "boolean": {
      const lower = written.toLowerCase(); // clients print Python's True and False
      return lower === "true" ? true : lower === "false" ? false : undefined;
    }
    case "integer":
    case "int":
      return /^-?\d{1,15}$/.test(written) ? Number(written) : undefined;
    case "dateTime": {
      // With `Z` or an offset: Tableau takes both (tableau-mcp's notes on its filters).
      const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(written);
      const time = isTime ? Date.parse(written) : Number.NaN;
      return Number.isNaN(time) ? undefined : time;
    }
    case "luid":
      return written.toLowerCase();
    case "string":
      return written;
  }
}

/** `[a,b]`; inferred: one value may stand without brackets. */
function listed(value: string): string[] | undefined {
  if (!value.startsWith("[")) return [value];
  return value.endsWith("]") ? value.slice(1, -1).split(",") : undefined;
}
