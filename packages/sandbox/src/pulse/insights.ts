import { createHash } from "node:crypto";
import { add, isoDate } from "../data/dates.ts";
import { barChart, lineChart } from "./charts.ts";
import { fieldNamed } from "./checks.ts";
import { isPulseRefusal, type PulseRefusal } from "./errors.ts";
import { type Measurement, valueIn, valuesBy, valuesOverTime } from "./measure.ts";
import type { DefinitionBody, RepresentationOptions } from "./model.ts";
import { changeOf, compact, numberWriter, percent } from "./numbers.ts";
import { periodOf, writePeriod, writeSpan } from "./periods.ts";

/** One finding about a metric, as bundles and briefs hold it. */
export type Insight = {
  insight_type: string;
  result: {
    type: string;
    version: number;
    content: string;
    markup: string;
    viz: object;
    facts: object;
    characterization: string;
    question: string;
    score: number;
  };
};

/** A metric that insights are about. */
export type Subject = {
  name: string;
  measurement: Measurement;
  representation: RepresentationOptions;
  dimensions: readonly string[];
  settings: DefinitionBody["insights_options"];
  isHtml: boolean;
};

/** Bars and periods that are shown. */
const mostMembers = 5;
const mostPeriods = 13;

/** Dimensions that are looked into. inferred. */
const mostDimensions = 5;

type Finding = Omit<Insight["result"], "version" | "content" | "markup"> & { words: string };

function insight({ isHtml }: Subject, { words, ...finding }: Finding): Insight {
  // The words mark what matters with asterisks, for both forms.
  const content = words.replaceAll("*", "");
  const markup = isHtml ? `<span>${escapeHtml(words).replaceAll(/\*([^*]+)\*/g, "<em>$1</em>")}</span>` : content;
  return { insight_type: finding.type, result: { version: 1, ...finding, content, markup } };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Period over period: what it is now, what it was, and the change. Every bundle begins with it. */
export function periodOverPeriod(subject: Subject): Insight | PulseRefusal {
  const { measurement, name } = subject;
  const { target, compared, granularity } = measurement;
  const write = numberWriter(subject.representation);
  const value = valueIn(measurement, target);
  if (isPulseRefusal(value)) return value;
  const before = compared === undefined ? null : valueIn(measurement, compared);
  if (isPulseRefusal(before)) return before;
  const change = changeOf(value, before, write);
  const series = seriesOf(subject);
  if (isPulseRefusal(series)) return series;
  const isNow = `${name} was *${write(value).formatted}* (${writeSpan(target)})`;
  const facts = {
    target_period_value: { ...write(value), label: writePeriod(granularity, target.from) },
    target_time_period: { label: writePeriod(granularity, target.from), range: writeSpan(target), ...target },
    ...(compared === undefined
      ? {}
      : {
          comparison_period_value: { ...write(before), label: writePeriod(granularity, compared.from) },
          comparison_time_period: {
            label: writePeriod(granularity, compared.from),
            range: writeSpan(compared),
            ...compared,
          },
          difference: change,
        }),
    sentiment: sentimentOf(subject, change.direction),
  };
  return insight(subject, {
    type: "popc",
    words:
      compared === undefined ? `${isNow}.` : `${isNow}, ${changeInWords(change)} compared to ${writeSpan(compared)}.`,
    viz: lineChart(name, series),
    facts,
    characterization: sentimentOf(subject, change.direction),
    question: `What is the current value of ${name}?`,
    score: 1,
  });
}

function changeInWords({ absolute, relative, direction }: ReturnType<typeof changeOf>): string {
  if (absolute.raw === null) return "without data to compare";
  if (direction === "flat") return "unchanged";
  const part = relative.raw === null ? "" : ` ${percent(Math.abs(relative.raw))}`;
  return `*${direction}${part}* (${direction === "up" ? "+" : ""}${absolute.formatted})`;
}

/** Whether a change is good depends on the metric. */
function sentimentOf({ representation }: Subject, direction: "up" | "down" | "flat"): string {
  const isUpGood = representation.sentiment_type === "SENTIMENT_TYPE_UP_IS_GOOD";
  const isDownGood = representation.sentiment_type === "SENTIMENT_TYPE_DOWN_IS_GOOD";
  if (direction === "flat" || !(isUpGood || isDownGood)) return "CHARACTERIZATION_NEUTRAL";
  return isUpGood === (direction === "up") ? "CHARACTERIZATION_POSITIVE" : "CHARACTERIZATION_NEGATIVE";
}

export type Point = {
  truncDate: string;
  formattedTruncDate: string;
  rawValue: number;
  formattedRawValue: string;
  /** The normal range: from the mean of the periods shown, two standard deviations either way. */
  ci0: number;
  ci1: number;
  /** Not over yet. */
  dashed: boolean;
};

/** The last periods, the newest first, as Pulse gives them. */
function seriesOf({ measurement, representation }: Subject): Point[] | PulseRefusal {
  const { granularity, target } = measurement;
  const write = numberWriter(representation);
  const first = add(periodOf[granularity], 1 - mostPeriods, Date.parse(target.from));
  const values = valuesOverTime(measurement, { from: isoDate(first), to: target.to });
  if (isPulseRefusal(values)) return values;
  const mean = values.reduce((sum, { value }) => sum + value, 0) / Math.max(1, values.length);
  const spread = Math.sqrt(
    values.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length),
  );
  const end = add(periodOf[granularity], 1, Date.parse(target.from));
  return values.toReversed().map(({ date, value }) => ({
    truncDate: `${date.slice(0, 10)}T00:00:00Z`,
    formattedTruncDate: writePeriod(granularity, date),
    rawValue: value,
    formattedRawValue: write(value).formatted,
    ci0: mean - 2 * spread,
    ci1: mean + 2 * spread,
    dashed: date >= target.from && Date.parse(target.to) + 24 * 3_600_000 < end,
  }));
}

