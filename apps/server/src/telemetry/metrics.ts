import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Meters } from "./meters.ts";
import { type MetricName, type MetricRow, metricTable } from "./metric-table.ts";

/** What is looked at when somebody asks, in place of being counted as it happens. */
export interface Sources {
  usage(): { readonly held: number; readonly written: number; readonly lost: number };
  database(): { readonly used: number; readonly idle: number; readonly waiting: number };
  changes(): { readonly isListening: boolean; readonly silentMs: number };
  sessions(): { readonly live: number; readonly awaited: number };
  egress(): {
    readonly origins: number;
    readonly connections: number;
    readonly running: number;
    readonly waiting: number;
  };
  /** Servers by the state of their breaker. */
  breakers(): Readonly<Record<string, number>>;
}

export interface Metrics {
  readonly meters: Meters;
  readonly contentType: string;
  /** Everything, as Prometheus reads it. */
  text(): Promise<string>;
}

/** What `easel_calls_total` is told apart by besides, where the operator asks for it. */
export type FurtherLabel = "route" | "project";

/** From one that adds nothing to what a view may take to render, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** A session that took longer to have was not in memory. */
const FROM_MEMORY_MS = 0.5;
/** Series of one counter at most: a thousand projects must not take the scrape down. What comes later is counted as "other". */
const MOST_SERIES = 5000;

