import { type Element, record, text } from "./element.ts";

/**
 * Every way in which the sandbox says no: Tableau's code (its first three digits are the HTTP status) and summary.
 * Summaries and codes are from the Tableau REST reference, "Handling Errors"; those marked are inferred.
 */
const summaries = {
  "400000": "Bad Request",
  "400003": "Bad Request", // inferred: a well-formed request without a value it must have
  "400006": "Invalid page number",
  "400007": "Invalid page size", // inferred
  "400065": "Bad Request", // also for unknown fields and sort keys: inferred
  "400127": "Bad Request", // a statusChangeReason for a webhook that is enabled
  "401000": "Unauthorized Access", // as Tableau's knowledge base shows it
  "401001": "Signin Error",
  "401002": "Unauthorized Access",
  "403004": "Forbidden",
  "403014": "Page size limit exceeded", // inferred: the reference knows only that it is a 403
  "403069": "Forbidden",
  "403070": "Forbidden",
  "404000": "Resource Not Found", // site
  "404002": "Resource Not Found", // user
  "404003": "Resource Not Found", // address
  "404004": "Resource Not Found", // data source: inferred
  "404005": "Resource Not Found", // project: inferred
  "404006": "Resource Not Found", // workbook: inferred
  "404011": "Resource Not Found", // view: inferred
  "404015": "Resource Not Found", // session: inferred
  "404022": "Resource Not Found", // webhook: inferred
  "404026": "Resource Not Found", // upload session: inferred
  "404031": "Resource Not Found", // job: inferred
  "405000": "Invalid request method",
  "409000": "Resource Conflict", // a job that has ended: inferred
  "409006": "Resource Conflict",
  "409093": "Resource Conflict",
  "413000": "Request Entity Too Large", // inferred
  "429000": "Too Many Requests",
  "500000": "Internal Server Error", // a bug of the sandbox
  "502000": "Bad Gateway", // a fault, as are 503 and 504
  "503000": "Service Unavailable",
  "504000": "Gateway Timeout",
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof summaries;

/** An expected failure: a value that handlers return, written as Tableau's error envelope. */
export type Refusal = { kind: "refusal"; code: RefusalCode; detail: string };

export function refuse(code: RefusalCode, detail: string): Refusal {
  return { kind: "refusal", code, detail };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "refusal";
}

export function statusOf(refusal: Refusal): number {
  return Number(refusal.code.slice(0, 3));
}

export function errorElement({ code, detail }: Refusal): Element {
  return record("error", { code }, [text("summary", summaries[code]), text("detail", detail)]);
}
