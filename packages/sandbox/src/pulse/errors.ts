import { createHash } from "node:crypto";
import type { JsonReply } from "../api/route.ts";
import type { Refusal } from "../wire/refusals.ts";

/**
 * Pulse's error codes that the sandbox answers, as public clients explain them (tableau-mcp). The first three digits are
 * the HTTP status.
 */
const meanings = {
  "400000": "General validation error.",
  "400735": "Invalid order-by format.",
  "400740": "Invalid pagination token.",
  "400900": "Missing filter field name.",
  "400901": "Missing measure field.",
  "400902": "Missing time dimension field.",
  "400910": "Invalid datasource ID.",
  "400912": "Missing metric definition name.",
  "400913": "Missing datasource.",
  "400914": "Invalid measure aggregation.",
  "400915": "The default metric cannot be deleted.",
  "400916": "Exceeded the maximum total metrics for this definition.",
  "400921": "Unsupported aggregation function.",
  "400929": "Value too large.",
  "400930": "The calculated field is already aggregated.",
  "400934": "Over capacity.",
  "400935": "Invalid viz state specification.",
  "400936": "Invalid granularity value.",
  "400940": "Filter operator is missing or unspecified.",
  "400941": "Filter value is missing.",
  "400945": "No measurement period present.",
  "400946": "No granularity specified.",
  "400947": "No range specified.",
  "400948": "No comparison config present.",
  "400949": "No comparison type specified.",
  "400950": "Invalid bundle type.",
  "400951": "Invalid timezone.",
  "400952": "Invalid date override.",
  "400959": "Invalid page size.",
  "400961": "Query parameters not valid.",
  "400965": "Invalid allowed dimensions.",
  "400973": "Incompatible time dimension field role.",
  "400974": "Incompatible time dimension data type.",
  "400975": "Incompatible aggregation data type.",
  "400987": "Missing basic specification.",
  "400999": "Pulse feature is disabled on this site.",
  "401002": "Invalid authentication credentials.",
  "403900": "The user lacks the required site permissions.",
  "403901": "The user lacks permissions on this datasource.",
  "403902": "Permission denied: cannot edit this definition.",
  "403903": "Permission denied: cannot delete this definition.",
  "403905": "The user lacks the permission to define metrics on this datasource.",
  "404900": "Metric definition not found.",
  "404901": "Metric not found.",
  "404932": "Field does not exist.",
  "404939": "Datasource is inaccessible.",
  "404950": "API endpoint not found.",
  "404959": "Subscription or follower not found.", // inferred, as the code is
  "405000": "Method not allowed.", // inferred
  "409901": "A metric with the same specification already exists.",
  "409902": "A metric definition with the same specification already exists.",
  "409903": "A metric with the same name already exists for this datasource.",
  "409910": "The subscription already exists.", // inferred: the code; a public client knows the words
  "413000": "Request too large.", // inferred
  "429957": "Too many requests.",
  "500000": "Internal service error.",
  "502000": "Bad gateway.", // a fault, as are 503 and 504
  "503900": "Service unavailable.",
  "504000": "Gateway timeout.",
} as const satisfies Record<string, string>;

export type PulseErrorCode = keyof typeof meanings;

export type PulseRefusal = { kind: "pulse refusal"; code: PulseErrorCode; detail: string };

export function refusePulse(code: PulseErrorCode, detail?: string): PulseRefusal {
  return { kind: "pulse refusal", code, detail: detail ?? meanings[code] };
}

export function isPulseRefusal(value: unknown): value is PulseRefusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "pulse refusal";
}

/** What was found of what was asked for. */
export function withoutRefusals<Item>(found: readonly (Item | PulseRefusal)[]): Item[] {
  return found.flatMap((one) => (isPulseRefusal(one) ? [] : [one]));
}

/** The codes that public clients have seen beside an error's own. */
const knownTabCodes: Partial<Record<PulseErrorCode, string>> = {
  "400945": "0x30c0672c",
  "400999": "0xd3408984",
};

/**
 * Pulse's error object: `message` is a code for support, so what is wrong stands in `details`. inferred: all codes for
 * support but the known ones.
 */
export function errorReply({ code, detail }: PulseRefusal): JsonReply {
  const tabCode = knownTabCodes[code] ?? `0x${createHash("sha256").update(`pulse ${code}`).digest("hex").slice(0, 8)}`;
  return {
    kind: "json",
    status: Number(code.slice(0, 3)),
    body: { code, message: tabCode, details: [{ detail }] },
    headers: { tableau_error_code: tabCode, validation_code: code },
  };
}

/** Writes what the session check, the body's parser or the router refused. */
export function writeRefusal({ code, detail }: Refusal): JsonReply {
  return errorReply(refusePulse(codes.get(code) ?? "400000", detail));
}

const codes: ReadonlyMap<Refusal["code"], PulseErrorCode> = new Map([
  ["401000", "401002"],
  ["401001", "401002"],
  ["401002", "401002"],
  ["403004", "403900"],
  ["404003", "404950"],
  ["405000", "405000"],
  ["413000", "413000"],
  ["429000", "429957"],
  ["500000", "500000"],
  ["502000", "502000"],
  ["503000", "503900"],
  ["504000", "504000"],
]);
