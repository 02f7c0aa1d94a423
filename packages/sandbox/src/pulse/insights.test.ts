import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
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
import { spansOf, todayIn, writeSpan } from "./periods.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let pulse: PulseClient;
let superstore: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  pulse = pulseOf(sandbox, ana);
  superstore = (await seeded(ana, "datasources", "Superstore Datasource")).id;
});
afterAll(() => sandbox.close());

async function bundle(type: string, request: object) {
  const { bundle_response: answer } = await pulse.read(pulseSchemas.bundle, "POST", `/insights/${type}`, request);
  return answer.result.insight_groups;
}

const withDimensions = { extension_options: { allowed_dimensions: ["Region", "Category"] } };

const factsSchema = z.looseObject({
  target_period_value: z.object({ raw: z.number(), formatted: z.string(), label: z.string() }),
  comparison_period_value: z.looseObject({ raw: z.number() }),
  target_time_period: z.looseObject({ label: z.string(), range: z.string() }),
  difference: z.object({
    absolute: z.object({ raw: z.number(), formatted: z.string() }),
    relative: z.object({ raw: z.number(), formatted: z.string() }),
    direction: z.enum(["up", "down", "flat"]),
  }),
});

describe("a bundle", () => {
  test("says what a metric is, what it was, and how it changed", async () => {
    const currency = {
      representation_options: { type: "NUMBER_FORMAT_TYPE_CURRENCY", currency_code: "CURRENCY_CODE_EUR" },
    };
    const request = bundleRequest(specification(superstore), looksAt("YEAR", "LAST_COMPLETE"), currency);
    const [ban, ...others] = await bundle("ban", request);
    expect(others).toEqual([]);
    const [insight] = ban?.insights ?? [];
    const facts = factsSchema.parse(insight?.result.facts);
    const { target_period_value: now, comparison_period_value: before, difference } = facts;
    expect(difference.absolute.raw).toBeCloseTo(now.raw - before.raw, 4);
    expect(difference.relative.raw).toBeCloseTo((now.raw - before.raw) / before.raw, 9);
    expect(difference.direction).toBe(now.raw > before.raw ? "up" : "down");
    expect(now.formatted).toMatch(/^€[\d.]+K$/);
    expect(insight).toMatchObject({ insight_type: "popc", result: { type: "popc", version: 1 } });
    expect(insight?.result.markup).toContain(now.formatted);
  });

  test("holds more or less, as its type says", async () => {
    const request = bundleRequest(specification(superstore), looksAt("QUARTER"), withDimensions);
    const groups = async (type: string) => (await bundle(type, request)).map((group) => group.type);
    expect(await groups("springboard")).toEqual(["ban", "top"]);
    expect(await groups("basic")).toEqual(["ban", "top"]);
    expect(await groups("breakdown")).toEqual(["breakdown"]);
    expect(await groups("detail")).toEqual(["ban", "anchor", "breakdown", "followup"]);
    expect(await pulse.code("POST", "/insights/everything", request)).toBe("400950");
  });

  test("breaks a metric down: the members add up, and settings turn kinds of insights off", async () => {
    const options = {
      ...withDimensions,
      insights_options: { settings: [{ type: "INSIGHT_TYPE_TOP_DRIVERS", disabled: true }] },
    };
    const groups = await bundle(
      "detail",
      bundleRequest(specification(superstore), looksAt("YEAR", "LAST_COMPLETE"), options),
    );
    const facts = factsSchema.parse(groups[0]?.insights[0]?.result.facts);
    const insights = groups.find(({ type }) => type === "breakdown")?.insights ?? [];
    const ranked = z.looseObject({ dimension: z.string(), members: z.array(z.looseObject({ value: z.number() })) });
    const top = insights
      .filter(({ insight_type: type }) => type === "top-contributors")
      .map(({ result }) => ranked.parse(result.facts));
    expect(top.map(({ dimension }) => dimension)).toEqual(["Region", "Category"]);
    for (const { members } of top) {
      expect(members.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(facts.target_period_value.raw, 2);
    }
    expect(insights.map(({ insight_type: type }) => type)).not.toContain("top-drivers");
    const quiet = bundleRequest(specification(superstore), looksAt(), {
      ...withDimensions,
      insights_options: { show_insights: false },
    });
    expect((await bundle("detail", quiet)).map(({ type }) => type)).toEqual(["ban"]);
  });

  test("counts up to a day for running totals, and respects filters of both", async () => {
    const value = async (definition: object, metric: object) => {
      const [ban] = await bundle("ban", bundleRequest(definition, metric));
      const facts = z.looseObject({ target_period_value: z.looseObject({ raw: z.number() }) });
      return facts.parse(ban?.insights[0]?.result.facts).target_period_value.raw;
    };
    const year = looksAt("YEAR", "LAST_COMPLETE", "NONE");
    const all = await value(specification(superstore), year);
    expect(await value({ ...specification(superstore), is_running_total: true }, year)).toBeGreaterThan(all);
    const west = specification(superstore);
    west.basic_specification.filters = [equals("Region", "West")];
    const consumers = { ...year, filters: [{ ...equals("Segment", "Consumer"), operator: "OPERATOR_NOT_EQUAL" }] };
    const both = await value(west, consumers);
    expect(both).toBeLessThan(await value(west, year));
    expect((await value(west, { ...year, filters: [equals("Segment", "Consumer")] })) + both).toBeCloseTo(
      await value(west, year),
      2,
    );
  });

  test("is written as HTML or as text, and nothing in a name becomes HTML", async () => {
    const request = bundleRequest(specification(superstore), looksAt(), {}, { output_format: "OUTPUT_FORMAT_HTML" });
    request.bundle_request.input.metadata.name = "<b>Sales</b>";
    const [ban] = await bundle("ban", request);
    expect(ban?.insights[0]?.result.markup).toMatch(/^<span>&lt;b&gt;Sales&lt;\/b&gt; was <em>/);
  });

  test.each<[string, object, object]>([
    ["400000", { version: 2 }, {}],
    ["400951", {}, { time_zone: "Moon/Sea" }],
    ["400952", {}, { now: "yesterday" }],
  ])("is refused with %s", async (code, more, options) => {
    const request = bundleRequest(specification(superstore), looksAt(), {}, options);
    Object.assign(request.bundle_request, more);
    expect(await pulse.code("POST", "/insights/ban", request)).toBe(code);
  });
});

describe("a brief", () => {
  const context = (name: string, definition: object) => ({
    metadata: { name, metric_id: "m", definition_id: "d" },
    metric: { definition, metric_specification: looksAt(), ...withDimensions },
  });
  const ask = (content: string, ...metrics: object[]) => ({
    language: "LANGUAGE_EN_US",
    locale: "LOCALE_EN_US",
    time_zone: "UTC",
    messages: [
      {
        action_type: "ACTION_TYPE_ANSWER",
        role: "ROLE_USER",
        content,
        metric_group_context: metrics,
        metric_group_context_resolved: true,
      },
    ],
  });

  test("tells of every metric that it is asked about, and what it rests on", async () => {
    const schema = z.object({
      markup: z.string(),
      generation_id: z.string(),
      not_enough_information: z.literal(false),
      group_context: z.array(z.looseObject({})).length(2),
      follow_up_questions: z
        .array(z.object({ content: z.string(), metric_group_context_resolved: z.boolean() }))
        .min(1),
      source_insights: z.array(z.looseObject({ markup: z.string(), type: z.string() })).length(4),
    });
    const metrics = [
      context("Sales", specification(superstore)),
      context("Profit", specification(superstore, "Profit")),
    ];
    const brief = await pulse.read(schema, "POST", "/insights/brief", ask("How are we doing?", ...metrics));
    expect(brief.markup).toMatch(/Sales was .*\[\[1\]\]\(d\|m\).*Profit was .*\[\[3\]\]\(d\|m\)/);
  });

  test("is refused without a question, and without metrics", async () => {
    expect(await pulse.code("POST", "/insights/brief", ask("", context("Sales", specification(superstore))))).toBe(
      "400000",
    );
    expect(await pulse.code("POST", "/insights/brief", ask("Well?"))).toBe("400000");
    expect(await pulse.code("POST", "/insights/brief", {})).toBe("400000");
  });
});

describe("periods", () => {
  const today = Date.parse("2025-11-26");
  test.each([
    ["DAY", "CURRENT_PARTIAL", "PREVIOUS_PERIOD", "2025-11-26", "2025-11-26", "2025-11-25", "2025-11-25"],
    ["WEEK", "CURRENT_PARTIAL", "PREVIOUS_PERIOD", "2025-11-23", "2025-11-26", "2025-11-16", "2025-11-19"],
    ["WEEK", "LAST_COMPLETE", "YEAR_AGO_PERIOD", "2025-11-16", "2025-11-22", "2024-11-17", "2024-11-23"],
    ["MONTH", "CURRENT_PARTIAL", "YEAR_AGO_PERIOD", "2025-11-01", "2025-11-26", "2024-11-01", "2024-11-26"],
    ["MONTH", "LAST_COMPLETE", "PREVIOUS_PERIOD", "2025-10-01", "2025-10-31", "2025-09-01", "2025-09-30"],
    ["QUARTER", "CURRENT_PARTIAL", "PREVIOUS_PERIOD", "2025-10-01", "2025-11-26", "2025-07-01", "2025-08-26"],
    ["YEAR", "LAST_COMPLETE", "PREVIOUS_PERIOD", "2024-01-01", "2024-12-31", "2023-01-01", "2023-12-31"],
  ] as const)("%s, %s, %s", (granularity, range, comparison, ...[from, to, comparedFrom, comparedTo]) => {
    const spans = spansOf(`GRANULARITY_BY_${granularity}`, `RANGE_${range}`, `TIME_COMPARISON_${comparison}`, today);
    expect(spans).toEqual({ target: { from, to }, compared: { from: comparedFrom, to: comparedTo } });
  });

  test("of a long month are compared with no more days than a short one has", () => {
    const { compared } = spansOf(
      "GRANULARITY_BY_MONTH",
      "RANGE_CURRENT_PARTIAL",
      "TIME_COMPARISON_PREVIOUS_PERIOD",
      Date.parse("2025-03-31"),
    );
    expect(compared).toEqual({ from: "2025-02-01", to: "2025-02-28" });
  });

  test("are today's in the time zone of whoever asks", () => {
    const evening = Date.parse("2025-11-26T23:30:00Z");
    expect(todayIn("Asia/Tokyo", evening)).toBe(Date.parse("2025-11-27"));
    expect(todayIn("America/New_York", evening)).toBe(Date.parse("2025-11-26"));
    expect(todayIn("Moon/Sea", evening)).toBeUndefined();
    expect(writeSpan({ from: "2024-12-30", to: "2025-01-02" })).toBe("Dec 30, 2024 – Jan 2, 2025");
  });
});
