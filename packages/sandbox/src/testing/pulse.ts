import { expect } from "vitest";
import * as z from "zod";
import type { SignedIn, TestSandbox } from "./client.ts";

const metricSchema = z.looseObject({
  id: z.string(),
  definition_id: z.string(),
  specification: z.looseObject({ filters: z.array(z.looseObject({ field: z.string() })) }),
  is_default: z.boolean(),
  is_followed: z.boolean(),
  metric_version: z.number(),
  datasource_luid: z.string(),
});

const definitionSchema = z.looseObject({
  metadata: z.looseObject({ id: z.string(), name: z.string(), definition_version: z.number() }),
  specification: z.looseObject({ datasource: z.looseObject({ id: z.string() }), is_running_total: z.boolean() }),
  extension_options: z.looseObject({ allowed_dimensions: z.array(z.string()) }),
  metrics: z.array(metricSchema),
  total_metrics: z.number(),
  representation_options: z.looseObject({ type: z.string() }),
  insights_options: z.looseObject({ show_insights: z.boolean() }),
});

const subscriptionSchema = z.looseObject({
  id: z.string(),
  metric_id: z.string(),
  follower: z.union([z.strictObject({ user_id: z.string() }), z.strictObject({ group_id: z.string() })]),
  create_time: z.iso.datetime(),
});

const insightSchema = z.looseObject({
  insight_type: z.string(),
  result: z.looseObject({ type: z.string(), markup: z.string(), question: z.string(), facts: z.looseObject({}) }),
});

/** Pulse's answers as far as public clients read them. */
export const pulseSchemas = {
  definition: z.object({ definition: definitionSchema }),
  definitions: z.looseObject({ definitions: z.array(definitionSchema) }),
  page: z.object({ next_page_token: z.string(), offset: z.number(), total_available: z.number() }),
  metric: z.looseObject({ metric: metricSchema }),
  metrics: z.looseObject({ metrics: z.array(metricSchema) }),
  subscription: z.object({ subscription: subscriptionSchema }),
  subscriptions: z.looseObject({ subscriptions: z.array(subscriptionSchema) }),
  bundle: z.object({
    bundle_response: z.object({
      result: z.object({
        insight_groups: z.array(
          z.object({ type: z.string(), insights: z.array(insightSchema), summaries: z.array(z.looseObject({})) }),
        ),
        has_errors: z.literal(false),
        characterization: z.string(),
      }),
    }),
  }),
};

const errorSchema = z.object({ code: z.string().regex(/^\d{6}$/), message: z.string().regex(/^0x[0-9a-f]{8}$/) });

/** Calls of somebody below `/api/-/pulse`, with colons encoded as public clients do. */
export function pulseOf(sandbox: TestSandbox, { token }: Pick<SignedIn, "token">) {
  const call = (method: string, path: string, body?: unknown) => {
    const [address = "", query] = path.split("?");
    const encoded = address.replaceAll(":", "%3A") + (query === undefined ? "" : `?${query}`);
    const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    return sandbox.call(`/api/-/pulse${encoded}`, { method, ...sent, headers: { "x-tableau-auth": token } });
  };
  return {
    call,
    async read<Schema extends z.ZodType>(schema: Schema, method: string, path: string, body?: unknown) {
      const response = await call(method, path, body);
      const answered: unknown = await response.json();
      expect([method, path, response.status < 300 ? "fine" : answered]).toEqual([method, path, "fine"]);
      return schema.parse(answered);
    },
    /** The code of an error, after its shape, its status and its headers have been looked at. */
    async code(method: string, path: string, body?: unknown): Promise<string> {
      const response = await call(method, path, body);
      const { code, message } = errorSchema.parse(await response.json());
      expect(response.status).toBe(Number(code.slice(0, 3)));
      expect(response.headers.get("validation_code")).toBe(code);
      expect(response.headers.get("tableau_error_code")).toBe(message);
      return code;
    },
  };
}

export type PulseClient = ReturnType<typeof pulseOf>;

/** What a definition measures: by default the sum of sales over the order date. */
export function specification(datasourceId: string, field = "Sales", aggregation = "AGGREGATION_SUM") {
  return {
    datasource: { id: datasourceId },
    basic_specification: {
      measure: { field, aggregation },
      time_dimension: { field: "Order Date" },
      filters: [] as object[],
    },
    is_running_total: false,
  };
}

export const equals = (field: string, ...values: string[]) => ({
  field,
  operator: "OPERATOR_EQUAL",
  categorical_values: values.map((value) => ({ string_value: value })),
});

/** How a metric looks at a definition: by default at the current month, beside the one before. */
export const looksAt = (
  granularity = "MONTH",
  range = "CURRENT_PARTIAL",
  comparison = "PREVIOUS_PERIOD",
  filters: object[] = [],
) => ({
  filters,
  measurement_period: { granularity: `GRANULARITY_BY_${granularity}`, range: `RANGE_${range}` },
  comparison: { comparison: `TIME_COMPARISON_${comparison}` },
});

/** A request for insights about a metric that need not be the site's. */
export function bundleRequest(definition: object, metric: object, more: object = {}, options: object = {}) {
  return {
    bundle_request: {
      version: 1,
      options: {
        output_format: "OUTPUT_FORMAT_TEXT",
        time_zone: "UTC",
        language: "LANGUAGE_EN_US",
        locale: "LOCALE_EN_US",
        ...options,
      },
      input: { metadata: { name: "Sales" }, metric: { definition, metric_specification: metric, ...more } },
    },
  };
}