/** Where the metric goes: its last periods, and whether the newest whole one is within the normal range. */
export function trend(subject: Subject): Insight[] | PulseRefusal {
  const series = seriesOf(subject);
  if (isPulseRefusal(series)) return series;
  const whole = series.filter(({ dashed }) => !dashed);
  const [newest] = whole;
  const oldest = whole.at(-1);
  if (newest === undefined || oldest === undefined) return [];
  const { name } = subject;
  const direction = newest.rawValue > oldest.rawValue ? "up" : newest.rawValue < oldest.rawValue ? "down" : "flat";
  const viz = lineChart(name, series);
  const insights: Insight[] = [];
  if (newest.rawValue < newest.ci0 || newest.rawValue > newest.ci1) {
    insights.push(
      insight(subject, {
        type: "unusualchange",
        words: `${name} in ${newest.formattedTruncDate} was *${newest.formattedRawValue}*, outside of its normal range of ${compact(newest.ci0)} to ${compact(newest.ci1)}.`,
        viz,
        facts: { value: newest.rawValue, normal_range: { lower: newest.ci0, upper: newest.ci1 } },
        characterization: sentimentOf(subject, newest.rawValue > newest.ci1 ? "up" : "down"),
        question: `Is the recent change of ${name} unexpected?`,
        score: 0.9,
      }),
    );
  }
  const goes = direction === "flat" ? "has stayed where it was" : `has gone *${direction}*`;
  insights.push(
    insight(subject, {
      type: "currenttrend",
      words: `${name} ${goes} since ${oldest.formattedTruncDate}: from ${oldest.formattedRawValue} to ${newest.formattedRawValue}.`,
      viz,
      facts: { direction, from: oldest.rawValue, to: newest.rawValue, periods: whole.length },
      characterization: sentimentOf(subject, direction),
      question: `How has ${name} changed over time?`,
      score: 0.7,
    }),
  );
  return insights;
}

type Member = { member: string; value: number; before: number };

/** Members of a dimension: the greatest and the least of now, and those that changed the most. */
export function breakdown(subject: Subject): Insight[] | PulseRefusal {
  const insights: Insight[] = [];
  for (const named of subject.dimensions.slice(0, mostDimensions)) {
    const found = breakdownBy(subject, named);
    if (isPulseRefusal(found)) return found;
    insights.push(...found);
  }
  return insights.filter(({ insight_type: type }) => !isDisabled(subject, type));
}

/** `INSIGHT_TYPE_TOP_CONTRIBUTORS` turns off what is called `top-contributors` here. */
function isDisabled({ settings }: Subject, type: string): boolean {
  const plain = (name: string): string =>
    name
      .replace("INSIGHT_TYPE_", "")
      .replaceAll(/[^a-z]/gi, "")
      .toLowerCase();
  return settings.settings.some((setting) => setting.disabled && plain(setting.type) === plain(type));
}

