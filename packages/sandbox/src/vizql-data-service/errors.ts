import type { JsonReply, RefusedCall } from "../api/route.ts";
import type { QueryProblem } from "../data/problem.ts";
import type { Refusal } from "../wire/refusals.ts";

/**
 * The error codes of the VizQL Data Service that the sandbox answers (its help, "Error Codes"). The first three digits
 * are the HTTP status.
 */
export type VdsErrorCode =
  | "400000" // no JSON
  | "400800" // a formula that is none
  | "400802" // not as the API's description says
  | "400803" // against the rules of queries
  | "400804" // more data than an answer holds
  | "401001"
  | "401002"
  | "403157" // the feature is off
  | "403800" // no API access to the data source
  | "404004" // no such data source; inferred, the service's page has none for it
  | "404934" // no such field
  | "404935" // a field that is there twice
  | "404950" // no such endpoint
  | "405000" // inferred
  | "408000"
  | "413000" // inferred
  | "429000"
  | "500000"
  | "501000" // what the sandbox cannot do: read a .hyper
  | "502000" // a fault, as are 503 and 504
  | "503800"
  | "504000";

/** What the service says no to, before it is written. */
export type VdsRefusal = { kind: "vds refusal"; code: VdsErrorCode; message: string };

export function refuseVds(code: VdsErrorCode, message: string): VdsRefusal {
  return { kind: "vds refusal", code, message };
}

export function isVdsRefusal(value: object): value is VdsRefusal {
  return "kind" in value && value.kind === "vds refusal";
}

/** The service's error object. `debug` is there when the request asked for it. */
export function errorReply({ code, message }: VdsRefusal, now: number, debug?: Record<string, unknown>): JsonReply {
  const body = {
    errorCode: code,
    message,
    datetime: new Date(now).toISOString(),
    ...(debug === undefined ? {} : { debug }),
  };
  return { kind: "json", status: Number(code.slice(0, 3)), body };
}

/** Writes what the session check, the body's parser or the router refused. */
export function writeRefusal({ code, detail }: Refusal, { now }: RefusedCall): JsonReply {
  return errorReply(refuseVds(codes.get(code) ?? "400000", detail), now);
}

const codes: ReadonlyMap<Refusal["code"], VdsErrorCode> = new Map([
  // The service knows one code for a token that is missing and one that is no good.
  ["401000", "401002"],
  ["401002", "401002"],
  ["401001", "401001"],
  ["403004", "403800"],
  ["404003", "404950"],
  ["405000", "405000"],
  ["413000", "413000"],
  ["429000", "429000"],
  ["500000", "500000"],
  ["502000", "502000"],
  ["503000", "503800"],
  ["504000", "504000"],
]);

/** What a query's problem is called here. */
export function refuseProblem({ cause, message }: QueryProblem): VdsRefusal {
  switch (cause) {
    case "formula":
      return refuseVds("400800", message);
    case "rule":
      return refuseVds("400803", message);
    case "unknown field":
      return refuseVds("404934", message);
    case "duplicate field":
      return refuseVds("404935", message);
    case "unreadable":
      return refuseVds("501000", `${message} The sandbox knows the fields of a published file, and not its rows.`);
  }
}
