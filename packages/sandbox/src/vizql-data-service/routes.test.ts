import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { publishFile, seeded } from "../testing/publishing.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let superstore: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  superstore = (await seeded(ana, "datasources", "Superstore Datasource")).id;
});
afterAll(() => sandbox.close());

const base = "/api/v1/vizql-data-service";
const errorSchema = z.strictObject({
  errorCode: z.string().regex(/^\d{6}$/),
  message: z.string().min(1),
  datetime: z.iso.datetime(),
  debug: z.looseObject({}).optional(),
});
const rowsSchema = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

const post = (method: string, body: unknown, token: string | undefined = ana.token, more = {}) =>
  sandbox.call(`${base}/${method}`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { "x-tableau-auth": token }),
      ...more,
    },
  });

const about = (luid = superstore, options?: object) => ({ datasource: { datasourceLuid: luid }, options });
const ask = (query: object, options?: object, luid = superstore) =>
  post("query-datasource", { ...about(luid, options), query });
const bySegment = { fields: [{ fieldCaption: "Segment" }, { fieldCaption: "Sales", function: "SUM" }] };

async function rowsOf(response: Response) {
  expect(response.status).toBe(200);
  return rowsSchema.parse(await response.json()).data;
}

/** The code of an error, after its shape and its status have been looked at. */
async function codeOf(response: Response) {
  const { errorCode } = errorSchema.parse(await response.json());
  expect(response.status).toBe(Number(errorCode.slice(0, 3)));
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  return errorCode;
}

