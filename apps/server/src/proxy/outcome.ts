import { bytesAnswered, bytesReceived } from "../http/counted.ts";
import { organisationOf } from "../organisations/claims.ts";
import type { Meters } from "../telemetry/meters.ts";
import type { Usage, UsageRow } from "../usage/usage.ts";
import type { ProxyCall } from "./call.ts";

/** What a call has done so far; times in milliseconds. */
export interface Outcome {
  /** Requests sent to Tableau. */
  attempts: number;
  /** Of them, repeated because Tableau failed, was busy or closed the connection. */
  retries: number;
  /** Of them, sent again with a new session after a 401. */
  replays: number;
  /** A session was signed in to for this call, or for all that waited for it together. */
  renewed: boolean;
  /** Spent on having a session; next to nothing where it was in memory. */
  sessionMs: number;
  /** Spent waiting for Tableau to begin its answers. */
  upstreamMs: number;
  /** Tableau, or what it sent, ended in the middle of the answer. */
  isCut: boolean;
  /** The code of Easel's own error, where the call ended with one. */
  refusal: string | null;
}

export function newOutcome(): Outcome {
  return {
    attempts: 0,
    retries: 0,
    replays: 0,
    renewed: false,
    sessionMs: 0,
    upstreamMs: 0,
    isCut: false,
    refusal: null,
  };
}

/** Adds the time that a session takes to come, or not to. */
export async function sessionTimed<T>(outcome: Outcome, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await run();
  } finally {
    outcome.sessionMs += performance.now() - started;
  }
}

/** The caller did not wait for the answer. */
const CALLER_GONE = 499;
/** Of an answer that was cut after its head had gone out with another status. */
const CUT = 502;

/**
 * Measures a call until its answer has left, or nobody waits for it any more; then writes its usage row and tells the
 * meters. The answer may be the proxy's, a refusal that it threw, or half of one. What it gives back has to be called
 * once the proxy is done.
 */
export function measure(
  call: ProxyCall,
  outcome: Outcome,
  { usage, meters, clock }: { usage: Usage; meters: Meters; clock: () => number },
): () => void {
  const at = clock();
  const started = performance.now();
  // Of the two, whichever is last: an answer that is cut closes before the proxy knows why.
  let pending = 2;
  const end = (): void => {
    pending -= 1;
    if (pending > 0) return;
    const ms = performance.now() - started;
    const row = rowOf(call, outcome, at, ms);
    usage.record(row);
    meters.callEnded(call.use.integration.type, row, outcome, ms);
  };
  meters.callBegan();
  if (call.response.closed) end();
  else call.response.once("close", end);
  return end;
}

function rowOf(call: ProxyCall, outcome: Outcome, at: number, ms: number): UsageRow {
  const { use, route, request, response } = call;
  return {
    at,
    projectId: use.project.id,
    userId: use.user.id,
    organisation: organisationOf(use.claims, use.integration.organisationClaim),
    credentialId: use.credential.id,
    door: call.door ?? "sdk",
    method: request.method ?? "",
    route: route.template,
    status: response.writableFinished ? response.statusCode : outcome.isCut ? CUT : CALLER_GONE,
    ms: Math.round(ms),
    upstreamMs: outcome.attempts === 0 ? null : Math.round(outcome.upstreamMs),
    bytesIn: bytesReceived(request),
    bytesOut: bytesAnswered(response),
    attempts: outcome.attempts,
    retries: outcome.retries,
    renewed: outcome.renewed,
    requestId: call.requestId,
  };
}