/** Counts for one process, through prom-client. Children are kept, so that a call costs no search for its labels. */
export function createMetrics(options: {
  sources: Sources;
  version: string;
  furtherLabels: ReadonlySet<FurtherLabel>;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  collectAtScrape(registry, options);
  return {
    meters: createMeters(registry, options.furtherLabels),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function named(registry: Registry, name: MetricName, further: Iterable<string> = []) {
  const { help, labels = [] }: MetricRow = metricTable[name];
  return { name, help, labelNames: [...labels, ...further], registers: [registry] };
}

/** Counters are numbers here, which the library reads at a scrape: its own way costs a search for each count. */
function createMeters(registry: Registry, furtherLabels: ReadonlySet<FurtherLabel>): Meters {
  const histogram = (name: MetricName) => new Histogram({ ...named(registry, name), buckets: BUCKETS });
  const [total, upstream, session, own, signInTime] = [
    histogram("easel_call_seconds"),
    histogram("easel_call_upstream_seconds"),
    histogram("easel_call_session_seconds"),
    histogram("easel_call_own_seconds"),
    histogram("easel_sign_in_seconds"),
  ];
  const refusals = new Counter(named(registry, "easel_call_refusals_total"));
  const signIns = new Counter(named(registry, "easel_sign_ins_total"));
  const counts = { inFlight: 0, received: 0, answered: 0, replays: 0, retries: 0 };
  gauge(registry, "easel_calls_in_flight", () => counts.inFlight);
  counter(registry, "easel_call_received_bytes_total", () => counts.received);
  counter(registry, "easel_call_answered_bytes_total", () => counts.answered);
  counter(registry, "easel_call_replays_total", () => counts.replays);
  counter(registry, "easel_call_retries_total", () => counts.retries);

  const timesOf = kept((connector) => ({
    total: total.labels(connector),
    upstream: upstream.labels(connector),
    session: session.labels(connector),
    own: own.labels(connector),
  }));
  const calls: { labels: Record<string, string>; count: number }[] = [];
  new Counter({
    ...named(registry, "easel_calls_total", furtherLabels),
    collect() {
      this.reset();
      for (const { labels, count } of calls) this.inc(labels, count);
    },
  });
  const [byRoute, byProject] = [furtherLabels.has("route"), furtherLabels.has("project")];
  const callsOf = kept((key) => {
    const [connector = "", door = "", method = "", status = "", route = "other", project = "other"] = key.split(" ");
    const further = { ...(byRoute ? { route } : {}), ...(byProject ? { project } : {}) };
    const made = { labels: { connector, door, method, status, ...further }, count: 0 };
    calls.push(made);
    return made;
  });

  return {
    callBegan: () => {
      counts.inFlight += 1;
    },
    callEnded: (connector, row, outcome, ms) => {
      counts.inFlight -= 1;
      counts.received += row.bytesIn;
      counts.answered += row.bytesOut;
      counts.replays += outcome.replays;
      counts.retries += outcome.retries;
      const status = row.status === 499 ? "499" : CLASSES[Math.floor(row.status / 100)];
      const bounded = `${connector} ${row.door} ${row.method} ${status}`;
      const key = byRoute || byProject ? `${bounded} ${row.route} ${row.projectId}` : bounded;
      callsOf(key, bounded).count += 1;
      const times = timesOf(connector, "other");
      times.total.observe(ms / 1000);
      if (outcome.attempts > 0) times.upstream.observe(outcome.upstreamMs / 1000);
      if (outcome.sessionMs > FROM_MEMORY_MS) times.session.observe(outcome.sessionMs / 1000);
      times.own.observe(Math.max(0, ms - outcome.upstreamMs - outcome.sessionMs) / 1000);
      if (outcome.refusal !== null) refusals.inc({ code: outcome.refusal });
    },
    signedIn: (connector, method, result, ms) => {
      signIns.inc({ connector, method, result });
      signInTime.observe({ connector }, ms / 1000);
    },
  };
}

/** By the hundred. */
const CLASSES = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

/** What is made for a key once, for `MOST_SERIES` keys; then what is made for the key that stands for the others. */
function kept<T>(make: (key: string) => T): (key: string, other: string) => T {
  const known = new Map<string, T>();
  return (key, other) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    // The few keys of the others come besides: they are as many as the bounded labels allow.
    if (known.size >= MOST_SERIES && key !== other) return known.get(other) ?? keep(other);
    return keep(key);
  };
  function keep(key: string): T {
    const made = make(key);
    known.set(key, made);
    return made;
  }
}

function collectAtScrape(registry: Registry, { sources, version }: { sources: Sources; version: string }): void {
  gauge(registry, "easel_sessions", () => sources.sessions().live);
  gauge(registry, "easel_sessions_awaited", () => sources.sessions().awaited);
  gauge(registry, "easel_breakers", () => sources.breakers());
  gauge(registry, "easel_usage_rows_held", () => sources.usage().held);
  counter(registry, "easel_usage_rows_written_total", () => sources.usage().written);
  counter(registry, "easel_usage_rows_lost_total", () => sources.usage().lost);
  gauge(registry, "easel_database_connections", () => ({
    used: sources.database().used,
    idle: sources.database().idle,
  }));
  gauge(registry, "easel_database_waiting", () => sources.database().waiting);
  gauge(registry, "easel_changes_listening", () => Number(sources.changes().isListening));
  gauge(registry, "easel_changes_silent_seconds", () => sources.changes().silentMs / 1000);
  gauge(registry, "easel_egress_origins", () => sources.egress().origins);
  gauge(registry, "easel_egress_connections", () => sources.egress().connections);
  gauge(registry, "easel_egress_requests", () => ({
    running: sources.egress().running,
    waiting: sources.egress().waiting,
  }));
  gauge(registry, "easel_info", () => ({ [version]: 1 }));
}

/** A gauge that is read at a scrape; one with a label as a value for each. */
function gauge(registry: Registry, name: MetricName, read: () => Readonly<Record<string, number>> | number): void {
  const { labels = [] }: MetricRow = metricTable[name];
  new Gauge({
    ...named(registry, name),
    collect() {
      const value = read();
      if (typeof value === "number") return this.set(value);
      this.reset();
      for (const [key, count] of Object.entries(value)) this.set({ [labels[0] ?? ""]: key }, count);
    },
  });
}

function counter(registry: Registry, name: MetricName, read: () => number): void {
  new Counter({
    ...named(registry, name),
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
