import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, type TestSandbox } from "../testing/client.ts";
import { connectionOf, metadataOf } from "../testing/metadata.ts";

let sandbox: TestSandbox;
let ana: Awaited<ReturnType<TestSandbox["administrator"]>>;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const ask = (query: string, variables?: Record<string, unknown>) => metadataOf(ana).ask(query, variables);
const troubles = (query: string, variables?: Record<string, unknown>) => metadataOf(ana).troubles(query, variables);

const aliased = (count: number, field: string): string =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(" ");

describe("an answer", () => {
  test("ends after 20,000 nodes, and says so", async () => {
    const { data, errors } = await ask(`{ ${aliased(60, "fields { id }")} }`);
    const lists = z.record(z.string(), z.array(z.unknown())).parse(data);
    expect(Object.values(lists).flat()).toHaveLength(20_000);
    expect(errors).toMatchObject([
      { extensions: { severity: "WARNING", code: "NODE_LIMIT_EXCEEDED", properties: { nodeLimit: 20_000 } } },
    ]);
  });

  test("has pages of a thousand at most", async () => {
    const query = `{ fieldsConnection(first: 5000) ${connectionOf("id")} }`;
    const { data, errors } = await ask(query);
    expect(errors).toMatchObject([{ extensions: { code: "MAX_PAGE_SIZE_EXCEEDED" } }]);
    expect(data).toMatchObject({ fieldsConnection: { pageInfo: { hasNextPage: true } } });
    const page = z.object({ nodes: z.array(z.unknown()) }).parse(data?.fieldsConnection);
    expect(page.nodes).toHaveLength(1_000);
  });

  test.each([
    ["first: 1, after: $cursor, offset: 1", "INVALID_ARGUMENT"],
    ["first: -1", "INVALID_ARGUMENT"],
    ["offset: -1", "INVALID_ARGUMENT"],
    ['after: "nonsense"', "INVALID_ARGUMENT"],
    ['after: "e30="', "INVALID_ARGUMENT"],
  ])("is refused for (%s)", async (paging, code) => {
    const first = await metadataOf(ana).connection(`{ workbooksConnection(first: 1) ${connectionOf("id")} }`);
    const query = `query page($cursor: String) { workbooksConnection(${paging}) ${connectionOf("id")} }`;
    const asked = paging.includes("$cursor") ? query : query.replace("($cursor: String)", "");
    expect(await troubles(asked, { cursor: first.pageInfo.endCursor })).toEqual([code]);
  });

  test("does not go on from the cursor of another list, or another site", async () => {
    const first = await metadataOf(ana).connection(`{ workbooksConnection(first: 1) ${connectionOf("id")} }`);
    const cursor = first.pageInfo.endCursor;
    const other = `query page($cursor: String) { sheetsConnection(after: $cursor) ${connectionOf("id")} }`;
    expect(await troubles(other, { cursor })).toEqual(["INVALID_ARGUMENT"]);
    const { name, password } = sandbox.keys.user;
    const elsewhere = await sandbox.as({ name, password, site: { contentUrl: "acme-labs" } });
    const same = `query page($cursor: String) { workbooksConnection(after: $cursor) ${connectionOf("id")} }`;
    expect(await metadataOf(elsewhere).troubles(same, { cursor })).toEqual(["INVALID_ARGUMENT"]);
  });
});

describe("a hostile query", () => {
  const nested = (depth: number): string => `${"{ sheets { workbook ".repeat(depth)}{ name }${" } }".repeat(depth)}`;
  const doubling = (fragments: number): string => {
    const each = Array.from(
      { length: fragments },
      (_, index) =>
        `fragment F${index} on Workbook { a: sheets { workbook { ...F${index + 1} } } b: sheets { workbook { ...F${index + 1} } } }`,
    );
    return `{ workbooks { ...F0 } } ${each.join(" ")} fragment F${fragments} on Workbook { name }`;
  };

  test.each([
    ["stands too deep", `{ workbooks ${nested(30)} }`],
    ["asks for too many fields", `{ workbooks { ${aliased(3_000, "name")} } }`],
    ["introspects under many names", aliased(30, "__schema { types { name } }")],
  ])("that %s is not run", async (_what, query) => {
    const { data, errors } = await ask(query.startsWith("{") ? query : `{ ${query} }`);
    expect(errors).toMatchObject([{ extensions: { classification: "ExecutionAborted" } }]);
    expect(data).toBeNull();
  });

  test("that goes in circles is not run", async () => {
    const query = "{ workbooks { ...A } } fragment A on Workbook { sheets { workbook { ...A } } }";
    expect((await ask(query)).errors?.length).toBeGreaterThan(0);
  });

  test.each([
    ["asks for everything from everywhere", `{ workbooks ${nested(8)} }`],
    ["doubles itself by fragments", doubling(9)],
    ["gives a thousand names to lists", `{ ${aliased(900, "fields { name }")} }`],
    [
      "names very many things",
      `{ workbooks(filter: { luidWithin: ${JSON.stringify(Array.from({ length: 20_000 }, String))} }) { name } }`,
    ],
  ])(
    "that %s is answered in part, and soon, and lets others be answered meanwhile",
    { timeout: 60_000 },
    async (_what, query) => {
      const answered = ask(query).then(() => "it");
      // Whoever asks for little meanwhile is not kept waiting until all of it is answered.
      const others = Array.from({ length: 3 }, () => ana.call("/sessions/current").then(({ status }) => status));
      expect(await Promise.all(others)).toEqual([200, 200, 200]);
      expect(await answered).toBe("it");
    },
  );

  test("of any kind gets an answer of the API's shape", { timeout: 60_000 }, async () => {
    const word = fc.constantFrom(
      "{",
      "}",
      "(",
      ")",
      "workbooks",
      "name",
      "filter:",
      "...",
      "on",
      "$a",
      "query",
      "first: 1",
      '"',
      "@include(if: true)",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 25 }), async (words) => {
        const response = await ana.ask("/api/metadata/graphql", "POST", { query: words.join(" ") });
        expect([200, 400]).toContain(response.status);
        expect(await response.json()).toSatisfy((body: object) => "errors" in body || "data" in body);
      }),
      { numRuns: 200 },
    );
  });
});
