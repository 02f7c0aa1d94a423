import { type Refusal, refuse } from "../wire/refusals.ts";
import type { Attribute, Operator, Raw, Resource, Scene } from "./description.ts";

export type Predicate<Item> = (item: Item, scene: Scene) => boolean;

/**
 * Reads `filter=` (already decoded): `field:op:value`, several joined by commas mean AND, `in` takes `[a,b]`. Split at
 * the first two colons only, because times hold colons; an empty filter is no filter, as public clients send it.
 */
export function parseFilter<Item>(written: string, resource: Resource<Item>): Predicate<Item> | Refusal {
  const predicates: Predicate<Item>[] = [];
  for (const expression of splitOutsideBrackets(written)) {
    const predicate = parseExpression(expression, resource);
    if (typeof predicate !== "function") return predicate;
    predicates.push(predicate);
  }
  return (item, scene) => predicates.every((predicate) => predicate(item, scene));
}

function parseExpression<Item>(expression: string, resource: Resource<Item>): Predicate<Item> | Refusal {
  const match = /^([^:]*):([^:]*):(.*)$/s.exec(expression);
  if (match === null) return refuse("400065", `Invalid filter expression: '${expression}'`);
  const [, field = "", operator = "", value = ""] = match;
  const attribute = resource.attributes.find(({ name }) => name === field);
  if (attribute?.filter === undefined) return refuse("400065", `Unsupported filter field: '${field}'`);
  const known = attribute.filter.find((name) => name === operator);
  if (known === undefined) return refuse("400065", `Unsupported operator '${operator}' for the field '${field}'`);
  return comparison(attribute, known, value);
}

function comparison<Item>(attribute: Attribute<Item>, operator: Operator, value: string): Predicate<Item> | Refusal {
  const wanted: Raw[] = [];
  for (const part of operator === "in" ? listed(value) : [value]) {
    const raw = readValue(part, attribute);
    if (raw === undefined) return refuse("400065", `Invalid value '${part}' for the filter field '${attribute.name}'`);
    wanted.push(raw);
  }
  const test = tests[operator];
  return (item, scene) => {
    const found = attribute.from(item, scene);
    if (found === undefined) return false;
    const values: readonly Raw[] = typeof found === "object" ? found : [found];
    return values.some((one) => wanted.some((other) => test(one, other)));
  };
}

const tests: Record<Operator, (found: Raw, wanted: Raw) => boolean> = {
  eq: (found, wanted) => found === wanted,
  in: (found, wanted) => found === wanted,
  gt: (found, wanted) => found > wanted,
  gte: (found, wanted) => found >= wanted,
  lt: (found, wanted) => found < wanted,
  lte: (found, wanted) => found <= wanted,
  has: (found, wanted) => String(found).includes(String(wanted)),
  cieq: (found, wanted) => String(found).toLowerCase() === String(wanted).toLowerCase(),
};

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
      const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(written)
        ? Date.parse(written)
        : NaN;
      return Number.isNaN(time) ? undefined : time;
    }
    case "luid":
      return written.toLowerCase();
    case "string":
      return written;
  }
}

function listed(value: string): string[] {
  return value.replace(/^\[/, "").replace(/\]$/, "").split(",");
}

function splitOutsideBrackets(written: string): string[] {
  if (written.trim() === "") return [];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < written.length; at++) {
    if (written[at] === "[") depth++;
    if (written[at] === "]") depth--;
    if (written[at] !== "," || depth > 0) continue;
    parts.push(written.slice(start, at));
    start = at + 1;
  }
  return [...parts, written.slice(start)];
}
