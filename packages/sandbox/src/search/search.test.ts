import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { seeded } from "../testing/publishing.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let all: Content[];
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  all = (await search({ limit: 2000 })).items;
});
afterAll(() => sandbox.close());

const contentSchema = z.looseObject({
  type: z.string(),
  luid: z.string(),
  title: z.string(),
  ownerId: z.int(),
  ownerName: z.string(),
  ownerEmail: z.string(),
  projectId: z.int().optional(),
  projectName: z.string().optional(),
  modifiedTime: z.iso.datetime(),
  tags: z.array(z.string()),
  hitsTotal: z.int().optional(),
  hitsSmallSpanTotal: z.int().optional(),
});
type Content = z.output<typeof contentSchema>;

/** As tableau-mcp reads it: what is not there is left out, and not null. */
const answerSchema = z.strictObject({
  terms: z.string(),
  filter: z.string(),
  sort: z.string(),
  hits: z.strictObject({
    next: z.string().optional(),
    prev: z.string().optional(),
    pageIndex: z.int(),
    startIndex: z.int(),
    total: z.int(),
    limit: z.int(),
    items: z.array(z.strictObject({ uri: z.string(), content: contentSchema })),
  }),
});

const pathOf = (asked: Record<string, string | number>): string => {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) said.set(name, String(value));
  return `/api/-/search?${said}`;
};

