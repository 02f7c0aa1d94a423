import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { connectionOf, metadataOf } from "../testing/metadata.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let all: Map<string, Row[]>;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  all = new Map();
  for (const { list, attributes } of lists) {
    const rows = await metadataOf(ana).rows(`{ ${list} { ${attributes.join(" ")} } }`);
    all.set(list, z.array(rowSchema).parse(rows));
  }
});
afterAll(() => sandbox.close());

const rowSchema = z.record(z.string(), z.union([z.string(), z.boolean(), z.null()]));
type Row = z.output<typeof rowSchema>;

/** Lists, what is filtered by, and what can be sorted by. */
const lists = [
  { list: "workbooks", attributes: ["id", "luid", "name", "projectName"], sorts: ["NAME", "ID"] },
  { list: "publishedDatasources", attributes: ["id", "luid", "name", "projectName"], sorts: ["NAME", "ID"] },
  { list: "sheets", attributes: ["id", "luid", "name"], sorts: ["NAME", "ID"] },
  { list: "databaseTables", attributes: ["id", "luid", "name", "schema"], sorts: ["NAME", "ID"] },
  { list: "columns", attributes: ["id", "name"], sorts: ["NAME", "ID"] },
] as const;

type Asked = {
  list: (typeof lists)[number];
  /** For each attribute: which of its values, by chance. Some of them nothing has. */
  filter: { attribute: string; picks: number[]; within: boolean }[];
  sort: { field: string; direction: "ASC" | "DESC" } | undefined;
  offset: number;
  first: number;
};

const asked: fc.Arbitrary<Asked> = fc.constantFrom(...lists).chain((list) =>
  fc.record({
    list: fc.constant(list),
    filter: fc.uniqueArray(
      fc.record({
        attribute: fc.constantFrom(...list.attributes),
        picks: fc.array(fc.nat({ max: 10_000 }), { maxLength: 12 }),
        within: fc.boolean(),
      }),
      { maxLength: 2, selector: ({ attribute, within }) => `${attribute} ${within}` },
    ),
    sort: fc.option(
      fc.record({
        field: fc.constantFrom(...list.sorts),
        direction: fc.constantFrom("ASC" as const, "DESC" as const),
      }),
      { nil: undefined },
    ),
    offset: fc.nat({ max: 60 }),
    first: fc.nat({ max: 60 }),
  }),
);

/** The values of a filter, written for GraphQL; a value beyond the list is one that nothing has. */
function valuesOf({ attribute, picks }: Asked["filter"][number], rows: readonly Row[]): (string | boolean | null)[] {
  return picks.map((pick) => rows[pick % (rows.length + 1)]?.[attribute] ?? "of nothing");
}

function argumentsOf({ filter, sort }: Asked, rows: readonly Row[]): string[] {
  const filters = filter.map((one) => {
    const values = valuesOf(one, rows);
    return one.within
      ? `${one.attribute}Within: ${JSON.stringify(values)}`
      : `${one.attribute}: ${JSON.stringify(values[0] ?? "")}`;
  });
  const order = sort === undefined ? [] : [`orderBy: { field: ${sort.field}, direction: ${sort.direction} }`];
  return [...(filters.length === 0 ? [] : [`filter: { ${filters.join(", ")} }`]), ...order];
}

/** What a query should answer, found without any of what answers it. */
function naively({ filter, sort }: Asked, rows: readonly Row[]): Row[] {
  const selected = rows.filter((row) =>
    filter.every((one) => {
      const values = valuesOf(one, rows);
      return (one.within ? values : [values[0] ?? ""]).includes(row[one.attribute] ?? null);
    }),
  );
  const key = sort?.field.toLowerCase() ?? "id";
  const turn = sort?.direction === "DESC" ? -1 : 1;
  const compare = (one: unknown, other: unknown): number => (String(one) < String(other) ? -1 : one === other ? 0 : 1);
  return selected.toSorted((one, other) => turn * compare(one[key], other[key]) || compare(one.id, other.id));
}

