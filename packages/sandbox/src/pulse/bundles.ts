import * as z from "zod";
import type { JsonCall, JsonRoute } from "../api/route.ts";
import { add, parseDate } from "../data/dates.ts";
import type { Caller } from "./access.ts";
import { oneOf } from "./checks.ts";
import { isPulseRefusal, type PulseRefusal, refusePulse } from "./errors.ts";
import { breakdown, generationId, type Insight, periodOverPeriod, type Subject, trend } from "./insights.ts";
import { openMeasurement } from "./measure.ts";
import {
  definitionSpecificationSchema,
  extensionOptionsSchema,
  insightsOptionsSchema,
  metricSpecificationSchema,
  representationOptionsSchema,
} from "./model.ts";
import { todayIn } from "./periods.ts";
import { answer, type PulseAnswer, pulseRoute, readJson } from "./route.ts";

/** A metric as requests for insights bring it: it need not be one of the site's. */
export const inputMetricSchema = z.looseObject({
  definition: definitionSpecificationSchema,
  metric_specification: metricSpecificationSchema,
  extension_options: extensionOptionsSchema.optional(),
  representation_options: representationOptionsSchema.optional(),
  insights_options: insightsOptionsSchema.optional(),
});

export type InputMetric = z.output<typeof inputMetricSchema>;

const bundleSchema = z.object({
  bundle_request: z.looseObject({
    version: z.coerce.number(),
    options: z
      .looseObject({
        output_format: z.string().default("OUTPUT_FORMAT_HTML"),
        now: z.string().optional(),
        time_zone: z.string().optional(),
      })
      .default({ output_format: "OUTPUT_FORMAT_HTML" }),
    input: z.looseObject({
      metadata: z.looseObject({ name: z.string().optional() }).default({}),
      metric: inputMetricSchema,
    }),
  }),
});

/** `basic` is what `springboard` was called first. */
const bundleTypes = ["ban", "basic", "springboard", "breakdown", "detail"] as const;

export const bundleRoutes: readonly JsonRoute[] = [
  pulseRoute("POST /insights/{bundleType}", "tableau:insights:read", generateBundle),
];

function generateBundle(call: JsonCall): PulseAnswer {
  const bundleType = oneOf(bundleTypes, call.parameters.bundleType?.toLowerCase());
  if (bundleType === undefined) return refusePulse("400950");
  const request = readJson(bundleSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const { version, options, input } = request.bundle_request;
  if (version !== 1) return refusePulse("400000", "bundle_request.version: must be 1");
  const subject = openSubject(call, input.metric, { name: input.metadata.name, ...options });
  if (isPulseRefusal(subject)) return subject;
  const groups = groupsOf(bundleType, subject);
  if (isPulseRefusal(groups)) return groups;
  const timestamp = new Date(call.scene.now).toISOString();
  const result = {
    insight_groups: groups.map((group) => drawGroup(group, timestamp)),
    has_errors: false,
    characterization: "CHARACTERIZATION_UNSPECIFIED",
  };
  return answer({ bundle_response: { result } });
}

export type SubjectOptions = {
  name?: string | undefined;
  output_format: string;
  now?: string | undefined;
  time_zone?: string | undefined;
};

/** The metric of a request, ready to be looked into. */
export function openSubject(caller: Caller, input: InputMetric, options: SubjectOptions): Subject | PulseRefusal {
  const extension = input.extension_options ?? extensionOptionsSchema.parse({});
  const now = options.now ? parseDate(options.now) : caller.scene.now;
  if (now === undefined) return refusePulse("400952");
  // A given moment is already of the given time zone.
  const today = todayIn(options.now ? "UTC" : options.time_zone || "UTC", now);
  if (today === undefined || todayIn(options.time_zone || "UTC", now) === undefined) return refusePulse("400951");
  const measurement = openMeasurement(caller, {
    definition: input.definition,
    metric: input.metric_specification,
    // inferred: the offset moves today back, for data that comes late.
    today: add("DAYS", -Math.abs(extension.offset_from_today), today),
  });
  if (isPulseRefusal(measurement)) return measurement;
  return {
    name: options.name || measurement.measure.caption,
    measurement,
    representation: input.representation_options ?? representationOptionsSchema.parse({}),
    dimensions: extension.allowed_dimensions,
    settings: input.insights_options ?? insightsOptionsSchema.parse({}),
    isHtml: options.output_format !== "OUTPUT_FORMAT_TEXT",
  };
}

type Group = { type: string; insights: readonly Insight[] };

/**
 * What a bundle holds: the current value, and with it (springboard) what stands out, or (detail) where it goes, what it
 * is made of, and what one may ask next.
 */
function groupsOf(bundleType: (typeof bundleTypes)[number], subject: Subject): Group[] | PulseRefusal {
  const current = periodOverPeriod(subject);
  if (isPulseRefusal(current)) return current;
  const ban = { type: "ban", insights: [current] };
  if (bundleType === "ban" || !subject.settings.show_insights) return [ban];
  const parts = breakdown(subject);
  if (isPulseRefusal(parts)) return parts;
  if (bundleType === "breakdown") return [{ type: "breakdown", insights: parts }];
  const over = trend(subject);
  if (isPulseRefusal(over)) return over;
  const byScore = [...over, ...parts].toSorted((one, other) => other.result.score - one.result.score);
  if (bundleType !== "detail") return [ban, { type: "top", insights: byScore.slice(0, 1) }];
  return [
    ban,
    { type: "anchor", insights: over },
    { type: "breakdown", insights: parts },
    { type: "followup", insights: byScore.slice(0, 3) },
  ];
}

function drawGroup({ type, insights }: Group, timestamp: string) {
  const [first] = insights;
  if (first === undefined) return { type, insights: [], summaries: [] };
  const { markup, viz } = first.result;
  const id = generationId(type, markup);
  const summary = { id, markup, viz, generation_id: id, timestamp, last_attempted_timestamp: timestamp };
  return { type, insights, summaries: [{ result: summary }] };
}