function breakdownBy(subject: Subject, named: string): Insight[] | PulseRefusal {
  const { measurement } = subject;
  const dimension = fieldNamed(measurement.table, named);
  if (dimension === undefined) return [];
  const now = valuesBy(measurement, dimension, measurement.target);
  if (isPulseRefusal(now)) return now;
  const before = measurement.compared === undefined ? [] : valuesBy(measurement, dimension, measurement.compared);
  if (isPulseRefusal(before)) return before;
  const members = merge(now, before);
  if (members.length < 2) return [];
  const by = { subject, dimension: dimension.caption };
  const byValue = members.toSorted((one, other) => other.value - one.value);
  const [most, least] = [byValue.slice(0, mostMembers), byValue.slice(-mostMembers).reverse()];
  const ranked = [
    ranking({ ...by, type: "top-contributors", members: most, words: "The most of" }),
    ranking({ ...by, type: "bottom-contributors", members: least, words: "The least of" }),
  ];
  if (measurement.compared === undefined) return ranked;
  const byChange = members.toSorted((one, other) => other.value - other.before - (one.value - one.before));
  const risen = byChange.filter(({ value, before: was }) => value > was).slice(0, mostMembers);
  const fallen = byChange
    .filter(({ value, before: was }) => value < was)
    .slice(-mostMembers)
    .reverse();
  const drivers = { type: "top-drivers", members: risen, words: "rose" };
  const detractors = { type: "top-detractors", members: fallen, words: "fell" };
  return [...ranked, ...[drivers, detractors].flatMap((change) => changing({ ...by, ...change }))];
}

/** The members that changed the most in one direction, if any did. */
function changing({ subject, dimension, type, members, words }: Ranking): Insight[] {
  const bars = members.map((member) => changeBar(subject, member));
  const [first] = bars;
  if (first === undefined) return [];
  const { name } = subject;
  const found = insight(subject, {
    type,
    words: `${name} ${words} the most for ${dimension} *${first.dimensionLabel}*: by ${first.formattedValue}.`,
    viz: barChart(name, dimension, bars),
    facts: { dimension, members: bars },
    characterization: sentimentOf(subject, words === "rose" ? "up" : "down"),
    question: `For which ${dimension} has ${name} changed the most?`,
    score: 0.6,
  });
  return [found];
}

function merge(
  now: readonly { member: string; value: number }[],
  before: readonly { member: string; value: number }[],
): Member[] {
  const earlier = new Map(before.map(({ member, value }) => [member, value]));
  const gone = before.filter(({ member }) => !now.some((one) => one.member === member));
  return [
    ...now.map(({ member, value }) => ({ member, value, before: earlier.get(member) ?? 0 })),
    ...gone.map(({ member, value }) => ({ member, value: 0, before: value })),
  ];
}

function changeBar({ representation }: Subject, { member, value, before }: Member) {
  const { absolute, relative } = changeOf(value, before, numberWriter(representation));
  const deltaPercent = relative.raw === null ? null : Math.round(relative.raw * 1000) / 10;
  return { dimensionLabel: member, value, deltaPercent, formattedValue: absolute.formatted };
}

type Ranking = { subject: Subject; dimension: string; type: string; members: readonly Member[]; words: string };

function ranking({ subject, dimension, type, members, words }: Ranking): Insight {
  const write = numberWriter(subject.representation);
  const bars = members.map(({ member, value }) => ({
    dimensionLabel: member,
    value,
    formattedValue: write(value).formatted,
  }));
  const named = bars.map(({ dimensionLabel, formattedValue }) => `*${dimensionLabel}* (${formattedValue})`);
  return insight(subject, {
    type,
    words: `${words} ${subject.name} by ${dimension}: ${named.join(", ")}.`,
    viz: barChart(subject.name, dimension, bars),
    facts: { dimension, members: bars },
    characterization: "CHARACTERIZATION_NEUTRAL",
    question: `Which ${dimension} contributes ${type.startsWith("top") ? "most" : "least"} to ${subject.name}?`,
    score: type.startsWith("top") ? 0.8 : 0.5,
  });
}

/** The id of what was generated: the same for the same words. */
export function generationId(...said: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(said)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
