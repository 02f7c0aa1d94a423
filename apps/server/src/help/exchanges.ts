import type { Connector, UnreachableReason } from "@easel/connector";
import { unreachableReason } from "../egress/failure.ts";
import { connectorError, type EaselError } from "../http/errors.ts";
import type { Limits } from "../limits/limits.ts";
import { passOn } from "../proxy/answer.ts";
import type { Body } from "../proxy/body.ts";
import type { ProxyCall } from "../proxy/call.ts";
import type { CheckedRoute } from "../proxy/checked-route.ts";
import type { Exchange, ExchangeRequest } from "../proxy/exchange.ts";
import type { Outcome } from "../proxy/outcome.ts";
import type { UpstreamAnswer } from "../proxy/upstream-answer.ts";
import { readError, type SendUpstreamError } from "../proxy/upstream-error.ts";
import { type JsonAnswer, readJson } from "./json-answer.ts";
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

/** Reads an answer whole, as `readJson` does; the connector's words where it breaks off. */
export async function readWhole(parts: HelpParts, helped: Helped, answer: UpstreamAnswer): Promise<JsonAnswer> {
  try {
    return await readJson(answer, helped.holding);
  } catch (error) {
    const reason = helped.signal.aborted ? null : unreachableReason(error);
    throw reason === null ? error : unreachable(parts, helped, reason);
  }
}

export function unreachable({ connector }: HelpParts, { call }: Helped, reason: UnreachableReason): EaselError {
  return connectorError(connector.problems, connector.unreachable(call.use.credential.serverUrl, reason));
}

/** An answer as text: as it came, or normalised. */
export function textOf(
  { connector }: HelpParts,
  { call }: Helped,
  { answer, normalize }: { answer: JsonAnswer; normalize: boolean },
): string {
  const value = normalize ? connector.help.normalize(call.route, answer.value) : answer.value;
  return value === answer.value ? answer.text : JSON.stringify(value);
}

/** Holds room for the answer to a call that must not be made a second time because there was none. */
export function reserveRoom({ call, holding }: Helped): void {
  if (call.route.method !== "GET") holding.reserve();
}