const withArguments = (list: string, given: string[]): string =>
  given.length === 0 ? list : `${list}(${given.join(", ")})`;

describe("lists", () => {
  test("hold what is not filtered away, in the order that was asked for, page by page", {
    timeout: 60_000,
  }, async () => {
    const { rows, connection } = metadataOf(ana);
    await fc.assert(
      fc.asyncProperty(asked, async (query) => {
        const known = all.get(query.list.list) ?? [];
        const wanted = naively(query, known);
        const given = argumentsOf(query, known);
        const nodes = query.list.attributes.join(" ");
        const { list } = query.list;
        expect(await rows(`{ ${withArguments(list, given)} { ${nodes} } }`)).toEqual(wanted);
        const paging = [...given, `first: ${query.first}`, `offset: ${query.offset}`];
        const page = await connection(`{ ${withArguments(`${list}Connection`, paging)} ${connectionOf(nodes)} }`);
        const end = query.offset + query.first;
        expect(page).toEqual({
          nodes: wanted.slice(query.offset, end),
          totalCount: wanted.length,
          pageInfo: { hasNextPage: query.first > 0 && end < wanted.length, endCursor: page.pageInfo.endCursor },
        });
      }),
      { numRuns: 60 },
    );
  });

  test("are read to their end by cursors, whatever the size of a page", { timeout: 60_000 }, async () => {
    const { connection } = metadataOf(ana);
    const sizes = fc.record({ query: asked, size: fc.integer({ min: 1, max: 200 }) });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ query, size }) => {
        const known = all.get(query.list.list) ?? [];
        const wanted = naively(query, known).slice(0, size * 6);
        const found: unknown[] = [];
        let after: string | null = null;
        for (let pages = 0; pages < 6; pages++) {
          const given = [...argumentsOf(query, known), `first: ${size}`, "after: $after"];
          const list = withArguments(`${query.list.list}Connection`, given);
          const page = await connection(
            `query page($after: String) { ${list} ${connectionOf(query.list.attributes.join(" "))} }`,
            { after },
          );
          found.push(...page.nodes);
          after = page.pageInfo.endCursor;
          if (!page.pageInfo.hasNextPage) break;
        }
        expect(found).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  });

  test("are those of the REST API", async () => {
    for (const [list, path, element] of [
      ["workbooks", "workbooks", "workbook"],
      ["publishedDatasources", "datasources", "datasource"],
      ["databaseTables", "tables", "table"],
      ["databases", "databases", "database"],
      ["flows", "flows", "flow"],
      ["virtualConnections", "virtualConnections", "virtualConnection"],
    ] as const) {
      const { items } = await pageOf(await ana.onSite(`/${path}?pageSize=1000`), path, element);
      const rows = await metadataOf(ana).rows(`{ ${list} { luid name } }`);
      const said = rows.map(({ luid, name }) => `${luid} ${name}`);
      const known = items.map(({ id, name }) => `${id} ${name}`);
      expect(said.toSorted(), list).toEqual(known.toSorted());
    }
  });

  test("are found by words, too", async () => {
    const rows = await metadataOf(ana).rows('{ columns(filter: { text: "cust" }) { name } }');
    expect(rows.length).toBeGreaterThan(0);
    for (const { name } of rows) expect(String(name)).toMatch(/\bcust/i);
    expect(await metadataOf(ana).troubles('{ columns(filter: { text: " " }) { name } }')).toEqual(["INVALID_ARGUMENT"]);
  });

  test("may be filtered by nothing", async () => {
    const { rows } = metadataOf(ana);
    const everything = await rows("{ workbooks { luid } }");
    for (const filter of ["{}", "[]", "{ nameWithin: null }"]) {
      expect(await rows(`{ workbooks(filter: ${filter}) { luid } }`)).toEqual(everything);
    }
    expect(await rows("{ workbooks(filter: { luidWithin: [] }) { luid } }")).toEqual([]);
  });
});