async function read(path: string, session: SignedIn) {
  const response = await session.ask(path);
  if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`);
  const { hits } = answerSchema.parse(await response.json());
  return { ...hits, items: hits.items.map(({ content }) => content) };
}

const search = (asked: Record<string, string | number>, session = ana) => read(pathOf(asked), session);

const luidsOf = (items: readonly Content[]): string[] => items.map(({ luid }) => luid);

const types = ["workbook", "view", "datasource", "project", "flow", "virtualconnection", "database", "table"];

/** A filter, and the same said without any of what reads it. */
const filters: fc.Arbitrary<{ written: string; matches: (content: Content) => boolean }> = fc.oneof(
  fc.subarray(types, { minLength: 1 }).map((wanted) => ({
    written: wanted.length === 1 ? `type:eq:${wanted[0]}` : `type:in:[${wanted.join(",")}]`,
    matches: ({ type }: Content) => wanted.includes(type),
  })),
  fc.array(fc.nat({ max: 2_000 }), { minLength: 1, maxLength: 4 }).map((picks) => {
    const owners = picks.map((pick) => all[pick % all.length]?.ownerId ?? 0);
    return {
      written: owners.length === 1 ? `ownerId:eq:${owners[0]}` : `ownerId:in:[${owners.join(",")}]`,
      matches: ({ ownerId }: Content) => owners.includes(ownerId),
    };
  }),
  fc
    .record({ pick: fc.nat({ max: 2_000 }), operator: fc.constantFrom("gt", "gte", "lt", "lte", "eq") })
    .map(({ pick, operator }) => {
      const time = all[pick % all.length]?.modifiedTime ?? "";
      return {
        written: `modifiedTime:${operator}:${time}`,
        matches: ({ modifiedTime }: Content) => compare(operator, modifiedTime, time),
      };
    }),
);

function compare(operator: string, one: string, other: string): boolean {
  if (one === other) return operator === "eq" || operator.endsWith("e");
  return operator.startsWith(one > other ? "gt" : "lt");
}

describe("search", () => {
  test("finds what is not filtered away, page by page", { timeout: 60_000 }, async () => {
    const asked = fc.record({ parts: fc.array(filters, { maxLength: 2 }), limit: fc.integer({ min: 1, max: 200 }) });
    await fc.assert(
      fc.asyncProperty(asked, async ({ parts, limit }) => {
        const filter = parts.map(({ written }) => written).join(",");
        const wanted = luidsOf(all.filter((content) => parts.every(({ matches }) => matches(content))));
        const found: string[] = [];
        let path: string | undefined = pathOf({ filter, limit });
        for (let page = 0; path !== undefined && page < 4; page++) {
          const hits: Awaited<ReturnType<typeof search>> = await read(path, ana);
          expect(hits).toMatchObject({ total: wanted.length, limit, pageIndex: page, startIndex: page * limit });
          expect(hits.prev === undefined).toBe(page === 0);
          found.push(...luidsOf(hits.items));
          path = hits.next;
        }
        expect(found).toEqual(wanted.slice(0, limit * 4));
      }),
      { numRuns: 50 },
    );
  });

  test("puts titles first", async () => {
    const { items } = await search({ terms: "customer 360" });
    expect(items[0]).toMatchObject({ type: "workbook", title: "Customer 360" });
    const words = await search({ terms: "CUST", limit: 50 });
    for (const item of words.items) expect(JSON.stringify(item).toLowerCase()).toContain("cust");
    expect((await search({ terms: "zzz nothing" })).total).toBe(0);
  });

  test("sorts by how much things are used, both ways", async () => {
    for (const direction of ["asc", "desc"]) {
      const { items } = await search({ filter: "type:eq:workbook", order_by: `hitsTotal:${direction}`, limit: 100 });
      const hits = items.map(({ hitsTotal }) => hitsTotal ?? 0);
      expect(hits).toEqual(hits.toSorted((one, other) => (direction === "asc" ? one - other : other - one)));
    }
    const tables = await search({ filter: "type:eq:table", order_by: "downstreamWorkbookCount:desc", limit: 50 });
    const counts = tables.items.map(({ downstreamWorkbookCount }) => z.int().parse(downstreamWorkbookCount));
    expect(counts).toEqual(counts.toSorted((one, other) => other - one));
    expect(counts[0]).toBeGreaterThan(0);
  });

  test("shows to each what they may see", async () => {
    const victor = await sandbox.viewer();
    const { items } = await pageOf(await victor.onSite("/workbooks?pageSize=1000"), "workbooks", "workbook");
    const found = await search({ filter: "type:eq:workbook", limit: 2000 }, victor);
    expect(new Set(luidsOf(found.items))).toEqual(new Set(items.map(({ id }) => id)));
    expect(found.total).toBeLessThan((await search({ filter: "type:eq:workbook" })).total);
  });

  test("knows types that are never found, and none that are made up", async () => {
    expect((await search({ filter: "type:in:[lens,collection,metric]" })).items).toEqual([]);
  });

  test.each([
    "filter=type:eq:spreadsheet",
    "filter=type:gt:workbook",
    "filter=colour:eq:red",
    "filter=ownerId:eq:ana",
    "filter=modifiedTime:gte:yesterday",
    "filter=nonsense",
    "order_by=title",
    "order_by=hitsTotal:sideways",
    "page=-1",
    "page=one",
    "limit=0",
    "limit=2001",
    "page=200&limit=100",
  ])("refuses %s", async (asked) => {
    const response = await ana.ask(`/api/-/search?${asked}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ httpErrorCode: "400", message: expect.any(String) });
  });

  test("knows of what is new only after a while, when its index lags", async () => {
    const own = await openTestSandbox();
    const administrator = await own.administrator();
    await own.order({ indexLagMs: 60_000 });
    const { id } = await seeded(administrator, "projects", "Finance");
    const content = `<virtualConnection name="Brand new" content="{}"><project id="${id}"/></virtualConnection>`;
    await administrator.onSite("/virtualConnections", { method: "POST", body: `<tsRequest>${content}</tsRequest>` });
    expect((await search({ terms: "brand new", filter: "type:eq:virtualconnection" }, administrator)).total).toBe(0);
    own.advance(61_000);
    expect((await search({ terms: "brand new", filter: "type:eq:virtualconnection" }, administrator)).total).toBe(1);
    await own.close();
  });

  test("is for those signed in, and for connected apps that may read content", async () => {
    expect((await sandbox.call("/api/-/search")).status).toBe(401);
    expect((await (await sandbox.byJwt(["tableau:content:read"])).ask("/api/-/search")).status).toBe(200);
    expect((await (await sandbox.byJwt(["tableau:users:read"])).ask("/api/-/search")).status).toBe(401);
  });
});

test("what begins with a few letters is suggested, the recently seen first", async () => {
  const suggestions = z.object({ hits: z.object({ items: z.array(z.object({ content: contentSchema })) }) });
  const ask = async (more: string) => {
    const response = await ana.ask(`/api/-/suggestions?terms=cus&limit=8${more}`);
    return suggestions.parse(await response.json()).hits.items.map(({ content }) => content);
  };
  const first = await ask("");
  for (const { title } of first) expect(title).toMatch(/\bcus/i);
  const recent = first.at(-1)?.luid ?? "";
  expect((await ask(`&recentsLuids=${recent}`))[0]?.luid).toBe(recent);
});
