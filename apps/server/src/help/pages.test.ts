import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { startSandbox } from "@easel/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { json } from "../testing/fake-tableau.ts";
import { type SandboxControl, sandboxControl } from "../testing/sandbox-control.ts";
import { waitFor } from "../testing/wait-for.ts";
import { type HelpedEasel, startHelpedEasel } from "./calls.fixture.ts";

let helped: HelpedEasel;
let control: SandboxControl;
let closeSandbox: () => Promise<void>;
beforeAll(async () => {
  const sandbox = await startSandbox({ port: 0, host: "127.0.0.1", scale: 3 });
  closeSandbox = sandbox.close;
  control = sandboxControl(sandbox);
  helped = await startHelpedEasel({ sandbox });
});
afterAll(async () => {
  await helped.close();
  await closeSandbox();
});

const ALL = { "easel-paginate": "all" };

interface Item {
  readonly id?: string;
}

async function itemsAt(path: string, headers: Record<string, string> = ALL): Promise<readonly Item[]> {
  const response = await helped.call("ana", path, { headers });
  const body = (await response.json()) as { output: Item[] };
  expect(response.status, JSON.stringify(body).slice(0, 300)).toBe(200);
  return body.output;
}

describe("every page of a list", () => {
  test("comes as one array, a thousand a request, and is one call in the usage record", async () => {
    const before = await control.calls("GET /sites/{siteId}/users");
    const users = await itemsAt("/users?filter=siteRole:in:[Viewer,Explorer,Creator,ExplorerCanPublish,Unlicensed]");
    const all = await itemsAt("/users");
    expect(all).toHaveLength(3600);
    expect(new Set(all.map(({ id }) => id)).size).toBe(3600);
    expect(users.length).toBeGreaterThan(2000);
    expect(await control.calls("GET /sites/{siteId}/users")).toBe(before + Math.ceil(users.length / 1000) + 4);
    const row = await waitFor(async () => {
      const last = await helped.lastCall();
      return last?.attempts === 4 ? last : undefined;
    });
    expect(row).toMatchObject({ route: "/sites/{siteId}/users", status: 200, attempts: 4 });
  });

  test("comes in pages of the caller's size, sorted and with fields as the caller says", async () => {
    const names = (await itemsAt("/workbooks?pageSize=7&sort=name:desc&fields=name")) as { name: string }[];
    expect(names.length).toBeGreaterThan(200);
    expect(Object.keys(names[0] ?? {})).toEqual(["name"]);
    expect(names.map(({ name }) => name)).toEqual(
      names
        .map(({ name }) => name)
        .toSorted()
        .reverse(),
    );
  });

  test("comes without Easel's wrapping where it is asked for raw", async () => {
    const raw = await helped.call("ana", "/users", { headers: { ...ALL, "x-paragon-use-raw-response": "1" } });
    expect(await raw.json()).toHaveLength(3600);
  });

  test.each([
    ["/users", { "easel-paginate": "ndjson" }],
    ["/users", { ...ALL, accept: "application/x-ndjson" }],
    ["/users?easel-paginate=ndjson", {}],
  ])("comes a line for each item: %s %j", async (path, headers) => {
    const response = await helped.call("ana", path, { headers });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const text = await response.text();
    expect(text.endsWith("}\n")).toBe(true);
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toHaveLength(3600);
  });

  test("is asked for by the query too, which Tableau never sees", async () => {
    helped.fake.answer((_request, response) => json(response, 200, { users: { user: [{ id: "a" }] } }));
    const response = await helped.call("fake", "/users?Easel-Paginate=all&filter=name:eq:a%2Cb&easel-normalize=1");
    expect(await response.json()).toEqual({ output: [{ id: "a" }] });
    expect(helped.fake.received.at(-1)?.url).toMatch(/\/users\?filter=name:eq:a%2Cb&pageSize=1000$/);
    expect(helped.fake.received.at(-1)?.headers).not.toHaveProperty("easel-paginate");
  });

  test.each([
    "/webhooks",
    "/tasks/extractRefreshes",
    "/labelValues",
    "/jobs",
    "/tasks/linked",
    "/flows/runs",
    "/api/{apiVersion}/sites/{siteId}/groups",
  ])("of %s comes too, paged at Tableau or not", async (path) => {
    const plain = (await (await helped.call("ana", path)).json()) as { output: Record<string, object> };
    const [container = ""] = Object.keys(plain.output).filter((key) => key !== "pagination");
    const some = Object.values(plain.output[container] ?? {})[0] ?? [];
    const items = await itemsAt(path);
    expect(items.slice(0, some.length)).toEqual(some);
  });

  test("of Pulse follows its tokens, of a search its pages", async () => {
    const definitions = await itemsAt("/api/-/pulse/definitions?page_size=2");
    const total = (await (await helped.call("ana", "/api/-/pulse/definitions?page_size=1")).json()) as {
      output: { total_available: number };
    };
    expect(definitions).toHaveLength(total.output.total_available);
    const found = (await (await helped.call("ana", "/api/-/search?terms=sales&limit=1")).json()) as {
      output: { hits: { total: number } };
    };
    expect(found.output.hits.total).toBeGreaterThan(20);
    expect(await itemsAt("/api/-/search?terms=sales&limit=20")).toHaveLength(found.output.hits.total);
  });

  test("of a query of the Metadata API follows its connection", async () => {
    const query = `query names($after: String) {
      workbooksConnection(first: 50, after: $after) { nodes { luid name } pageInfo { hasNextPage endCursor } }
    }`;
    const before = await control.calls("POST /api/metadata/graphql");
    const response = await helped.call("ana", "/api/metadata/graphql", {
      method: "POST",
      json: { query },
      headers: ALL,
    });
    const { output } = (await response.json()) as { output: { luid: string }[] };
    expect(output).toHaveLength((await itemsAt("/workbooks")).length);
    expect(new Set(output.map(({ luid }) => luid)).size).toBe(output.length);
    expect(await control.calls("POST /api/metadata/graphql")).toBe(before + Math.ceil(output.length / 50));
    const wrong = await helped.call("ana", "/api/metadata/graphql", {
      method: "POST",
      json: { query: query.replace("luid", "colour") },
      headers: ALL,
    });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({
      code: "tableau_query_failed",
      message: expect.stringContaining("colour"),
    });
  });

  test("is normalised where that is asked for as well", async () => {
    const workbooks = await itemsAt("/workbooks", { ...ALL, "easel-normalize": "1" });
    for (const workbook of workbooks) {
      expect(workbook).toMatchObject({
        size: expect.any(Number),
        showTabs: expect.any(Boolean),
        tags: expect.any(Array),
      });
    }
  });

  test("of nothing is an empty array, and no line", async () => {
    const none = "/workbooks?filter=name:eq:there-is-none";
    expect(await itemsAt(none)).toEqual([]);
    expect(await (await helped.call("ana", none, { headers: { "easel-paginate": "ndjson" } })).text()).toBe("");
  });
});

