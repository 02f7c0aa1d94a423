import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptySite } from "../site/site.ts";
import type { Element } from "../wire/element.ts";
import { isRefusal } from "../wire/refusals.ts";
import type { Operator, Resource, Scene } from "./description.ts";
import { drawPage } from "./listing.ts";
import { equality, exactly, ordered } from "./operators.ts";

/** Anything with a value of each type, any of which may be missing. */
type Thing = {
  id: string;
  name: string | undefined;
  size: number | undefined;
  at: number | undefined;
  open: boolean | undefined;
  tags: string[];
};

const things: Resource<Thing> = {
  element: "thing",
  plural: "things",
  attributes: [
    { name: "id", type: "luid", from: ({ id }) => id, sort: true },
    { name: "name", type: "string", from: ({ name }) => name, filter: [...equality, "has", "cieq"], sort: true },
    { name: "size", type: "integer", from: ({ size }) => size, filter: ordered, sort: true },
    { name: "at", type: "dateTime", from: ({ at }) => at, filter: ordered, sort: true },
    { name: "open", type: "boolean", from: ({ open }) => open, filter: exactly, sort: true },
    { name: "tags", type: "string", from: ({ tags }) => tags, show: "never", filter: equality },
  ],
};

const scene: Scene = { site: emptySite("test", "Test", 0), now: 0, origin: "http://127.0.0.1" };

// Few different letters, so that values are often equal, begin alike, and differ late.
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "B", " ", "-", "é", "ÿ", "漢", "😀"), maxLength: 9 }),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
/** Without what a filter cannot hold or reads as its own: commas, ampersands, brackets, and no value at all. */
const writable = word.map((value) => value.replaceAll(/[,&*[\]]/g, "")).filter((value) => value !== "");

const thing = fc.record({
  name: fc.option(fc.oneof(word, fc.constantFrom("same name 1", "same name 2")), { nil: undefined }),
  size: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
  at: fc.option(
    fc.integer({ min: 0, max: 5 }).map((seconds) => seconds * 1000),
    { nil: undefined },
  ),
  open: fc.option(fc.boolean(), { nil: undefined }),
  tags: fc.array(fc.constantFrom("one", "two", "three"), { maxLength: 2 }),
});
const collection = fc
  .array(thing, { maxLength: 60 })
  .map((items) => items.map((item, index): Thing => ({ id: `id-${index}`, ...item })));

/** One filter expression: how it is written, and what it means. */
type Meaning = { field: string; operator: Operator; written: string; holds: (item: Thing) => boolean };

const order: Partial<Record<Operator, (one: number, other: number) => boolean>> = {
  eq: (one, other) => one === other,
  gt: (one, other) => one > other,
  gte: (one, other) => one >= other,
  lt: (one, other) => one < other,
  lte: (one, other) => one <= other,
};

function numeric(field: "size" | "at", write: (value: number) => string, values: fc.Arbitrary<number>) {
  return fc.tuple(fc.constantFrom(...ordered), values).map(
    ([operator, value]): Meaning => ({
      field,
      operator,
      written: `${field}:${operator}:${write(value)}`,
      holds: (item) => item[field] !== undefined && order[operator]?.(item[field], value) === true,
    }),
  );
}

const expression: fc.Arbitrary<Meaning> = fc.oneof(
  numeric("size", String, fc.integer({ min: -4, max: 4 })),
  numeric(
    "at",
    (value) => new Date(value).toISOString(),
    fc.integer({ min: 0, max: 5 }).map((seconds) => seconds * 1000),
  ),
  fc.boolean().map(
    (value): Meaning => ({
      field: "open",
      operator: "eq",
      written: `open:eq:${value ? "True" : "false"}`,
      holds: ({ open }) => open === value,
    }),
  ),
  writable.map(
    (value): Meaning => ({
      field: "name",
      operator: "eq",
      written: `name:eq:${value}`,
      holds: ({ name }) => name === value,
    }),
  ),
  writable.map(
    (value): Meaning => ({
      field: "name",
      operator: "has",
      written: `name:has:${value}`,
      holds: ({ name }) => name?.includes(value) === true,
    }),
  ),
  writable.map(
    (value): Meaning => ({
      field: "name",
      operator: "cieq",
      written: `name:cieq:${value.toUpperCase()}`,
      holds: ({ name }) => name?.toLowerCase() === value.toUpperCase().toLowerCase(),
    }),
  ),
  fc.array(writable, { minLength: 1, maxLength: 3 }).map(
    (values): Meaning => ({
      field: "name",
      operator: "in",
      written: `name:in:[${values.join(",")}]`,
      holds: ({ name }) => name !== undefined && values.includes(name),
    }),
  ),
  fc.subarray(["one", "two", "three", "none"], { minLength: 1 }).map(
    (values): Meaning => ({
      field: "tags",
      operator: "in",
      written: `tags:in:[${values.join(",")}]`,
      holds: ({ tags }) => tags.some((tag) => values.includes(tag)),
    }),
  ),
);

