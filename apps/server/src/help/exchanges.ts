import type { Connector } from "@easel/connector";
import type { Limits } from "../limits/limits.ts";
import { passOn } from "../proxy/answer.ts";
import type { Body } from "../proxy/body.ts";
import type { ProxyCall } from "../proxy/call.ts";
import type { CheckedRoute } from "../proxy/checked-route.ts";
import type { Exchange, ExchangeRequest } from "../proxy/exchange.ts";
import type { Outcome } from "../proxy/outcome.ts";
import type { UpstreamAnswer } from "../proxy/upstream-answer.ts";
import { readError, type SendUpstreamError } from "../proxy/upstream-error.ts";
import type { Holding } from "./room.ts";

/** What help needs of the proxy: one request to the provider after the other, for one call. */
export interface HelpParts {
  readonly connector: Connector;
  readonly exchange: Exchange;
  readonly limits: Limits;
  readonly route: CheckedRoute;
  readonly sendUpstreamError: SendUpstreamError;
  readonly clock: () => number;
}

/** One call that is being helped with. */
export interface Helped {
  readonly call: ProxyCall;
  readonly outcome: Outcome;
  readonly signal: AbortSignal;
  /** What is held of the answers that are read for it. */
  readonly holding: Holding;
}

export const NO_BODY: Body = { kind: "none" };
export const OWN_JSON = { accept: "application/json", contentType: null } as const;

/** Sends one request for a call that is being helped with. */
export function send(
  { exchange }: HelpParts,
  { call, outcome, signal }: Helped,
  request: ExchangeRequest,
): Promise<UpstreamAnswer> {
  return exchange.send(call, request, outcome, signal);
}

/** Answers with what the provider says went wrong, as the caller's door writes it. */
export async function passOnError(
  { sendUpstreamError }: HelpParts,
  call: ProxyCall,
  answer: UpstreamAnswer,
): Promise<void> {
  if (call.isRaw) return passOn(call, answer);
  return sendUpstreamError(call, answer, await readError(answer));
}