describe("query-datasource", () => {
  test("answers rows as objects by the fields' names, or as arrays", async () => {
    const objects = await rowsOf(await ask(bySegment));
    expect(objects.map((row) => row.Segment)).toEqual(["Consumer", "Corporate", "Home Office"]);
    expect(Object.keys(objects[0] ?? {})).toEqual(["Segment", "SUM(Sales)"]);
    const arrays = await (await ask(bySegment, { returnFormat: "ARRAYS" })).json();
    expect(arrays).toEqual({ data: objects.map((row) => Object.values(row)) });
  });

  test("takes everything that public clients send with it", async () => {
    const options = {
      ...{ returnFormat: "OBJECTS", debug: true, disaggregate: false, rowLimit: 2, bypassMetadataCache: true },
      ...{ interpretFieldCaptionsAsFieldNames: false, includeHiddenFields: false, returnServerSentEvents: false },
    };
    expect(await rowsOf(await ask(bySegment, options))).toHaveLength(2);
    const connections = [{ connectionLuid: superstore, connectionUsername: "u", connectionPassword: "p" }];
    const body = { query: bySegment, datasource: { datasourceLuid: superstore.toUpperCase(), connections } };
    expect(await rowsOf(await post("query-datasource", body))).toHaveLength(3);
    const nulls = { fields: [{ fieldCaption: "Segment", fieldAlias: null, sortPriority: null }], filters: null };
    expect(await rowsOf(await ask(nulls))).toHaveLength(3);
  });

  test("streams events where they are asked for", async () => {
    const response = await ask(bySegment, { returnServerSentEvents: true });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const events = (await response.text()).trim().split("\n\n");
    expect(events[0]).toBe('event: METADATA\ndata: {"rowCount":3}');
    expect(events[1]).toMatch(/^event: DATA\ndata: \[\{"Segment":"Consumer"/);
  });

  test("lets parameters change what is calculated, for one request", async () => {
    const forecast = { fields: [{ fieldCaption: "Sales Forecast" }, { fieldCaption: "Sales" }] };
    const parameters = [{ parameterCaption: "New Business Growth", value: 0 }];
    const [same] = await rowsOf(await ask({ ...forecast, parameters }));
    expect(same?.["Sales Forecast"]).toBeCloseTo(Number(same?.Sales), 4);
    const [grown] = await rowsOf(await ask(forecast));
    expect(grown?.["Sales Forecast"]).toBeCloseTo(1.6 * Number(grown?.Sales), 2);
  });

  const first = { fieldCaption: "Segment" };
  const region = { field: { fieldCaption: "Region" }, filterType: "SET", values: ["East"] };
  test.each<[string, string, object]>([
    ["no fields", "400803", { fields: [] }],
    ["an empty caption", "400803", { fields: [{ fieldCaption: "" }] }],
    ["a function and a calculation", "400803", { fields: [{ ...first, function: "MIN", calculation: "1" }] }],
    ["a bin with a function", "400803", { fields: [{ fieldCaption: "Sales", binSize: 5, function: "SUM" }] }],
    ["a bin of nothing", "400803", { fields: [{ fieldCaption: "Sales", binSize: 0 }] }],
    ["a calculation of a known name", "404935", { fields: [{ fieldCaption: "Sales", calculation: "1" }] }],
    ["decimals below 0", "400803", { fields: [{ ...first, maxDecimalPlaces: -1 }] }],
    ["a priority below 1", "400803", { fields: [{ ...first, sortPriority: 0 }] }],
    [
      "a priority twice",
      "400803",
      {
        fields: [
          { ...first, sortPriority: 1 },
          { fieldCaption: "City", sortPriority: 1 },
        ],
      },
    ],
    ["a filter twice", "400803", { fields: [first], filters: [region, region] }],
    ["a filter of nothing", "400803", { fields: [first], filters: [{ ...region, field: {} }] }],
    [
      "a filter of two things",
      "400803",
      { fields: [first], filters: [{ ...region, field: { fieldCaption: "Region", calculation: "1" } }] },
    ],
    ["no values to filter by", "400803", { fields: [first], filters: [{ ...region, values: [] }] }],
    ["nothing to match", "400803", { fields: [first], filters: [{ field: first, filterType: "MATCH" }] }],
    [
      "the top 0",
      "400803",
      { fields: [first], filters: [{ field: first, filterType: "TOP", howMany: 0, fieldToMeasure: first }] },
    ],
    ["no condition", "400803", { fields: [first], filters: [{ field: first, filterType: "CONDITION" }] }],
    ["an unknown parameter", "400803", { fields: [first], parameters: [{ parameterCaption: "x", value: 1 }] }],
    ["a sum of names", "400803", { fields: [{ ...first, function: "SUM" }] }],
    ["an unknown field", "404934", { fields: [{ fieldCaption: "Foobar" }] }],
    [
      "an unknown field to filter by",
      "404934",
      { fields: [first], filters: [{ ...region, field: { fieldCaption: "Foobar" } }] },
    ],
    ["a field twice", "404935", { fields: [first, first] }],
    ["a wrong formula", "400800", { fields: [{ fieldCaption: "x", calculation: "SUM(" }] }],
    ["an unknown function", "400802", { fields: [{ ...first, function: "GUESS" }] }],
    ["a number for a caption", "400802", { fields: [{ fieldCaption: 1 }] }],
    ["no kind of filter", "400802", { fields: [first], filters: [{ field: first }] }],
    ["an unrecognized key of a field", "404934", { fields: [{ ...first, colour: "red" }] }],
    ["an unrecognized key of a filter", "404934", { fields: [first], filters: [{ ...region, colour: "red" }] }],
  ])("refuses %s", async (_, code, query) => {
    expect(await codeOf(await ask(query))).toBe(code);
  });

  test("names what it does not recognize, and says more where debugging is asked for", async () => {
    const unknown = await (await ask(bySegment, { returnCrosstab: true })).json();
    expect(unknown).toMatchObject({ message: "Unrecognized field in request: options->returnCrosstab." });
    const wrong = errorSchema.parse(
      await (await ask({ fields: [{ fieldCaption: "Foobar" }] }, { debug: true })).json(),
    );
    expect(wrong).toMatchObject({ message: "Unknown Field: Foobar.", debug: {} });
  });

  test("refuses an answer that is too large", async () => {
    const fields = [{ fieldCaption: "Row ID", fieldAlias: "x".repeat(5_000) }];
    expect(await codeOf(await ask({ fields }))).toBe("400804");
    expect(await rowsOf(await ask({ fields }, { rowLimit: 5 }))).toHaveLength(5);
  });
});

describe("metadata", () => {
  test("lists fields and parameters, whose names queries take too", async () => {
    const schema = z.object({
      data: z.array(z.looseObject({ fieldName: z.string(), fieldCaption: z.string(), dataType: z.string() })),
      extraData: z.object({ parameters: z.array(z.looseObject({ parameterType: z.string() })) }),
    });
    const metadata = schema.parse(await (await post("read-metadata", about())).json());
    expect(metadata.extraData.parameters.map(({ parameterType }) => parameterType).toSorted()).toEqual([
      ...["ANY_VALUE", "LIST", "QUANTITATIVE_DATE", "QUANTITATIVE_RANGE", "QUANTITATIVE_RANGE"],
    ]);
    for (const key of ["fieldCaption", "fieldName"] as const) {
      const fields = metadata.data.map((field) => ({ fieldCaption: field[key] }));
      const options = { rowLimit: 1, interpretFieldCaptionsAsFieldNames: key === "fieldName" };
      expect(await rowsOf(await ask({ fields }, options))).toHaveLength(1);
    }
  });

  test("of every data source lists fields that can be asked for", async () => {
    const { items } = await pageOf(await ana.onSite("/datasources?pageSize=1000"), "datasources", "datasource");
    expect(items.length).toBeGreaterThanOrEqual(30);
    const schema = z.object({ data: z.array(z.looseObject({ fieldCaption: z.string() })).min(4) });
    for (const { id, name } of items) {
      const { data } = schema.parse(await (await post("read-metadata", about(String(id)))).json());
      const fields = data.map(({ fieldCaption }) => ({ fieldCaption }));
      const rows = await rowsOf(await ask({ fields }, { rowLimit: 2 }, String(id)));
      expect([name, rows.length]).toEqual([name, 2]);
    }
  });

  test("tells the logical tables and what relates them", async () => {
    const schema = z.object({
      logicalTables: z.array(z.object({ logicalTableId: z.string(), caption: z.string() })),
      logicalTableRelationships: z.array(z.looseObject({ fromLogicalTable: z.object({ logicalTableId: z.string() }) })),
    });
    const model = schema.parse(await (await post("get-datasource-model", about())).json());
    expect(model.logicalTables.map(({ caption }) => caption)).toEqual(["Orders", "People", "Returns"]);
    expect(model.logicalTableRelationships).toHaveLength(2);
  });

  test("lists the functions of formulas, each of which can be called", async () => {
    const schema = z.array(
      z.object({
        name: z.string(),
        overloads: z.array(z.object({ arg_types: z.array(z.string()), return_type: z.string() })).min(1),
      }),
    );
    const functions = schema.parse(await (await post("list-supported-functions", about())).json());
    const examples: Record<string, string> = {
      STR: "[Region]",
      INT: "[Quantity]",
      REAL: "[Sales]",
      BOOL: "[Profitable?]",
    };
    const others: Record<string, string> = { DATE: "[Order Date]", DATETIME: "DATETIME([Order Date])", ANY: "[Sales]" };
    const special: Record<string, string> = { PERCENTILE: "PERCENTILE([Sales], 0.9)", IIF: "IIF(TRUE, 1, 2)" };
    for (const { name, overloads } of functions) {
      const [way = { arg_types: [] }] = overloads;
      const takesPart = name.startsWith("DATE") && way.arg_types[0] === "STR" && way.arg_types.length > 1;
      const given = way.arg_types.map((type, index) =>
        takesPart && index === 0 ? "'month'" : (examples[type] ?? others[type]),
      );
      const calculation = special[name] ?? `${name}(${given.join(", ")})`;
      const answer = await ask({ fields: [{ fieldCaption: "x", calculation }] }, { rowLimit: 1 });
      expect([calculation, answer.status]).toEqual([calculation, 200]);
    }
  });

  test("is that of the file where the data source was published; its rows are not read, and that is said", async () => {
    const column = "<column caption='Amount' datatype='real' name='[amount]' role='measure' type='quantitative'/>";
    const content = `<?xml version='1.0'?><datasource version='18.1'><connection class='hyper'/>${column}</datasource>`;
    const published = await publishFile(ana, "Own Data", { filename: "own.tds", content });
    expect(published.status).toBe(201);
    const { id } = await seeded(ana, "datasources", "Own Data");
    expect(await (await post("read-metadata", about(id))).json()).toMatchObject({
      data: [{ fieldCaption: "Amount", dataType: "REAL", fieldRole: "MEASURE" }],
    });
    expect(await codeOf(await ask({ fields: [{ fieldCaption: "Amount" }] }, {}, id))).toBe("501000");
  });
});

describe("who may ask", () => {
  test("simple-request is for everyone", async () => {
    expect(await (await sandbox.call(`${base}/simple-request`)).json()).toBe("ahoy");
  });

  test("a session is needed, and of a JWT's session one of two scopes", async () => {
    expect(await codeOf(await post("read-metadata", about(), ""))).toBe("401002");
    expect(await codeOf(await post("read-metadata", about(), "nonsense"))).toBe("401002");
    for (const [scope, status] of [
      ["viz_data_service", 200],
      ["content", 200],
      ["views", 401],
    ] as const) {
      const { token } = await sandbox.byJwt([`tableau:${scope}:read`]);
      expect((await post("read-metadata", about(), token)).status).toBe(status);
    }
  });

  test("a data source must be there, be seen, and allow API access", async () => {
    const elif = await sandbox.explorer();
    expect(await codeOf(await post("read-metadata", about("nothing")))).toBe("404004");
    const set = async (modes: Record<string, string>) => {
      const capability = Object.entries(modes).map(([name, mode]) => ({ name, mode }));
      const rules = [{ user: { id: elif.user.id }, capabilities: { capability } }];
      const body = JSON.stringify({ permissions: { granteeCapabilities: rules } });
      const headers = { "content-type": "application/json" };
      // POST replaces what was set.
      const answer = await ana.onSite(`/datasources/${superstore}/permissions`, { method: "POST", body, headers });
      expect(answer.status).toBe(200);
    };
    await set({ Read: "Allow", VizqlDataApiAccess: "Allow" });
    expect((await post("read-metadata", about(), elif.token)).status).toBe(200);
    await set({ Read: "Allow", VizqlDataApiAccess: "Deny" });
    expect(await codeOf(await post("query-datasource", { ...about(), query: bySegment }, elif.token))).toBe("403800");
    await set({ Read: "Deny" });
    expect(await codeOf(await post("read-metadata", about(), elif.token))).toBe("404004");
  });

  test("faults and wrong addresses look as everything else here does", async () => {
    expect(await codeOf(await post("nothing", {}))).toBe("404950");
    expect(await codeOf(await sandbox.call(`${base}/read-metadata`))).toBe("405000");
    await sandbox.order({ throttle: { calls: 1, windowSeconds: 60 } });
    expect((await post("read-metadata", about())).status).toBe(200);
    const throttled = await post("read-metadata", about());
    await sandbox.order({ restore: true });
    expect(Number(throttled.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await codeOf(throttled)).toBe("429000");
  });
});

test("whatever is sent, an error has the service's shape and is nobody's fault here", async () => {
  const fields = fc.array(
    fc.dictionary(
      fc.constantFrom("fieldCaption", "function", "calculation", "binSize", "sortPriority"),
      fc.jsonValue(),
    ),
    { maxLength: 3 },
  );
  const filters = fc.array(
    fc.dictionary(fc.constantFrom("field", "filterType", "values", "min", "howMany"), fc.jsonValue()),
    { maxLength: 2 },
  );
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({ fields, filters }, { requiredKeys: [] }).map((query) => JSON.stringify({ ...about(), query })),
    fc.constantFrom("", "{", "[[[[", "null", `${"[".repeat(5_000)}`),
  );
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom("read-metadata", "query-datasource"), async (sent, method) => {
      const response = await post(method, sent);
      if (response.status === 200) return;
      expect(response.status).toBeLessThan(500);
      errorSchema.parse(await response.json());
    }),
  );
});

test("a service that is switched off, or out of time, says so", async () => {
  const alone = await openTestSandbox();
  try {
    const person = await alone.administrator();
    const { id } = await seeded(person, "datasources", "Superstore Datasource");
    const codeOf = async (method: string, body: object) => {
      const answer = await alone.call(`${base}/${method}`, {
        method: "POST",
        body: JSON.stringify({ datasource: { datasourceLuid: id }, ...body }),
        headers: { "content-type": "application/json", "x-tableau-auth": person.token },
      });
      return answer.ok ? answer.status : errorSchema.parse(await answer.json()).errorCode;
    };
    const both = async () => [
      await codeOf("read-metadata", {}),
      await codeOf("query-datasource", { query: bySegment }),
    ];
    expect(await both()).toEqual([200, 200]);
    await alone.order({ vizqlDataService: "off" });
    expect(await both()).toEqual(["403157", "403157"]);
    await alone.order({ vizqlDataService: "timeout" });
    expect(await both()).toEqual([200, "408000"]);
    await alone.order({ vizqlDataService: null });
    expect(await both()).toEqual([200, 200]);
  } finally {
    await alone.close();
  }
});
