import server from "../../package.json" with { type: "json" };
import type { Config } from "../config.ts";
import { type Meters, noMeters } from "./meters.ts";
import type { Metrics, Sources } from "./metrics.ts";

/** What operators see of a process. Libraries are loaded only where somebody asks for what they make. */
export interface Telemetry {
  readonly meters: Meters;
  /** Null: nobody asks. */
  readonly metrics: Metrics | null;
}

export async function createTelemetry(config: Config, sources: Sources): Promise<Telemetry> {
  const { port, token, labels } = config.metrics;
  if (port === null && token === null) return { meters: noMeters, metrics: null };
  const { createMetrics } = await import("./metrics.ts");
  const metrics = createMetrics({ sources, version: server.version, furtherLabels: labels });
  return { meters: metrics.meters, metrics };
}
