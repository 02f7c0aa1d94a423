import type { Download } from "./measures/download.ts";
import type { ManyCredentials } from "./measures/many-credentials.ts";
import { median, medianOf, type Samples } from "./measures/rounds.ts";
import type { Throughput } from "./measures/small-json.ts";
import type { Statements } from "./measures/statements.ts";
import type { Name, Way } from "./stage.ts";

export interface Results {
  readonly throughput: Samples<Throughput>;
  readonly latency: Samples<number>;
  readonly downloads: Samples<Download>;
  readonly manyCredentials: ManyCredentials;
  readonly credentials: number;
  readonly statements: Statements;
}

/** One line of the goals: what Easel has, and what it should reach. */
export interface Goal {
  readonly what: string;
  readonly has: number;
  readonly atLeast: number;
  readonly aimFor: number;
  readonly unit: string;
  readonly isBetter: "more" | "less";
}

const MB = 2 ** 20;

export function goalsOf(results: Results): readonly Goal[] {
  const { throughput, latency, downloads, manyCredentials, credentials, statements } = results;
  const goal = (what: string, has: number, [atLeast, aimFor, unit]: [number, number, string]): Goal => ({
    what,
    has,
    atLeast,
    aimFor,
    unit,
    isBetter: unit === "×" ? "more" : "less",
  });
  const ratio = medianOf(throughput.easel, throughput.fastify, (easel, fastify) => easel.perSecond / fastify.perSecond);
  const added = medianOf(latency.easel, latency.bare, (easel, bare) => easel - bare);
  const cpu = median(throughput.easel.map(({ cpuMs }) => cpuMs));
  const firstByte = median(downloads.easel.map(({ firstByteMs }) => firstByteMs));
  const memory = median(downloads.easel.map((download) => download.memory / MB));
  const many = medianOf(manyCredentials.many, manyCredentials.one, (all, one) => all / one);
  return [
    goal("small JSON, 32 connections: requests/s against @fastify/http-proxy", ratio, [1, 1.3, "×"]),
    goal("added median latency at 1 connection over the bare undici proxy", added, [0.15, 0.05, "ms"]),
    goal("CPU per request", cpu, [0.15, 0.1, "ms"]),
    goal("200 MB download: first byte", firstByte, [20, 5, "ms"]),
    goal("200 MB download: extra memory with 4 at once", memory, [40, 16, "MB"]),
    goal(`${credentials} credentials, Zipf: requests/s against one credential`, many, [0.8, 0.95, "×"]),
    goal("transactions in PostgreSQL for a warm call", statements.beyondIdle / statements.calls, [0.005, 0.005, ""]),
  ];
}

export function tableOf(ways: readonly Way[], results: Results): string {
  const { throughput, latency, downloads, manyCredentials } = results;
  const row = (what: string, value: (name: Name) => string): string[] => [what, ...ways.map(({ name }) => value(name))];
  const of = <T>(samples: Samples<T>, name: Name, pick: (sample: T) => number): number =>
    median(samples[name].map(pick));
  return [
    markdown([
      ["", ...ways.map(({ title }) => title)],
      row("small JSON at 32 connections, requests/s", (name) => whole(of(throughput, name, (one) => one.perSecond))),
      row("CPU per request, ms", (name) => of(throughput, name, (one) => one.cpuMs).toFixed(3)),
      row("median latency at 1 connection, ms", (name) => of(latency, name, (one) => one).toFixed(3)),
      row("200 MB: first byte, ms", (name) => of(downloads, name, (one) => one.firstByteMs).toFixed(1)),
      row("200 MB: extra memory with 4 at once, MB", (name) =>
        (of(downloads, name, (one) => one.memory) / MB).toFixed(1),
      ),
    ]),
    `One credential ${whole(median(manyCredentials.one))} requests/s, all of them ${whole(median(manyCredentials.many))}.`,
    markdown([
      ["goal", "Easel", "at least", "aim for"],
      ...goalsOf(results).map((goal) => [
        goal.what,
        withUnit(goal, goal.has),
        `${withUnit(goal, goal.atLeast)} ${mark(goal, goal.atLeast)}`,
        `${withUnit(goal, goal.aimFor)} ${mark(goal, goal.aimFor)}`,
      ]),
    ]),
  ].join("\n\n");
}

function mark({ has, isBetter }: Goal, wanted: number): string {
  return (isBetter === "more" ? has >= wanted : has <= wanted) ? "✓" : "✗";
}

function withUnit({ unit }: Goal, value: number): string {
  return `${value.toFixed(unit === "ms" || unit === "" ? 3 : 2)}${unit === "×" ? "" : " "}${unit}`.trim();
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), 3));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
