import { type MetricRow, metricTable } from "../telemetry/metric-table.ts";
import { markdownTable } from "./markdown-table.ts";

/** Every metric of Easel's own, from the table that they are made from. */
export function metricsTable(): string {
  const rows = Object.entries(metricTable).map(([name, { type, help, labels = [] }]: [string, MetricRow]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    help,
  ]);
  return markdownTable(["metric", "type", "labels", "what it says"], rows);
}
