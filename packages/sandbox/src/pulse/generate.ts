import type { Generation } from "../site/generation.ts";
import { pastTimes } from "../site/generation.ts";
import { luidOf, type Random } from "../site/random.ts";
import { addDefinition } from "./definitions.ts";
import {
  type Definition,
  type DefinitionBody,
  definitionParts,
  definitionSpecificationSchema,
  extensionOptionsSchema,
  type Follower,
  type Metric,
  type MetricSpecification,
  representationOptionsSchema,
} from "./model.ts";

type Plan = {
  name: string;
  datasource: string;
  measure: string;
  aggregation?: string;
  time: string;
  dimensions: string[];
  type?: "CURRENCY" | "PERCENT" | "NUMBER";
  /** What one and several of it are called. */
  units?: [string, string];
  sentiment?: "UP_IS_GOOD" | "DOWN_IS_GOOD" | "NONE";
  /** Members that metrics look at alone, beside the default one. */
  scopes?: [field: string, ...members: string[]];
};

const usual = ["Region", "Segment", "Category"];
const superstore = "Superstore Datasource";
const date = "Order Date";
const money = { type: "CURRENCY" } as const;
const part = { type: "PERCENT" } as const;
const up = { sentiment: "UP_IS_GOOD" } as const;
const down = { sentiment: "DOWN_IS_GOOD" } as const;
/** Aggregates by itself. */
const asItIs = { aggregation: "USER" } as const;

/** What Acme watches in Pulse. */
const plans: readonly Plan[] = [
  {
    ...{ name: "Sales", datasource: superstore, measure: "Sales", time: date, ...money, ...up },
    dimensions: [...usual, "Ship Mode"],
    scopes: ["Region", "East", "West", "Central"],
  },
  {
    ...{ name: "Profit", datasource: superstore, measure: "Profit", time: date, ...money, ...up },
    dimensions: usual,
    scopes: ["Category", "Furniture", "Technology"],
  },
  {
    ...{ name: "Profit Ratio", datasource: superstore, measure: "Profit Ratio", ...asItIs, time: date, ...part, ...up },
    dimensions: usual,
  },
  {
    ...{ name: "Average Discount", datasource: superstore, measure: "Discount", time: date, ...part, ...down },
    aggregation: "AVERAGE",
    dimensions: usual,
  },
  {
    ...{ name: "Orders", datasource: "Orders", measure: "Order ID", aggregation: "COUNT_DISTINCT", time: date, ...up },
    dimensions: [...usual, "Channel"],
    units: ["order", "orders"],
    scopes: ["Segment", "Consumer", "Corporate"],
  },
  {
    ...{ name: "Average Order Value", datasource: "Orders", measure: "Average Order Value", ...asItIs, time: date },
    ...{ ...money, ...up, dimensions: ["Channel", "Segment", "Region"] },
  },
  {
    ...{ name: "Units Sold", datasource: "Products", measure: "Quantity", time: date, ...up },
    dimensions: ["Category", "Sub-Category", "Manufacturer"],
    units: ["unit", "units"],
  },
  {
    ...{ name: "Active Customers", datasource: "Customers", measure: "Customer ID", time: date, ...up },
    aggregation: "COUNT_DISTINCT",
    dimensions: ["Segment", "Region", "Account Owner"],
    units: ["customer", "customers"],
  },
  {
    ...{ name: "New Customers", datasource: "First Orders", measure: "Customer ID", time: date, ...up },
    aggregation: "COUNT_DISTINCT",
    dimensions: ["Channel", "Segment", "Region"],
    units: ["customer", "customers"],
  },
  {
    ...{ name: "Quota Attainment", datasource: "Quota", measure: "Attainment", ...asItIs, time: "Quota Date" },
    ...{ ...part, ...up, dimensions: ["Region", "Account Executive", "Category"] },
    scopes: ["Region", "Central", "West"],
  },
  {
    ...{
      name: "On-time Rate",
      datasource: "Shipments",
      measure: "On-time Rate",
      ...asItIs,
      time: date,
      ...part,
      ...up,
    },
    dimensions: ["Warehouse", "Carrier", "Ship Mode"],
    scopes: ["Warehouse", "Dallas"],
  },
  {
    ...{ name: "Days to Ship", datasource: "Shipments", measure: "Days to Ship", aggregation: "AVERAGE", time: date },
    ...{ ...down, dimensions: ["Ship Mode", "Warehouse"], units: ["day", "days"] },
  },
  {
    ...{ name: "Freight Billed", datasource: "Carrier Invoices", measure: "Billed", time: "Invoice Date", ...money },
    ...{ ...down, dimensions: ["Carrier", "Warehouse", "Category"] },
  },
  {
    ...{ name: "Discount Given", datasource: "Promotions", measure: "Discount Amount", time: date, ...money, ...down },
    dimensions: ["Discount Band", "Region", "Category"],
  },
  {
    ...{ name: "Online Sales", datasource: "Online Orders", measure: "Sales", time: date, ...money, ...up },
    dimensions: ["Category", "Segment", "Region"],
  },
  {
    ...{ name: "Return Requests", datasource: "Return Requests", measure: "Request ID", aggregation: "COUNT" },
    ...{ time: "Requested On", ...down, dimensions: ["Reason", "Channel", "Category"] },
    units: ["request", "requests"],
  },
  {
    ...{ name: "Refunds", datasource: "Return Requests", measure: "Refund", time: "Requested On", ...money, ...down },
    dimensions: ["Reason", "Category", "Region"],
  },
];

