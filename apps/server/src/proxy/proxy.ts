import { unreachableReason } from "../egress/failure.ts";
import type { HelpDesk } from "../help/help.ts";
import { EaselError } from "../http/errors.ts";
import type { Leave, Limits } from "../limits/limits.ts";
import type { Meters } from "../telemetry/meters.ts";
import type { Usage } from "../usage/usage.ts";
import { passOn } from "./answer.ts";
import { readBody } from "./body.ts";
import type { ProxyCall } from "./call.ts";
import type { CheckedRoute } from "./checked-route.ts";
import { isPackingError } from "./decoding.ts";
import type { Exchange } from "./exchange.ts";
import { measure, newOutcome, type Outcome } from "./outcome.ts";
import { readError, type SendUpstreamError } from "./upstream-error.ts";

export interface ConnectorProxy {
  /** Which route the caller's path is. Throws what the address, the project's Permissions or its settings refuse. */
  readonly route: CheckedRoute;
  /** Answers the call. Throws before anything was answered, or not at all. */
  forward(call: ProxyCall): Promise<void>;
}

export function createProxy(parts: {
  route: CheckedRoute;
  exchange: Exchange;
  help: HelpDesk;
  sendUpstreamError: SendUpstreamError;
  limits: Limits;
  usage: Usage;
  meters: Meters;
  clock: () => number;
}): ConnectorProxy {
  const { route, exchange, sendUpstreamError, limits } = parts;

  const answer = async (call: ProxyCall, outcome: Outcome, signal: AbortSignal): Promise<void> => {
    if (call.help !== null) return parts.help.give({ call, outcome, signal }, call.help);
    const body = await readBody(call.request);
    const upstream = await exchange.send(call, { route: call.route, body }, outcome, signal);
    const isExplained = !call.isRaw || (call.sayDenied !== undefined && upstream.statusCode === 403);
    if (upstream.statusCode < 400 || !isExplained) return passOn(call, upstream);
    return sendUpstreamError(call, upstream, await readError(upstream));
  };

  return {
    route,
    forward: async (call) => {
      const { request, response } = call;
      const abort = new AbortController();
      response.once("close", () => {
        if (!response.writableFinished) abort.abort();
      });
      const outcome = newOutcome();
      const end = measure(call, outcome, parts);
      // The caller went away while it was found out who it is.
      if (response.closed) return end();
      let leave: Leave | null = null;
      try {
        const entered = limits.enter(call.use, abort.signal);
        leave = entered instanceof Promise ? await entered : entered;
        await answer(call, outcome, abort.signal);
      } catch (error) {
        outcome.isCut ||= response.headersSent && isCut(error);
        if (!outcome.isCut && request.socket.destroyed) return;
        if (!outcome.isCut) outcome.refusal = error instanceof EaselError ? error.code : "internal";
        if (!response.headersSent) throw error;
        // Half an answer is on its way: only a broken connection says so.
        response.destroy();
        if (!outcome.isCut) throw error;
      } finally {
        leave?.();
        end();
      }
    },
  };
}

/** Tableau, or what it sent, ended in the middle of an answer. */
function isCut(error: unknown): boolean {
  return unreachableReason(error) !== null || isPackingError(error);
}
