import type { List } from "@easel/connector/help";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRoute } from "../route-match.ts";
import { routeTable } from "../routes/route-table.ts";
import { listings, listOf } from "./lists.ts";
import { parameterOf, withParameters } from "./query.ts";
import { containers } from "./schema.ts";

const server = "https://tableau.example";

function result(path: string, method = "GET", body: string | null = null) {
  const matched = matchRoute(method, path, server);
  if (matched.kind === "refused") throw new Error(matched.problem.code);
  return listOf(matched.route, body);
}

function listAt(path: string): List {
  const found = result(path);
  if (found.kind === "refused") throw new Error(found.problem.code);
  return found.list;
}

/** What a page's answer is read as, the next page by its path. */
function readPage(list: List, answer: unknown, path = list.first.path) {
  const read = list.read({ path, body: null }, answer);
  if (read?.kind !== "page") return null;
  return { items: read.items, next: read.next?.path ?? null, pages: read.pages };
}

const page = (container: string, item: string, count: number, [number, size, total]: readonly number[]) => ({
  pagination: { pageNumber: String(number), pageSize: String(size), totalAvailable: String(total) },
  [container]: count === 0 ? {} : { [item]: Array.from({ length: count }, (_, at) => ({ id: `${number}-${at}` })) },
});

describe("lists", () => {
  test("are all in the route table, and their containers in the schema", () => {
    const templates = new Set(routeTable.filter(({ method }) => method === "GET").map(({ template }) => template));
    for (const [template, listing] of listings) {
      expect(templates, template).toContain(template);
      if ("container" in listing) expect(containers.has(listing.container), listing.container).toBe(true);
    }
  });

  test("are as many as the route table calls so", () => {
    const lists = routeTable.filter(({ method, title }) => method === "GET" && title.startsWith("List "));
    const left = lists.filter(({ template }) => !listings.has(template) && !template.endsWith("ermissions"));
    expect(left.map(({ template }) => template).filter((template) => !/permissions|extensions/.test(template))).toEqual(
      [],
    );
  });

  test("ask for a thousand at once where the caller asks for no size, and keep everything else they wrote", () => {
    expect(listAt("/workbooks?filter=name:eq:A+B%2C").first.path).toBe(
      "/api/{apiVersion}/sites/{siteId}/workbooks?filter=name:eq:A+B%2C&pageSize=1000",
    );
    expect(listAt("/workbooks?pageSize=50&pageNumber=1").first.path).toMatch(/\?pageSize=50&pageNumber=1$/);
    expect(listAt("/webhooks").first.path).toMatch(/webhooks$/);
    expect(listAt("/api/-/pulse/definitions").first.path).toBe("/api/-/pulse/definitions");
  });

  test("go on until the total of the page just read, past empty pages, too", () => {
    const list = listAt("/projects");
    const read = (count: number, numbers: readonly number[]) =>
      readPage(list, page("projects", "project", count, numbers));
    expect(read(1000, [1, 1000, 2500])).toMatchObject({ next: expect.stringMatching(/pageNumber=2$/), pages: 3 });
    expect(read(999, [1, 1000, 2500])?.next).toMatch(/pageSize=1000&pageNumber=2$/);
    expect(read(500, [3, 1000, 2500])?.next).toBeNull();
    expect(read(0, [2, 1000, 2500])).toMatchObject({ items: [], next: expect.stringMatching(/pageNumber=3$/) });
    expect(read(0, [1, 1000, 0])).toEqual({ items: [], next: null, pages: 0 });
    expect(
      readPage(list, { projects: [{ id: "a" }], pagination: { pageNumber: 1, pageSize: 1, totalAvailable: 2 } }),
    ).toMatchObject({
      items: [{ id: "a" }],
      next: expect.stringMatching(/pageSize=1&pageNumber=2$/),
    });
    expect(readPage(list, { workbooks: {} })).toBeNull();
    expect(readPage(list, null)).toBeNull();
    expect(list.endsBefore({ code: "400006", summary: "", detail: "" })).toBe(true);
  });

  test("without paging have one page", () => {
    const list = listAt("/webhooks");
    expect(readPage(list, { webhooks: { webhook: [{ id: "a" }] } })).toEqual({
      items: [{ id: "a" }],
      next: null,
      pages: 1,
    });
  });

  test("of Pulse follow their tokens, of a search its pages", () => {
    const pulse = listAt("/api/-/pulse/subscriptions?page_size=2");
    const first = readPage(pulse, { subscriptions: [{ id: "a" }], next_page_token: "b/=" });
    expect(first).toEqual({ items: [{ id: "a" }], next: `${pulse.first.path}&page_token=b%2F%3D`, pages: null });
    expect(readPage(pulse, { subscriptions: [], next_page_token: "" }, first?.next ?? "")?.next).toBeNull();
    const search = listAt("/api/-/search?terms=a");
    expect(readPage(search, { hits: { items: [{}], next: "…", pageIndex: 0, total: 3, limit: 1 } })).toEqual({
      items: [{}],
      next: "/api/-/search?terms=a&limit=1000&page=1",
      pages: 3,
    });
  });

  test("are refused where there is none, and where one page is asked for", () => {
    for (const path of ["/workbooks/x", "/serverinfo", "/api/{apiVersion}/serverinfo", "/projects/x/permissions"]) {
      expect(result(path)).toMatchObject({ kind: "refused", problem: { code: "tableau_list_unknown" } });
    }
    expect(result("/labels", "POST")).toMatchObject({ problem: { code: "tableau_list_unknown" } });
    for (const path of ["/users?pageNumber=2", "/api/-/search?page=3", "/api/-/pulse/definitions?page_token=x"]) {
      expect(result(path)).toMatchObject({ kind: "refused", problem: { code: "tableau_list_page" } });
    }
  });

  test("have next pages that are routes of the same kind", () => {
    const list = listAt("/users?fields=_all_");
    const next = readPage(list, page("users", "user", 1000, [1, 1000, 1001]))?.next ?? "";
    expect(matchRoute("GET", next, server)).toMatchObject({
      kind: "route",
      route: { template: "/sites/{siteId}/users" },
    });
  });

  test("read whatever a server sends, and lead to no other route", () => {
    const number = fc.oneof(fc.nat().map(String), fc.nat(), fc.string(), fc.constant("1"), fc.double());
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({
        pagination: fc.oneof(
          fc.jsonValue(),
          fc.record({ pageNumber: number, pageSize: number, totalAvailable: number }),
        ),
        users: fc.oneof(fc.jsonValue(), fc.record({ user: fc.jsonValue() }), fc.array(fc.jsonValue())),
        subscriptions: fc.array(fc.jsonValue()),
        next_page_token: fc.oneof(fc.string(), fc.jsonValue()),
        hits: fc.oneof(
          fc.jsonValue(),
          fc.record({ items: fc.array(fc.jsonValue()), next: fc.string(), pageIndex: number }),
        ),
      }),
    );
    for (const path of ["/users?a=b", "/api/-/pulse/subscriptions", "/api/-/search?terms=x"]) {
      const list = listAt(path);
      const first = matchRoute("GET", list.first.path, server);
      fc.assert(
        fc.property(body, (answer) => {
          const next = readPage(list, answer)?.next ?? list.first.path;
          const route = matchRoute("GET", next, server);
          expect(route).toMatchObject({ kind: "route" });
          if (route.kind === "route" && first.kind === "route") expect(route.route.template).toBe(first.route.template);
        }),
      );
    }
  });

  test("a parameter that is set is read again, and no other is touched", () => {
    const query = fc.array(fc.tuple(fc.constantFrom("a", "page", "pageX", "x y"), fc.string()), { maxLength: 5 });
    fc.assert(
      fc.property(query, fc.string({ unit: "grapheme" }), (pairs, value) => {
        const path = `/x?${new URLSearchParams(pairs)}`;
        const set = withParameters(path, { page: value });
        expect(parameterOf(set, "page")).toBe(value);
        const others = (of: string) => [...new URLSearchParams(of.slice(3))].filter(([name]) => name !== "page");
        expect(others(set)).toEqual(others(path));
      }),
    );
  });
});
