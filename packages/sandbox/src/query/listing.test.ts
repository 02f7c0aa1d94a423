import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";

let sandbox: TestSandbox;
let session: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  session = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const workbooks = async (query: Record<string, string>) =>
  pageOf(await session.onSite(`/workbooks?${new URLSearchParams(query)}`), "workbooks", "workbook");
const refusal = async (path: string) => (await errorOf(await session.onSite(path))).code;

describe("paging", () => {
  test("starts at 1 with 100 a page, and JSON's numbers are strings", async () => {
    const { pagination, items } = await workbooks({});
    expect(pagination).toEqual({ pageNumber: "1", pageSize: "100", totalAvailable: String(items.length) });
  });

  test("gives every item once, whatever the page's size", async () => {
    const { items: all } = await workbooks({ pageSize: "1000" });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (pageSize) => {
        const ids: unknown[] = [];
        for (let page = 1; ids.length < all.length; page++) {
          const { items } = await workbooks({ pageSize: String(pageSize), pageNumber: String(page) });
          ids.push(...items.map(({ id }) => id));
        }
        expect(ids).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 12 },
    );
  });

  test("refuses a page beyond the last, and sizes outside 1 to 1000", async () => {
    expect(await refusal("/workbooks?pageNumber=99")).toBe("400006");
    expect(await refusal("/workbooks?pageNumber=0")).toBe("400006");
    expect(await refusal("/workbooks?pageSize=0")).toBe("400007");
    expect(await refusal("/workbooks?pageSize=1001")).toBe("403014");
  });

  test("an empty list is a page, without the inner key", async () => {
    const answer = await session.onSite("/workbooks?filter=name:eq:None");
    expect(await answer.json()).toEqual({
      pagination: { pageNumber: "1", pageSize: "100", totalAvailable: "0" },
      workbooks: {},
    });
    const xml = await session.onSite("/workbooks?filter=name:eq:None", { headers: { accept: "*/*" } });
    expect(await xml.text()).toContain("<workbooks/>");
  });

  test("one item is still an array", async () => {
    const { items } = await workbooks({ filter: "name:eq:Superstore" });
    expect(items).toHaveLength(1);
  });
});