/** Pages of a list as a fake Tableau gives them. */
function page(request: IncomingMessage, response: ServerResponse, ids: readonly string[], total: number): void {
  const query = new URL(request.url ?? "", "http://tableau").searchParams;
  const [pageNumber, pageSize] = [query.get("pageNumber") ?? "1", query.get("pageSize") ?? "100"];
  json(response, 200, {
    pagination: { pageNumber, pageSize, totalAvailable: String(total) },
    users: ids.length === 0 ? {} : { user: ids.map((id) => ({ id })) },
  });
}

const numberOf = ({ url }: IncomingMessage) =>
  Number(new URL(url ?? "", "http://tableau").searchParams.get("pageNumber") ?? "1");

async function idsAt(path: string): Promise<(string | undefined)[]> {
  const response = await helped.call("fake", path, { headers: ALL });
  return ((await response.json()) as { output: Item[] }).output.map(({ id }) => id);
}

describe("a list that changes while it is read", () => {
  test("gives what moved to the next page once", async () => {
    helped.fake.answer((request, response) =>
      page(request, response, numberOf(request) === 1 ? ["a", "b"] : ["b", "c"], numberOf(request) === 1 ? 3 : 4),
    );
    expect(await idsAt("/users?pageSize=2")).toEqual(["a", "b", "c"]);
  });

  test("ends where it has come to end: by the last total, or before a page that is no more", async () => {
    helped.fake.answer((request, response) =>
      page(request, response, numberOf(request) === 1 ? ["a"] : [], numberOf(request) === 1 ? 9 : 1),
    );
    expect(await idsAt("/users?pageSize=1")).toEqual(["a"]);
    helped.fake.answer((request, response) =>
      numberOf(request) === 1
        ? page(request, response, ["a"], 9)
        : json(response, 400, { error: { code: "400006", summary: "Invalid page number", detail: "" } }),
    );
    expect(await idsAt("/users?pageSize=1")).toEqual(["a"]);
  });

  test("goes on past a page that lacks items", async () => {
    const pages = [["a"], [], ["b"]];
    helped.fake.answer((request, response) => page(request, response, pages[numberOf(request) - 1] ?? [], 6));
    expect(await idsAt("/users?pageSize=2")).toEqual(["a", "b"]);
  });
});

