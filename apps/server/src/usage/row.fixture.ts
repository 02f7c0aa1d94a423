import { randomUUID } from "node:crypto";
import type { UsageRow } from "./usage.ts";

/** For tests: a call that went well, and what is said of it. */
export function row(said: Partial<UsageRow> = {}): UsageRow {
  return {
    at: Date.now(),
    projectId: randomUUID(),
    userId: randomUUID(),
    organisation: null,
    credentialId: randomUUID(),
    door: "sdk",
    method: "GET",
    route: "/sites/{siteId}/projects",
    status: 200,
    ms: 10,
    upstreamMs: 9,
    bytesIn: 0,
    bytesOut: 100,
    attempts: 1,
    retries: 0,
    renewed: false,
    requestId: randomUUID(),
    ...said,
  };
}
