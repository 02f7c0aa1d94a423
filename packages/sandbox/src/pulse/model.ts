import * as z from "zod";

/** What Tableau Pulse keeps, as its JSON writes it (tableau/tableau-rest-openapi). What is not known here is kept too. */

export const filterSchema = z.looseObject({
  field: z.string().default(""),
  operator: z.string().default(""),
  categorical_values: z
    .array(
      z.looseObject({
        string_value: z.string().optional(),
        bool_value: z.boolean().optional(),
        null_value: z.string().nullable().optional(),
      }),
    )
    .max(1_000)
    .default([]),
});

const filters = z.array(filterSchema).max(200).default([]);

export const definitionSpecificationSchema = z.looseObject({
  datasource: z.looseObject({ id: z.string().default("") }).optional(),
  basic_specification: z
    .looseObject({
      measure: z.looseObject({ field: z.string().default(""), aggregation: z.string().default("") }).optional(),
      time_dimension: z.looseObject({ field: z.string().default("") }).optional(),
      filters,
    })
    .optional(),
  viz_state_specification: z.looseObject({ viz_state_string: z.string() }).optional(),
  is_running_total: z.boolean().default(false),
});

export const metricSpecificationSchema = z.looseObject({
  filters,
  measurement_period: z.looseObject({ granularity: z.string().default(""), range: z.string().default("") }).optional(),
  comparison: z.looseObject({ comparison: z.string().default("") }).optional(),
});

const names = z.array(z.string()).max(200).default([]);

export const extensionOptionsSchema = z.looseObject({
  allowed_dimensions: names,
  allowed_granularities: names,
  offset_from_today: z.int().default(0),
});

export const representationOptionsSchema = z.looseObject({
  type: z.string().default("NUMBER_FORMAT_TYPE_NUMBER"),
  number_units: z
    .looseObject({ singular_noun: z.string().default(""), plural_noun: z.string().default("") })
    .default({ singular_noun: "", plural_noun: "" }),
  sentiment_type: z.string().default("SENTIMENT_TYPE_NONE"),
  row_level_id_field: z.looseObject({ identifier_col: z.string().default("") }).default({ identifier_col: "" }),
  row_level_entity_names: z
    .looseObject({ entity_name_singular: z.string().default(""), entity_name_plural: z.string().default("") })
    .default({ entity_name_singular: "", entity_name_plural: "" }),
  row_level_name_field: z.looseObject({ name_col: z.string().default("") }).default({ name_col: "" }),
  currency_code: z.string().default("CURRENCY_CODE_UNSPECIFIED"),
});

export const insightsOptionsSchema = z.looseObject({
  show_insights: z.boolean().default(true),
  settings: z
    .array(z.looseObject({ type: z.string(), disabled: z.boolean().default(false) }))
    .max(100)
    .default([]),
});

export const comparisonsSchema = z.looseObject({
  comparisons: z
    .array(z.looseObject({ compare_config: z.looseObject({ comparison: z.string() }), index: z.int().default(0) }))
    .max(20)
    .default([]),
});

export const goalsSchema = z.looseObject({ target: z.looseObject({ value: z.number() }).optional() });

const anyObjects = z.array(z.looseObject({})).max(100).default([]);

/** The parts of a definition that a request may set. Each one has a default. */
export const definitionParts = {
  extension_options: extensionOptionsSchema.default(extensionOptionsSchema.parse({})),
  representation_options: representationOptionsSchema.default(representationOptionsSchema.parse({})),
  insights_options: insightsOptionsSchema.default(insightsOptionsSchema.parse({})),
  comparisons: comparisonsSchema.default(comparisonsSchema.parse({})),
  datasource_goals: anyObjects,
  related_links: anyObjects,
  certification: z.looseObject({ is_certified: z.boolean().default(false) }).default({ is_certified: false }),
};

const definitionBodySchema = z.object({ specification: definitionSpecificationSchema, ...definitionParts });

export type DefinitionSpecification = z.output<typeof definitionSpecificationSchema>;
export type MetricSpecification = z.output<typeof metricSpecificationSchema>;
export type DefinitionBody = z.output<typeof definitionBodySchema>;
export type MetricFilter = z.output<typeof filterSchema>;
export type Goals = z.output<typeof goalsSchema>;
export type RepresentationOptions = z.output<typeof representationOptionsSchema>;

/** What is measured: a measure of a data source over time. */
export type Definition = {
  id: string;
  name: string;
  description: string;
  /** Counts its changes, from 1. */
  version: number;
  /** The LUID of whoever changed it last, and of whoever made it. */
  updatedBy: string;
  createdBy: string;
  body: DefinitionBody;
  createdAt: number;
  updatedAt: number;
};

/** A definition looked at in one way: a period, a comparison, filters. Each definition has one by default. */
export type Metric = {
  id: string;
  definition: Definition;
  isDefault: boolean;
  version: number;
  specification: MetricSpecification;
  goals: Goals | undefined;
  createdAt: number;
  updatedAt: number;
};

export type Follower = { kind: "user"; id: string } | { kind: "group"; id: string };

/** Somebody follows a metric, or a group does. */
export type MetricSubscription = {
  id: string;
  metric: Metric;
  follower: Follower;
  createdAt: number;
  updatedAt: number;
};

/** How a user is told of metrics: how often, by which channels, and in which order. */
export type Preferences = { cadence: string; channels: Record<string, string>; groupBy: string; sortOrder: string };

/** All of Pulse on one site. Bounded: see definitions.ts, metrics.ts and subscriptions.ts. */
export type Pulse = {
  definitions: Map<string, Definition>;
  metrics: Map<string, Metric>;
  subscriptions: Map<string, MetricSubscription>;
  /** By the LUID of their user: one of each at most. */
  preferences: Map<string, Preferences>;
};

export function emptyPulse(): Pulse {
  return { definitions: new Map(), metrics: new Map(), subscriptions: new Map(), preferences: new Map() };
}

export function metricsOf(pulse: Pulse, definition: Definition): Metric[] {
  return Array.from(pulse.metrics.values()).filter((metric) => metric.definition === definition);
}

/** Ends what users or groups followed who are no more, and what they preferred. */
export function forgetFollowers({ subscriptions, preferences }: Pulse, gone: ReadonlySet<string>): void {
  for (const id of gone) preferences.delete(id);
  for (const { id, follower } of subscriptions.values()) if (gone.has(follower.id)) subscriptions.delete(id);
}