describe("what goes wrong", () => {
  test("on the first page keeps its status and its words", async () => {
    const response = await helped.call("ana", "/users?filter=nothing:eq:x", { headers: ALL });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "tableau.400065" });
  });

  test.each(["all", "ndjson"])("on a later page cuts the connection, and nothing looks whole (%s)", async (format) => {
    helped.fake.answer((request, response) =>
      numberOf(request) === 1
        ? page(request, response, ["a", "b"], 4)
        : json(response, 400, { error: { code: "400000", summary: "Bad Request", detail: "no" } }),
    );
    const response = await helped.open("fake", "/users?pageSize=2", { "easel-paginate": format });
    expect(response.statusCode).toBe(200);
    let text = "";
    response.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [error] = await once(response, "error");
    expect(error).toMatchObject({ code: "ECONNRESET" });
    expect(text).not.toContain("]");
    await waitFor(async () => (await helped.lastCall())?.status === 502);
  });

  test.each([
    ["a list without an end", '{"definitions":[],"next_page_token":"more"}'],
    ["an item deeper than can be written", `{"definitions":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`],
  ])(
    "%s is cut, and the record says so",
    async (_what, later) => {
      const before = await helped.lastCall();
      helped.fake.answer((request, response) => {
        const answer = request.url?.includes("page_token")
          ? later
          : '{"definitions":[{"id":"a"}],"next_page_token":"b"}';
        response.writeHead(200, { "content-type": "application/json" }).end(answer);
      });
      const response = await helped.open("fake", "/api/-/pulse/definitions", ALL);
      await expect(once(response.resume(), "end")).rejects.toThrow();
      const row = await waitFor(async () => {
        const last = await helped.lastCall();
        return last?.requestId === before?.requestId ? undefined : last;
      });
      expect(row).toMatchObject({ status: 502 });
    },
    40_000,
  );

  test("is made good where a page is cut short once", async () => {
    await control.order({ cut: { afterBytes: 5000, next: 1, route: "users" } });
    expect(await itemsAt("/users")).toHaveLength(3600);
  });

  test("is waited for where Tableau asks for fewer calls, and asked for again where it fails for a moment", async () => {
    await control.order({ throttle: { calls: 4, windowSeconds: 2, per: "all" } });
    expect(await itemsAt("/users?pageSize=600")).toHaveLength(3600);
    await control.order({ restore: true, fail: { status: 503, next: 1, route: "users" } });
    expect(await itemsAt("/users")).toHaveLength(3600);
    await control.order({ restore: true });
  }, 60_000);

  test("a page that is no list, no JSON, or too large is told", async () => {
    const answers = async (write: (response: ServerResponse) => void) => {
      helped.fake.answer((_request, response) => write(response));
      const response = await helped.call("fake", "/users", { headers: ALL });
      return ((await response.json()) as { code: string }).code;
    };
    expect(await answers((response) => json(response, 200, { groups: {} }))).toBe("help_answer_unexpected");
    expect(await answers((response) => response.writeHead(200, { "content-type": "application/json" }).end("{"))).toBe(
      "help_answer_unexpected",
    );
    expect(
      await answers((response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(Buffer.alloc(17_000_000, " "));
      }),
    ).toBe("help_answer_too_large");
    // What becomes some seventy bytes of memory for each of its three.
    expect(
      await answers((response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(`{"users":{"user":[{}${",{}".repeat(1_000_000)}]}}`);
      }),
    ).toBe("help_answer_too_large");
    expect(
      await answers((response) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
        response.end("no such packing");
      }),
    ).toBe("help_answer_unexpected");
  });
});

describe("asking for pages", () => {
  beforeEach(() => helped.fake.answer((request, response) => page(request, response, ["a"], 1)));

  test.each([
    ["/users", { "easel-paginate": "every" }, "help_unknown"],
    ["/users?easel-pages=all", {}, "help_unknown"],
    ["/users?pageNumber=2", ALL, "tableau_list_page"],
    ["/users/x", ALL, "tableau_list_unknown"],
    ["/users", { ...ALL, "easel-wait": "job" }, "help_impossible"],
    ["/users", { ...ALL, accept: "application/xml" }, "help_impossible"],
    ["/users", { ...ALL, method: "POST" }, "tableau_list_unknown"],
    ["/api/metadata/graphql", { ...ALL, method: "POST" }, "tableau_query_unpaged"],
  ])("for %s with %j is refused before anything is sent", async (path, said: Record<string, string>, code) => {
    const { method = "GET", ...headers } = said;
    const before = helped.fake.received.length;
    const response = await helped.call("fake", path, { method, headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
    expect(helped.fake.received).toHaveLength(before);
  });

  test("more than a thousand is refused before anything is answered", async () => {
    const response = await helped.call("ana", "/users?pageSize=1", { headers: ALL });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "list_too_long" });
  });

  test("switched off changes nothing", async () => {
    const plain = await helped.call("ana", "/groups", {
      headers: { "easel-paginate": "none", "easel-normalize": "0" },
    });
    expect(await plain.json()).toMatchObject({ output: { pagination: { pageNumber: "1" } } });
  });
});