describe("filter, sort and fields", () => {
  test("agree with a naive model over any mix of them", async () => {
    const { items: all } = await workbooks({ pageSize: "1000" });
    const sizes = fc.integer({ min: 0, max: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.constantFrom("asc", "desc"), async (least, most, direction) => {
        const { items } = await workbooks({
          filter: `size:gte:${least},size:lt:${most}`,
          sort: `size:${direction},name:asc`,
        });
        const expected = all
          .filter(({ size }) => Number(size) >= least && Number(size) < most)
          .sort((one, other) => {
            const bySize = (Number(one.size) - Number(other.size)) * (direction === "asc" ? 1 : -1);
            return bySize || (String(one.name) < String(other.name) ? -1 : 1);
          });
        expect(items.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      }),
      { numRuns: 25 },
    );
  });

  test("a value may hold colons, + is a space, in takes a list, an empty filter is none", async () => {
    const { items: all } = await workbooks({});
    const since = String(all[3]?.updatedAt);
    const { items: later } = await workbooks({ filter: `updatedAt:gte:${since}` });
    expect(later).toHaveLength(all.filter(({ updatedAt }) => String(updatedAt) >= since).length);
    const listed = await pageOf(
      await session.onSite("/workbooks?filter=name%3Ain%3A%5BSuperstore,Board+Pack%5D"),
      "workbooks",
      "workbook",
    );
    expect(listed.items.map(({ name }) => name)).toEqual(["Superstore", "Board Pack"]);
    expect((await workbooks({ filter: "" })).items).toHaveLength(all.length);
  });

  test("views are found by content URL, jobs by status, things by tag", async () => {
    const views = await pageOf(
      await session.onSite("/views?filter=contentUrl:eq:Superstore/sheets/SuperstoreDashboard"),
      "views",
      "view",
    );
    expect(views.items).toHaveLength(1);
    const jobs = await pageOf(await session.onSite("/jobs?filter=status:eq:Failed"), "backgroundJobs", "backgroundJob");
    expect(new Set(jobs.items.map(({ status }) => status))).toEqual(new Set(["Failed"]));
    expect((await workbooks({ filter: "tags:in:[weekly,sales]" })).items.length).toBeGreaterThan(0);
  });

  test("* stands for any characters, also for those that a filter cannot hold", async () => {
    const names = async (filter: string) => (await workbooks({ filter })).items.map(({ name }) => name);
    expect(await names("name:eq:Quota * Attainment")).toEqual(["Quota & Attainment"]);
    expect(await names("name:eq:*tainmen*")).toEqual(["Quota & Attainment"]);
    expect(await names("name:in:[Quota*,*store]")).toEqual(["Superstore", "Quota & Attainment"]);
    expect(await names("name:eq:quota*")).toEqual([]);
    // An ampersand ends the filter even when it came encoded.
    expect(await names("name:eq:Quota & Attainment")).toEqual([]);
    expect(await names("name:eq:Superstore&x")).toEqual(["Superstore"]);
  });

  test("of a field and operator that are named twice the last counts, of a range both ends do", async () => {
    const { items } = await workbooks({ filter: "name:eq:Board Pack,name:eq:Superstore" });
    expect(items.map(({ name }) => name)).toEqual(["Superstore"]);
    const sorted = await workbooks({ sort: "name:asc,size:asc,name:desc" });
    const sizes = sorted.items.map(({ size }) => Number(size));
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
  });

  test("a time may have an offset, a field its resource's name before it", async () => {
    const written = await workbooks({ filter: "createdAt:gt:2001-01-01T00:00:00+02:00", pageSize: "1" });
    expect(written.items).toHaveLength(1);
    const { items } = await workbooks({ fields: "workbook.name,project.name", pageSize: "1" });
    expect(items).toEqual([{ name: "Superstore", project: { name: "Default" } }]);
  });

  test.each([
    "filter=nothing:eq:1",
    "filter=NAME:eq:a",
    "filter=name:EQ:a",
    "filter=name:eq:",
    "filter=name:eq:a,b",
    "filter=name:in:[a",
    "filter=name:in:[a,b",
    "filter=name:in:[]",
    "filter=name:in:[a,,b]",
    "filter=name:in:[Some %26 name]",
    "filter=createdAt:gt:2023-01-01T00%253A00%253A00Z",
    "filter=showTabs:eq:maybe",
    "filter=:eq:a",
    "sort=name:asc:desc",
    "sort=tags:asc",
    "fields=workbook.nothing",
    "fields=owner.name.first",
    "filter=name:gt:a",
    "filter=name",
    "filter=size:eq:many",
    "filter=createdAt:gt:yesterday",
    "sort=nothing:asc",
    "sort=name:upwards",
    "fields=nothing",
    "fields=owner.nothing",
  ])("%s is refused with 400065", async (query) => {
    expect(await refusal(`/workbooks?${query}`)).toBe("400065");
  });

  test("fields chooses: names alone, on top of the defaults, of children, or all there is", async () => {
    const only = await workbooks({ fields: "name,owner.email", pageSize: "1" });
    expect(only.items).toEqual([{ name: "Superstore", owner: { email: expect.stringContaining("@acme.example") } }]);
    const [more] = (await workbooks({ fields: "_default_,owner.fullName", pageSize: "1" })).items;
    expect(more).toMatchObject({ name: "Superstore", owner: { id: expect.any(String), fullName: expect.any(String) } });
    const [all] = (await workbooks({ fields: "_all_", pageSize: "1" })).items;
    expect(all).toMatchObject({ sheetCount: expect.any(String), views: { view: expect.any(Array) } });
  });
});