/** Definitions over the seed's data sources, each with a default metric; some with others, and with followers. */
export function generatePulse(generation: Generation): void {
  const { site, scale } = generation;
  const random = generation.random("pulse");
  const everyone = { users: Array.from(site.users.keys()), groups: Array.from(site.groups.keys()) };
  const byName = new Map(Array.from(site.datasources.values(), ({ id, name }) => [name, id]));
  for (let copy = 1; copy <= scale; copy++) {
    for (const plan of plans) {
      const suffix = copy === 1 ? "" : ` ${copy}`;
      const datasourceId = byName.get(`${plan.datasource}${suffix}`);
      if (datasourceId === undefined) continue;
      const definition = makeDefinition(generation, random, plan, { name: `${plan.name}${suffix}`, datasourceId });
      const first = addDefinition(site, definition, luidOf(site.contentUrl, "pulse metric", definition.name));
      const metrics = [first, ...scopedMetrics(generation, definition, first, plan)];
      for (const metric of metrics) follow(generation, random, metric, everyone);
    }
  }
}

function makeDefinition(
  { site, now, authors }: Generation,
  random: Random,
  plan: Plan,
  { name, datasourceId }: { name: string; datasourceId: string },
): Definition {
  const author = random.pick(authors).id;
  return {
    id: luidOf(site.contentUrl, "pulse definition", name),
    name,
    description: `${plan.name} from ${plan.datasource}, by ${plan.dimensions.join(", ")}.`,
    version: random.between(1, 6),
    updatedBy: author,
    createdBy: author,
    body: bodyOf(plan, datasourceId),
    ...pastTimes(random, now),
  };
}

function bodyOf(plan: Plan, datasourceId: string): DefinitionBody {
  const { measure, aggregation = "SUM", time, dimensions, type = "NUMBER", sentiment = "NONE", units } = plan;
  const [singular, plural] = units ?? ["", ""];
  return {
    specification: definitionSpecificationSchema.parse({
      datasource: { id: datasourceId },
      basic_specification: {
        measure: { field: measure, aggregation: `AGGREGATION_${aggregation}` },
        time_dimension: { field: time },
        filters: [],
      },
      is_running_total: false,
    }),
    extension_options: extensionOptionsSchema.parse({
      allowed_dimensions: dimensions,
      allowed_granularities: ["GRANULARITY_BY_MONTH", "GRANULARITY_BY_QUARTER", "GRANULARITY_BY_YEAR"],
    }),
    representation_options: representationOptionsSchema.parse({
      type: `NUMBER_FORMAT_TYPE_${type}`,
      number_units: { singular_noun: singular, plural_noun: plural },
      sentiment_type: `SENTIMENT_TYPE_${sentiment}`,
      currency_code: type === "CURRENCY" ? "CURRENCY_CODE_USD" : "CURRENCY_CODE_UNSPECIFIED",
    }),
    insights_options: definitionParts.insights_options.parse(undefined),
    comparisons: definitionParts.comparisons.parse({
      comparisons: [
        { compare_config: { comparison: "TIME_COMPARISON_PREVIOUS_PERIOD" }, index: 0 },
        { compare_config: { comparison: "TIME_COMPARISON_YEAR_AGO_PERIOD" }, index: 1 },
      ],
    }),
    datasource_goals: [],
    related_links: [],
    certification: { is_certified: false },
  };
}

function scopedMetrics({ site }: Generation, definition: Definition, first: Metric, { scopes = [""] }: Plan): Metric[] {
  const [field, ...members] = scopes;
  return members.map((member) => {
    const specification: MetricSpecification = {
      ...first.specification,
      filters: [{ field, operator: "OPERATOR_EQUAL", categorical_values: [{ string_value: member }] }],
      comparison: { comparison: "TIME_COMPARISON_YEAR_AGO_PERIOD" },
    };
    const id = luidOf(site.contentUrl, "pulse metric", definition.name, member);
    const metric: Metric = { ...first, id, isDefault: false, specification };
    site.pulse.metrics.set(id, metric);
    return metric;
  });
}

/** Who may follow, by their ids. */
type Everyone = { users: readonly string[]; groups: readonly string[] };

/** A few people each, the administrator of the first among them, and now and then a group. */
function follow({ site, now }: Generation, random: Random, metric: Metric, { users, groups }: Everyone): void {
  const followers: Follower[] = [];
  const [administrator] = users;
  if (administrator !== undefined && random.onceIn(2)) followers.push({ kind: "user", id: administrator });
  for (let count = random.between(0, 4); count > 0; count--) {
    const id = users[random.between(1, users.length - 1)];
    if (id !== undefined && !followers.some((one) => one.id === id)) followers.push({ kind: "user", id });
  }
  const group = groups[random.between(0, groups.length - 1)];
  if (group !== undefined && random.onceIn(6)) followers.push({ kind: "group", id: group });
  for (const follower of followers) {
    const id = luidOf(site.contentUrl, "pulse subscription", metric.id, follower.id);
    site.pulse.subscriptions.set(id, { id, metric, follower, ...pastTimes(random, now) });
  }
}
