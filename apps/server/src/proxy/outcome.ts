import { bytesAnswered, bytesReceived } from "../http/counted.ts";
import type { Usage, UsageRow } from "../usage/usage.ts";
import type { ProxyCall } from "./call.ts";

/** What a call has done so far; times in milliseconds. */
export interface Outcome {
  /** Requests sent to Tableau. */
  attempts: number;
  /** Of them, repeated because Tableau failed, was busy or closed the connection. */
  retries: number;
  /** A session was signed in to for this call. */
  renewed: boolean;
  /** Spent on having a session: 0 where it was in memory. */
  sessionMs: number;
  /** Spent waiting for Tableau to begin its answers. */
  upstreamMs: number;
  /** Tableau, or what it sent, ended in the middle of the answer. */
  isCut: boolean;
}

export function newOutcome(): Outcome {
  return { attempts: 0, retries: 0, renewed: false, sessionMs: 0, upstreamMs: 0, isCut: false };
}

/** The caller did not wait for the answer. */
const CALLER_GONE = 499;
/** Of an answer that was cut after its head had gone out with another status. */
const CUT = 502;

/**
 * Measures a call until its answer has left, or nobody waits for it any more, and writes its usage row then: the answer
 * may be the proxy's, a refusal that it threw, or half of one. What it gives back has to be called once the proxy is done.
 */
export function measure(
  call: ProxyCall,
  outcome: Outcome,
  { usage, clock }: { usage: Usage; clock: () => number },
): () => void {
  const at = clock();
  const started = performance.now();
  // Of the two, whichever is last: an answer that is cut closes before the proxy knows why.
  let pending = 2;
  const end = (): void => {
    pending -= 1;
    if (pending === 0) usage.record({ at, ...rowOf(call, outcome), ms: Math.round(performance.now() - started) });
  };
  call.response.once("close", end);
  return end;
}

function rowOf(call: ProxyCall, outcome: Outcome): Omit<UsageRow, "at" | "ms"> {
  const { use, route, request, response } = call;
  const { org } = use.claims;
  return {
    projectId: use.project.id,
    userId: use.user.id,
    organisation: typeof org === "string" ? org : null,
    credentialId: use.credential.id,
    door: "sdk",
    method: request.method ?? "",
    route: route.template,
    status: response.writableFinished ? response.statusCode : outcome.isCut ? CUT : CALLER_GONE,
    upstreamMs: outcome.attempts === 0 ? null : Math.round(outcome.upstreamMs),
    bytesIn: bytesReceived(request),
    bytesOut: bytesAnswered(response),
    attempts: outcome.attempts,
    retries: outcome.retries,
    renewed: outcome.renewed,
    requestId: call.requestId,
  };
}
