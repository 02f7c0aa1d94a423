import * as z from "zod";
import type { JsonCall, JsonRoute } from "../api/route.ts";
import { inputMetricSchema, openSubject } from "./bundles.ts";
import { isPulseRefusal, refusePulse } from "./errors.ts";
import { breakdown, generationId, type Insight, periodOverPeriod } from "./insights.ts";
import { answer, type PulseAnswer, pulseRoute, readJson } from "./route.ts";

/** More metrics in one question are refused, as is a longer conversation. inferred: the numbers. */
const mostMetrics = 50;
const mostMessages = 100;

const contextSchema = z.looseObject({
  metadata: z
    .looseObject({
      name: z.string().default(""),
      metric_id: z.string().default(""),
      definition_id: z.string().default(""),
    })
    .default({ name: "", metric_id: "", definition_id: "" }),
  metric: inputMetricSchema,
});

const briefSchema = z.looseObject({
  now: z.string().optional(),
  time_zone: z.string().optional(),
  messages: z
    .array(
      z.looseObject({
        content: z.string().default(""),
        metric_group_context: z.array(contextSchema).max(mostMetrics).default([]),
      }),
    )
    .max(mostMessages)
    .default([]),
});

export const briefRoutes: readonly JsonRoute[] = [
  pulseRoute("POST /insights/brief", "tableau:insight_brief:create", generateBrief),
];

/**
 * Answers a question about metrics. There is no language model behind: whatever is asked, the answer says what each
 * metric is, and where the most of it comes from. Footnotes refer to the insights that it rests on.
 */
function generateBrief(call: JsonCall): PulseAnswer {
  const request = readJson(briefSchema, call.content);
  if (isPulseRefusal(request)) return request;
  const question = request.messages.at(-1);
  if (question === undefined || question.content.trim() === "") {
    return refusePulse("400000", "messages: at least one with content is needed");
  }
  const context = question.metric_group_context;
  if (context.length === 0) return refusePulse("400000", "metric_group_context: at least one metric is needed");
  const sources: { insight: Insight; definitionId: string; metricId: string }[] = [];
  for (const { metadata, metric } of context) {
    const { name, definition_id: definitionId, metric_id: metricId } = metadata;
    const { now, time_zone } = request;
    const subject = openSubject(call, metric, { name, output_format: "OUTPUT_FORMAT_TEXT", now, time_zone });
    if (isPulseRefusal(subject)) return subject;
    const current = periodOverPeriod(subject);
    if (isPulseRefusal(current)) return current;
    const parts = breakdown(subject);
    if (isPulseRefusal(parts)) return parts;
    for (const insight of [current, ...parts.slice(0, 1)]) sources.push({ insight, definitionId, metricId });
  }
  const sentences = sources.map(
    ({ insight, definitionId, metricId }, index) =>
      `${insight.result.markup} [[${index + 1}]](${definitionId}|${metricId})`,
  );
  const markup = sentences.join(" ");
  const id = generationId(question.content, markup);
  return answer({
    markup,
    generation_id: id,
    not_enough_information: false,
    group_context: context,
    follow_up_questions: [...new Set(sources.map(({ insight }) => insight.result.question))]
      .slice(0, 3)
      .map((content) => ({ content, metric_group_context_resolved: true })),
    source_insights: sources.map(({ insight, definitionId }) => ({
      ...insight.result,
      id: generationId(id, insight.result.markup),
      generation_id: id,
      insight_feedback_metadata: {
        candidate_definition_id: definitionId,
        dimension_hash: "",
        score: insight.result.score,
        type: insight.insight_type,
      },
    })),
  });
}
