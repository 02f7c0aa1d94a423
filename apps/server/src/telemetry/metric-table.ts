/** Every metric of Easel's own; docs/metrics.md is made from it. Labels are bounded: nothing that a caller can choose is one. */
export interface MetricRow {
  readonly type: "counter" | "gauge" | "histogram";
  /** One line, for the scrape and for the page. */
  readonly help: string;
  readonly labels?: readonly string[];
}

export const metricTable = {
  easel_calls_total: {
    type: "counter",
    help: "Proxied calls that ended, by the class of their status: 2xx, 3xx, 4xx, 5xx, or 499 where the caller did not wait.",
    labels: ["connector", "door", "method", "status"],
  },
  easel_calls_in_flight: { type: "gauge", help: "Proxied calls under way." },
  easel_call_seconds: {
    type: "histogram",
    help: "From a proxied call's arrival to the end of its answer.",
    labels: ["connector"],
  },
  easel_call_upstream_seconds: {
    type: "histogram",
    help: "Of it, waiting for the provider to begin its answers: its own time, the network's, and pauses that it asked for.",
    labels: ["connector"],
  },
  easel_call_session_seconds: {
    type: "histogram",
    help: "Of it, waiting for a session, for calls whose session was not in memory.",
    labels: ["connector"],
  },
  easel_call_own_seconds: {
    type: "histogram",
    help: "What is left of it: Easel's own time, and that of bodies on their way in both directions.",
    labels: ["connector"],
  },
  easel_call_received_bytes_total: { type: "counter", help: "Bytes of bodies that callers sent." },
  easel_call_answered_bytes_total: { type: "counter", help: "Bytes of bodies that callers were answered." },
  easel_call_refusals_total: {
    type: "counter",
    help: "Proxied calls that Easel itself refused, by the code of docs/errors.md.",
    labels: ["code"],
  },
  easel_call_replays_total: {
    type: "counter",
    help: "Requests sent again with a new session after the provider answered 401.",
  },
  easel_call_retries_total: {
    type: "counter",
    help: "Requests repeated because the provider failed, was busy or closed the connection.",
  },
  easel_sign_ins_total: {
    type: "counter",
    help: "Sign-ins at the provider: signedIn, refused (the secret), failed (the server).",
    labels: ["connector", "method", "result"],
  },
  easel_sign_in_seconds: { type: "histogram", help: "How long sign-ins took.", labels: ["connector"] },
  easel_sessions: { type: "gauge", help: "Live sessions in this process's memory." },
  easel_sessions_awaited: { type: "gauge", help: "Sessions that calls of this process wait for." },
  easel_breakers: { type: "gauge", help: "Servers by the state of their circuit breaker.", labels: ["state"] },
  easel_usage_rows_held: { type: "gauge", help: "Usage rows that wait to be written." },
  easel_usage_rows_written_total: { type: "counter", help: "Usage rows written." },
  easel_usage_rows_lost_total: {
    type: "counter",
    help: "Usage rows given up: more than can be held, or not storable.",
  },
  easel_database_connections: {
    type: "gauge",
    help: "Connections to the database: used, idle.",
    labels: ["state"],
  },
  easel_database_waiting: { type: "gauge", help: "Queries that wait for a connection to the database." },
  easel_changes_listening: {
    type: "gauge",
    help: "1 while changes of other processes are heard; at 0 every call asks the database.",
  },
  easel_changes_silent_seconds: { type: "gauge", help: "Since it was last proved that changes are heard." },
  easel_egress_origins: { type: "gauge", help: "Servers that Easel has connections to." },
  easel_egress_connections: { type: "gauge", help: "Connections to them." },
  easel_egress_requests: {
    type: "gauge",
    help: "Requests to them: running, or waiting for a connection.",
    labels: ["state"],
  },
  easel_info: { type: "gauge", help: "Always 1; says which version this is.", labels: ["version"] },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metricTable;
