import server from "../../package.json" with { type: "json" };
import type { Config } from "../config.ts";
import { type Meters, noMeters } from "./meters.ts";
import type { Metrics, Sources } from "./metrics.ts";
import type { Traces } from "./traces.ts";

/** What operators see of a process. Libraries are loaded only where somebody asks for what they make. */
export interface Telemetry {
  readonly meters: Meters;
  /** Null: nobody asks. */
  readonly metrics: Metrics | null;
  /** Null: there is nobody to send them to. */
  readonly traces: Traces | null;
}

export async function createTelemetry(
  config: Config,
  sources: Sources,
  onError: (error: unknown) => void,
): Promise<Telemetry> {
  const [metrics, traces] = await Promise.all([metricsFor(config, sources), tracesFor(config, onError)]);
  return { meters: metrics?.meters ?? noMeters, metrics, traces };
}

async function metricsFor({ metrics: { port, token, labels } }: Config, sources: Sources): Promise<Metrics | null> {
  if (port === null && token === null) return null;
  const { createMetrics } = await import("./metrics.ts");
  return createMetrics({ sources, version: server.version, furtherLabels: labels });
}

async function tracesFor(
  { traces: { endpoint, ratio } }: Config,
  onError: (error: unknown) => void,
): Promise<Traces | null> {
  if (endpoint === null) return null;
  const { createTraces } = await import("./traces.ts");
  return createTraces({ endpoint, ratio, version: server.version, onError });
}
