import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRoute } from "../route-match.ts";
import { listOf } from "./lists.ts";

const QUERY =
  "query names($after: String) { workbooksConnection(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }";

function result(body: unknown) {
  const matched = matchRoute("POST", "/api/metadata/graphql", "https://tableau.example");
  if (matched.kind === "refused") throw new Error(matched.problem.code);
  return listOf(matched.route, typeof body === "string" ? body : JSON.stringify(body));
}

function listFor(body: unknown) {
  const found = result(body);
  if (found.kind === "refused") throw new Error(found.problem.code);
  return found.list;
}

const answer = (pageInfo: object, nodes: unknown = [{ name: "a" }]) => ({
  data: { workbooksConnection: { nodes, pageInfo } },
});

describe("a query of the Metadata API", () => {
  test("goes on after the cursor of its connection, with all else that it said", () => {
    const list = listFor({ query: QUERY, variables: { x: 1 }, operationName: "names" });
    expect(JSON.parse(list.first.body ?? "")).toEqual({ query: QUERY, variables: { x: 1 }, operationName: "names" });
    const read = list.read(list.first, answer({ hasNextPage: true, endCursor: "c1" }));
    if (read?.kind !== "page") throw new Error("no page");
    expect(read.items).toEqual([{ name: "a" }]);
    expect(read.next?.path).toBe(list.first.path);
    expect(JSON.parse(read.next?.body ?? "")).toEqual({
      query: QUERY,
      variables: { x: 1, after: "c1" },
      operationName: "names",
    });
  });

  test.each([[{ hasNextPage: false, endCursor: "c" }], [{ hasNextPage: false, endCursor: null }]])(
    "ends with %j",
    (pageInfo) => {
      const list = listFor({ query: QUERY });
      expect(list.read(list.first, answer(pageInfo))).toMatchObject({ kind: "page", next: null });
    },
  );

  test("goes on past a page without nodes", () => {
    const list = listFor({ query: QUERY });
    const empty = answer({ hasNextPage: true, endCursor: "c" }, []);
    expect(list.read(list.first, empty)).toMatchObject({ kind: "page", items: [], next: { path: list.first.path } });
  });

  test.each([[{ hasNextPage: true, endCursor: null }], [{ hasNextPage: true }], [{ endCursor: "c" }], [{}]])(
    "that asks for %j cannot be told whole, and is not taken for it",
    (pageInfo) => {
      const list = listFor({ query: QUERY });
      expect(list.read(list.first, answer(pageInfo))).toMatchObject({
        kind: "failed",
        problem: { code: "tableau_query_unpaged" },
      });
    },
  );

  test("is read in no time, whatever is written in it", () => {
    for (const query of ["(".repeat(200_000), `(${" ".repeat(200_000)}`, "$after".repeat(30_000)]) {
      expect(result({ query })).toMatchObject({ kind: "refused" });
    }
  });

  test("whose answer has errors is not whole, whatever data stands beside them", () => {
    const list = listFor({ query: QUERY });
    const partial = { ...answer({ hasNextPage: false, endCursor: "c" }), errors: [{ message: "NODE_LIMIT_EXCEEDED" }] };
    expect(list.read(list.first, partial)).toMatchObject({
      kind: "failed",
      problem: { code: "tableau_query_failed", params: { reason: "NODE_LIMIT_EXCEEDED" } },
    });
  });

  test.each([
    ["no JSON", "{"],
    ["no query", {}],
    ["a query without the variable", { query: "{ workbooksConnection { nodes { name } } }" }],
    ["variables that are none", { query: QUERY, variables: "after" }],
  ])("that is %s is refused", (_what, body) => {
    expect(result(body)).toMatchObject({ kind: "refused", problem: { code: "tableau_query_unpaged" } });
  });

  test("with two connections, or none, has no pages", () => {
    const list = listFor({ query: QUERY });
    const one = { nodes: [], pageInfo: {} };
    expect(list.read(list.first, { data: { a: one, b: one } })).toBeNull();
    expect(list.read(list.first, { data: { workbooks: [] } })).toBeNull();
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (data, errors) => {
        for (const body of [data, { data }, { data, errors }]) list.read(list.first, body);
      }),
    );
  });
});