const sortFields = ["id", "name", "size", "at", "open"] as const;
const sorting = fc.uniqueArray(fc.tuple(fc.constantFrom(...sortFields), fc.constantFrom("asc", "desc")), {
  selector: ([field]) => field,
  maxLength: 4,
});

/** The obvious way: test each, sort all, cut out the page. */
function naive(items: readonly Thing[], meanings: readonly Meaning[], keys: readonly (readonly [string, string])[]) {
  const last = new Map(meanings.map((meaning) => [`${meaning.field} ${meaning.operator}`, meaning]));
  const left = items.filter((item) => last.values().every(({ holds }) => holds(item)));
  return left.toSorted((one, other) => {
    for (const [field, direction] of keys) {
      const [first, second] = sortFields.flatMap((name) => (name === field ? [one[name], other[name]] : []));
      const sign = direction === "asc" ? 1 : -1;
      if (first === second) continue;
      if (first === undefined || second === undefined) return first === undefined ? -sign : sign;
      return first < second ? -sign : sign;
    }
    return 0;
  });
}

function idsOf(elements: Element[]): string[] {
  const [, page] = elements;
  return page?.kind === "list" ? page.items.map((item) => String(item.kind === "record" && item.attributes.id)) : [];
}

describe("filter, sort and page", () => {
  test("agree with a naive model over any data", () => {
    const page = fc.record({ size: fc.integer({ min: 1, max: 20 }), number: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(collection, fc.array(expression, { maxLength: 3 }), sorting, page, (items, filter, keys, page) => {
        const expected = naive(items, filter, keys);
        const query = new URLSearchParams({
          filter: filter.map(({ written }) => written).join(","),
          sort: keys.map((key) => key.join(":")).join(","),
          pageSize: String(page.size),
          pageNumber: String(page.number),
        });
        const drawn = drawPage(things, items, query, scene);
        const start = (page.number - 1) * page.size;
        if (page.number > 1 && start >= expected.length) {
          expect(drawn).toMatchObject({ kind: "refusal", code: "400006" });
          return;
        }
        if (isRefusal(drawn)) throw new Error(`${query} was refused: ${drawn.detail}`);
        expect(idsOf(drawn), query.toString()).toEqual(expected.slice(start, start + page.size).map(({ id }) => id));
        expect(drawn[0]).toMatchObject({ attributes: { totalAvailable: String(expected.length) } });
      }),
      { numRuns: 2_000 },
    );
  });

  test("a wildcard agrees with the regular expression that it stands for", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "."), minLength: 1, maxLength: 7 });
    const name = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 });
    fc.assert(
      fc.property(pattern, fc.array(name), (pattern, names) => {
        const items = names.map((name, index): Thing => ({ ...nothing, id: `id-${index}`, name }));
        const expected = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
        const drawn = drawPage(things, items, new URLSearchParams({ filter: `name:eq:${pattern}` }), scene);
        if (isRefusal(drawn)) throw new Error(drawn.detail);
        expect(idsOf(drawn)).toEqual(items.filter(({ name }) => expected.test(name ?? "")).map(({ id }) => id));
      }),
      { numRuns: 2_000 },
    );
  });

  test("a wildcard takes no time, however it is made", () => {
    const items = [{ ...nothing, id: "id", name: "a".repeat(20_000) }];
    const start = performance.now();
    drawPage(things, items, new URLSearchParams({ filter: `name:eq:${"*a".repeat(2_000)}*b` }), scene);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test("any text as a filter, a sort or fields is read or refused", () => {
    const piece = fc.constantFrom("name", "size", "at", ":", ",", "eq", "in", "[", "]", "*", "asc", "&", " ", "1", ".");
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, text, text, (filter, sort, fields) => {
        const drawn = drawPage(things, [], new URLSearchParams({ filter, sort, fields }), scene);
        if (isRefusal(drawn)) expect(drawn.code).toBe("400065");
      }),
      { numRuns: 2_000 },
    );
  });
});

const nothing: Omit<Thing, "id"> = { name: undefined, size: undefined, at: undefined, open: undefined, tags: [] };
