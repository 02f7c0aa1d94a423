import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { seededRandom } from "../site/random.ts";
import { openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { seeded } from "../testing/publishing.ts";
import {
  bundleRequest,
  equals,
  looksAt,
  type PulseClient,
  pulseOf,
  pulseSchemas,
  specification,
} from "../testing/pulse.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let pulse: PulseClient;
let superstore: string;
let dashboard: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  pulse = pulseOf(sandbox, ana);
  superstore = (await seeded(ana, "datasources", "Superstore Datasource")).id;
  const views = await ana.onSite("/views?filter=name:eq:Superstore+Dashboard");
  dashboard = String((await pageOf(views, "views", "view")).items[0]?.id);
});
afterAll(() => sandbox.close());

/** What the dashboard's key figures are called there, in Pulse and in the VizQL Data Service. */
const figures = [
  { caption: "Sales", field: "Sales", aggregation: "AGGREGATION_SUM", function: "SUM" },
  { caption: "Profit", field: "Profit", aggregation: "AGGREGATION_SUM", function: "SUM" },
  { caption: "Quantity", field: "Quantity", aggregation: "AGGREGATION_SUM", function: "SUM" },
  { caption: "Profit Ratio", field: "Profit Ratio", aggregation: "AGGREGATION_USER", function: "AGG" },
  {
    caption: "Distinct count of Order ID",
    field: "Order ID",
    aggregation: "AGGREGATION_COUNT_DISTINCT",
    function: "COUNTD",
  },
] as const;

const members = {
  Region: ["East", "West", "Central", "South"],
  Segment: ["Consumer", "Corporate", "Home Office"],
  Category: ["Furniture", "Office Supplies", "Technology"],
} as const;

type Question = { figure: (typeof figures)[number]; filters: [field: string, values: string[]][]; year: number };

/** A figure of the last whole year, of some members of some dimensions. */
function randomQuestion(seed: number): Question {
  const random = seededRandom(`agreement ${seed}`);
  const filters = Object.entries(members).flatMap(([field, all]): Question["filters"] => {
    const values = all.filter(() => random.onceIn(2));
    return values.length === 0 || values.length === all.length ? [] : [[field, values]];
  });
  return {
    figure: figures[seed % figures.length] ?? figures[0],
    filters,
    year: new Date(sandbox.now()).getUTCFullYear() - 1,
  };
}

async function byPulse({ figure, filters }: Question): Promise<number> {
  const asked = looksAt(
    "YEAR",
    "LAST_COMPLETE",
    "NONE",
    filters.map(([field, values]) => equals(field, ...values)),
  );
  const request = bundleRequest(specification(superstore, figure.field, figure.aggregation), asked);
  const { bundle_response: answer } = await pulse.read(pulseSchemas.bundle, "POST", "/insights/ban", request);
  const facts = z.looseObject({ target_period_value: z.looseObject({ raw: z.number() }) });
  return facts.parse(answer.result.insight_groups[0]?.insights[0]?.result.facts).target_period_value.raw;
}

async function byDataService({ figure, filters, year }: Question): Promise<number> {
  const set = (field: object, values: unknown[]) => ({ filterType: "SET", field, values });
  const query = {
    fields: [{ fieldCaption: figure.field, function: figure.function, fieldAlias: "figure" }],
    filters: [
      ...filters.map(([field, values]) => set({ fieldCaption: field }, values)),
      set({ fieldCaption: "Order Date", function: "YEAR" }, [year]),
    ],
  };
  const answer = await sandbox.call("/api/v1/vizql-data-service/query-datasource", {
    method: "POST",
    headers: { "x-tableau-auth": ana.token },
    body: JSON.stringify({ datasource: { datasourceLuid: superstore }, query }),
  });
  return z.object({ data: z.tuple([z.object({ figure: z.number() })]) }).parse(await answer.json()).data[0].figure;
}

async function byViewData({ figure, filters, year }: Question): Promise<number> {
  const query = new URLSearchParams();
  for (const [field, values] of filters) query.set(`vf_${field}`, values.join(","));
  query.set("vf_YEAR(Order Date)", String(year));
  const csv = await (await ana.onSite(`/views/${dashboard}/data?${query}`)).text();
  const rows = z
    .array(z.object({ "Measure Names": z.string(), "Measure Values": z.string() }))
    .parse(parse(csv, { columns: true }));
  return Number(rows.find((row) => row["Measure Names"] === figure.caption)?.["Measure Values"].replaceAll(",", ""));
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  "Pulse, the VizQL Data Service and a view's CSV agree: question %i",
  async (seed) => {
    const question = randomQuestion(seed);
    const value = await byDataService(question);
    expect(await byPulse(question)).toBe(value);
    // A view's data is written with nine decimals.
    expect(await byViewData(question)).toBeCloseTo(value, 8);
  },
);
