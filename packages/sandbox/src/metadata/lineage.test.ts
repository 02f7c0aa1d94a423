import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { objectOf, openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { metadataOf } from "../testing/metadata.ts";
import { seeded } from "../testing/publishing.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

/** Ways along the lineage, and the ways back. */
const ways = [
  ["publishedDatasources", "downstreamWorkbooks", "workbooks", "upstreamDatasources"],
  ["publishedDatasources", "downstreamSheets", "sheets", "upstreamDatasources"],
  ["publishedDatasources", "downstreamDashboards", "dashboards", "upstreamDatasources"],
  ["flows", "downstreamDatasources", "publishedDatasources", "upstreamFlows"],
  ["flows", "upstreamTables", "databaseTables", "downstreamFlows"],
  ["databaseTables", "downstreamDatasources", "publishedDatasources", "upstreamTables"],
  ["databaseTables", "downstreamWorkbooks", "workbooks", "upstreamTables"],
  ["databaseTables", "downstreamSheets", "sheets", "upstreamTables"],
  ["databases", "downstreamWorkbooks", "workbooks", "upstreamDatabases"],
  ["databases", "downstreamDatasources", "publishedDatasources", "upstreamDatabases"],
  ["databases", "tables", "databaseTables", "database"],
  ["columns", "downstreamFields", "fields", "upstreamColumns"],
  ["columns", "downstreamSheets", "sheets", "upstreamColumns"],
  ["workbooks", "sheets", "sheets", "workbook"],
  ["workbooks", "dashboards", "dashboards", "workbook"],
  ["workbooks", "embeddedDatasources", "embeddedDatasources", "workbook"],
  ["sheets", "containedInDashboards", "dashboards", "sheets"],
] as const;

const connectionsSchema = z.array(z.object({ datasource: z.object({ id: z.string() }) }));
const idSchema = z.object({ id: z.string() });
const rowSchema = z.looseObject({ id: z.string() });

/** All pairs that a way leads from and to, 200 things at a time so that no answer is cut. */
async function pairsAlong(list: string, way: string): Promise<[from: string, to: string][]> {
  const { ask } = metadataOf(ana);
  const pairs: [string, string][] = [];
  const page = z.object({ nodes: z.array(rowSchema), pageInfo: z.object({ hasNextPage: z.boolean() }) });
  for (let offset = 0; ; offset += 200) {
    const query = `{ ${list}Connection(first: 200, offset: ${offset}) { nodes { id ${way} { id } } pageInfo { hasNextPage } } }`;
    const { data, errors } = await ask(query);
    if (errors !== undefined) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    const { nodes, pageInfo } = page.parse(data?.[`${list}Connection`]);
    for (const node of nodes) {
      const led = z.union([z.array(idSchema), idSchema, z.null()]).parse(node[way]);
      for (const { id } of [led ?? []].flat()) pairs.push([node.id, id]);
    }
    if (!pageInfo.hasNextPage) return pairs;
  }
}

describe("lineage", () => {
  test.each(ways)("from %s by %s is that from %s by %s, read backwards", async (from, way, to, wayBack) => {
    const there = (await pairsAlong(from, way)).map(([one, other]) => `${one} ${other}`);
    const andBack = (await pairsAlong(to, wayBack)).map(([one, other]) => `${other} ${one}`);
    expect(there.length).toBeGreaterThan(0);
    expect(new Set(there).size).toBe(there.length);
    expect(andBack.length).toBe(there.length);
    // Thousands of pairs: a few say enough when they differ.
    const back = new Set(andBack);
    expect(there.filter((pair) => !back.has(pair)).slice(0, 5)).toEqual([]);
  });

  test("of workbooks is that of the REST API's connections", async () => {
    const { id: luid } = await seeded(ana, "workbooks", "Customer 360");
    const { connection } = await objectOf(await ana.onSite(`/workbooks/${luid}/connections`), "connections");
    const connected = connectionsSchema.parse(connection).map(({ datasource }) => datasource.id);
    const query = "query one($luid: String) { workbooks(filter: { luid: $luid }) { upstreamDatasources { luid } } }";
    const [workbook] = await metadataOf(ana).rows(query, { luid });
    const upstream = z.array(z.object({ luid: z.string() })).parse(workbook?.upstreamDatasources);
    expect(upstream.length).toBeGreaterThan(0);
    for (const { luid: source } of upstream) expect(connected).toContain(source);
  });

  test("of a sheet leads by its fields to the columns that they are made from", async () => {
    const query = `{ sheetsConnection(first: 40) { nodes {
      sheetFieldInstances { __typename ... on CalculatedField { formula fields { id } } ... on ColumnField { columns { id table { id } } } }
      upstreamColumns { id }
    } } }`;
    const { data, errors } = await metadataOf(ana).ask(query);
    expect(errors).toBeUndefined();
    const connection = z.object({ nodes: z.array(z.object({ upstreamColumns: z.array(idSchema) })) });
    const { nodes } = connection.parse(data?.sheetsConnection);
    expect(nodes.some(({ upstreamColumns }) => upstreamColumns.length > 0)).toBe(true);
  });

  test("of a column leads to the fields that name it, not to what a query makes of it", async () => {
    const query = `{ columnsConnection(first: 500) { nodes {
      referencedByFields { id __typename datasource { id } referencedByFields { __typename name } }
    } } }`;
    const { data, errors } = await metadataOf(ana).ask(query);
    expect(errors).toBeUndefined();
    const field = z.object({ datasource: idSchema, referencedByFields: z.array(z.object({ __typename: z.string() })) });
    const connection = z.object({ nodes: z.array(z.object({ referencedByFields: z.array(field) })) });
    const fields = connection.parse(data?.columnsConnection).nodes.flatMap((node) => node.referencedByFields);
    const naming = fields.flatMap((one) => one.referencedByFields.map(({ __typename }) => __typename));
    expect(naming).toContain("CalculatedField");
    expect(naming).not.toContain("ColumnField");
  });

  test("forgets what is deleted, and follows what changes", async () => {
    const { rows } = metadataOf(ana);
    const { id } = await seeded(ana, "workbooks", "Account Health");
    const before = await rows('{ workbooks(filter: { name: "Account Health" }) { id upstreamDatasources { id } } }');
    expect(before).toHaveLength(1);
    await ana.onSite(`/workbooks/${id}`, { method: "PUT", body: '<tsRequest><workbook name="Renamed"/></tsRequest>' });
    expect(await rows('{ workbooks(filter: { name: "Renamed" }) { id upstreamDatasources { id } } }')).toEqual(before);
    await ana.onSite(`/workbooks/${id}`, { method: "DELETE" });
    expect(await rows(`{ workbooks(filter: { luid: "${id}" }) { id } }`)).toEqual([]);
    const sources = await rows("{ publishedDatasources { downstreamWorkbooks { name } } }");
    expect(JSON.stringify(sources)).not.toContain("Renamed");
  });
});
