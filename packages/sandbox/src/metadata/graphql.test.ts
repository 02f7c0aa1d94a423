import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { metadataOf } from "../testing/metadata.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const path = "/api/metadata/graphql";
const query = "query site { tableauSites { name luid } }";

const post = (body: string, contentType = "application/json", token: string | null = ana.token) =>
  sandbox.call(path, {
    method: "POST",
    body,
    headers: { "content-type": contentType, ...(token === null ? {} : { "x-tableau-auth": token }) },
  });

describe("a query", () => {
  const answer = { data: { tableauSites: [{ name: "Acme Analytics", luid: expect.any(String) }] } };

  test.each([
    ["JSON", () => post(JSON.stringify({ query }))],
    ["JSON, called something else", () => post(JSON.stringify({ query }), "application/x-www-form-urlencoded")],
    ["JSON with nulls", () => post(JSON.stringify({ query, variables: null, operationName: null }))],
    ["GraphQL", () => post(query, "application/graphql")],
    ["GraphQL without a name", () => post("{ tableauSites { name luid } }", "application/graphql")],
    ["an address", () => ana.ask(`${path}?${new URLSearchParams({ query })}`)],
    ["JSON for the older address", () => ana.ask("/relationship-service-war/graphql", "POST", { query })],
  ])("is read from %s", async (_what, send) => {
    const response = await send();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toEqual(answer);
  });

  test("may hold several operations, and names the one that is meant", async () => {
    const both = `${query} query other { tableauSites { uri } }`;
    expect(await (await post(JSON.stringify({ query: both, operationName: "site" }))).json()).toEqual(answer);
  });

  test.each(["", "{", "[]", '{"query":5}', '{"q":"{}"}', "nonsense", "null"])("that is %j is none", async (body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] });
  });

  test("of somebody unknown is refused as Tableau's service refuses it", async () => {
    const response = await post(JSON.stringify({ query }), "application/json", null);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      timestamp: expect.stringMatching(/\+0000$/),
      status: 401,
      error: "Unauthorized",
      message: expect.any(String),
      path: "/relationship-service-war/graphql",
    });
  });

  test("needs the scope to read content, when a connected app asks it", async () => {
    expect((await (await sandbox.byJwt(["tableau:content:read"])).ask(path, "POST", { query })).status).toBe(200);
    expect((await (await sandbox.byJwt(["tableau:users:read"])).ask(path, "POST", { query })).status).toBe(401);
  });

  test.each([
    [
      "{ workbooks { colour } }",
      "Validation error of type FieldUndefined: Field 'colour' in type 'Workbook' is undefined",
    ],
    ["{ workbooks(filter: { colour: 1 }) { name } }", "Validation error"],
    ["{ workbooks }", "Validation error"],
    ["mutation { delete }", "Validation error"],
  ])("that asks wrongly, as %s, is told so with 200", async (wrong, message) => {
    const { errors, data } = await metadataOf(ana).ask(wrong);
    expect(errors?.[0]).toMatchObject({ extensions: { classification: "ValidationError" } });
    expect(errors?.[0]?.message).toContain(message);
    expect(data).toBeUndefined();
  });

  test("that is no GraphQL is told where it goes wrong", async () => {
    const { errors } = await metadataOf(ana).ask("{ workbooks { name }");
    expect(errors).toMatchObject([
      { extensions: { classification: "InvalidSyntax" }, locations: [{ line: 1, column: expect.any(Number) }] },
    ]);
  });

  test("without a variable that it must have is told so", async () => {
    const { errors } = await metadataOf(ana).ask(
      "query a($n: [String]!) { workbooks(filter: { nameWithin: $n }) { id } }",
    );
    expect(errors?.[0]?.message).toContain("$n");
  });
});

test("whoever introspects the schema finds what clients ask for", async () => {
  const types = z.array(z.object({ name: z.string(), fields: z.array(z.object({ name: z.string() })).nullable() }));
  const { data, errors } = await metadataOf(ana).ask("{ __schema { types { name fields { name } } } }");
  expect(errors).toBeUndefined();
  const schema = z.object({ __schema: z.object({ types }) }).parse(data);
  const fieldsOf = new Map(schema.__schema.types.map(({ name, fields }) => [name, fields?.map((field) => field.name)]));
  for (const list of [
    ...["workbooks", "sheets", "dashboards", "views", "publishedDatasources", "embeddedDatasources", "databases"],
    ...["databaseTables", "tables", "columns", "fields", "calculatedFields", "customSQLTables", "parameters", "flows"],
    ...["tableauUsers", "tableauSites", "tags", "virtualConnections"],
  ]) {
    expect(fieldsOf.get("Query"), list).toEqual(expect.arrayContaining([list, `${list}Connection`]));
  }
  const lineage = ["upstreamDatasources", "upstreamTables", "upstreamDatabases", "upstreamFields", "upstreamColumns"];
  expect(fieldsOf.get("Sheet")).toEqual(expect.arrayContaining(lineage));
});

describe("the status of the index", () => {
  test("is told to those who administer a Tableau Server, and there is none on Tableau Cloud", async () => {
    const server = await openTestSandbox({ edition: "server" });
    const administrator = await server.administrator();
    const status = await administrator.ask("/api/metadata/v1/control/backfill/status");
    expect(await status.json()).toMatchObject({ backfillComplete: true });
    const eventing = await administrator.ask("/api/metadata/v1/control/eventing/status");
    expect(await eventing.json()).toMatchObject({ isBacklogSmall: true });
    await server.close();
    expect((await ana.ask("/api/metadata/v1/control/backfill/status")).status).toBe(404);
  });
});
