import type { Connector, Route } from "@easel/connector";
import type { Dispatcher } from "undici";
import type { Egress } from "../egress/egress.ts";
import { EgressError, unreachableReason } from "../egress/failure.ts";
import { connectorError } from "../http/errors.ts";
import type { Lane, Limits } from "../limits/limits.ts";
import type { Session } from "../sessions/sessions.ts";
import type { Body } from "./body.ts";
import type { ProxyCall } from "./call.ts";
import type { ExchangeRequest } from "./exchange.ts";
import { contentType, type Headers as UpstreamHeaders, upstreamHeaders } from "./headers.ts";
import type { Outcome } from "./outcome.ts";
import { again, type Effort, type Ending, mayBeSentAgain, retryAfter, spend } from "./retries.ts";
import { ask, type UpstreamAnswer } from "./upstream-answer.ts";

/**
 * The call goes out with this session, again where that is safe and may help (`retries.ts`), and the head of the answer
 * comes back. Throws the connector's words where none came, and the reason of `signal` where the caller went away.
 */
export type SendUpstream = (
  call: ProxyCall,
  request: ExchangeRequest,
  session: Session,
  watch: { readonly outcome: Outcome; readonly signal: AbortSignal },
) => Promise<UpstreamAnswer>;

export function createSendUpstream(parts: {
  connector: Connector;
  egress: Egress;
  limits: Limits;
  clock: () => number;
}): SendUpstream {
  const { connector, egress, limits, clock } = parts;
  const targetOf = createTargets(connector);

  const requestOf = (call: ProxyCall, request: ExchangeRequest, session: Session): Dispatcher.RequestOptions => ({
    ...targetOf(request.route, session),
    method: request.route.method as Dispatcher.HttpMethod,
    headers: { ...headersOf(call, request), ...connector.authorization(session) },
    body: bodyOf(request.body),
  });

  /** One request. What comes back is an answer, or why there is none. */
  const sendOnce = async (
    lane: Lane,
    request: ExchangeRequest,
    options: Dispatcher.RequestOptions,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer | Extract<Ending, { kind: "unanswered" }>> => {
    lane.began(request.route);
    try {
      const answer = await ask(egress.dispatcher, options, signal);
      lane.ended("heard");
      return answer;
    } catch (error) {
      const reason = signal.aborted ? null : unreachableReason(error);
      const isBusy = error instanceof EgressError && error.code === "egress_busy";
      lane.ended((reason === "refused" || reason === "timeout") && !isBusy ? "silent" : "unknown");
      if (reason === null) throw error;
      return { kind: "unanswered", reason, isUnsent: error instanceof EgressError };
    }
  };

  const sendUntilAnswered = async (
    call: ProxyCall,
    request: ExchangeRequest,
    session: Session,
    { outcome, signal, startedAt }: { outcome: Outcome; signal: AbortSignal; startedAt: number },
  ): Promise<UpstreamAnswer> => {
    const lane = limits.lane(call.use);
    let effort: Effort | null = null;
    for (;;) {
      const options = requestOf(call, request, session);
      const ended = await sendOnce(lane, request, options, signal);
      const isAnswer = "statusCode" in ended;
      if (isAnswer && !mayBeSentAgain(ended.statusCode)) return ended;
      const ending: Ending = isAnswer
        ? {
            kind: "answered",
            status: ended.statusCode,
            retryAfterMs: retryAfter(ended.headers["retry-after"], clock()),
          }
        : ended;
      effort ??= effortOf(request, startedAt);
      const next = again(ending, effort, performance.now(), Math.random);
      if (next === null || !lane.mayPause(next.kind)) {
        if (isAnswer) return ended;
        throw connectorError(connector.problems, connector.unreachable(call.use.credential.serverUrl, ended.reason));
      }
      // Read to its end, at most so far, so that its connection is free; and not waited for, if it has no end.
      if (isAnswer) void ended.dump(DUMPED);
      await lane.pause(next.afterMs, signal);
      spend(effort, next);
      outcome.retries += 1;
      outcome.attempts += 1;
    }
  };

  return async (call, request, session, { outcome, signal }) => {
    const startedAt = performance.now();
    try {
      return await sendUntilAnswered(call, request, session, { outcome, signal, startedAt });
    } finally {
      outcome.upstreamMs += performance.now() - startedAt;
    }
  };
}

/** Of an answer that nobody is told of, bytes. */
const DUMPED = 65_536;

function effortOf({ route: { method }, body }: ExchangeRequest, startedAt: number): Effort {
  return {
    isSafe: method === "GET" || method === "HEAD",
    isRepeatable: body.kind !== "streamed",
    startedAt,
    retries: 0,
    waits: 0,
    waitedMs: 0,
  };
}

interface Target {
  readonly origin: string;
  readonly path: string;
}

/** Where routes lead; where each led last is kept for as long as the route is: mostly its next caller has the same session. */
function createTargets(connector: Connector): (route: Route, session: Session) => Target {
  const last = new WeakMap<Route, { readonly session: Session; readonly target: Target }>();
  return (route, session) => {
    const known = last.get(route);
    if (known?.session === session) return known.target;
    const url = connector.address(route, session);
    // Not by the URL parser, which would write some characters otherwise than the caller did. The egress guard judges what
    // stands before the path, whatever it is.
    const pathAt = url.indexOf("/", url.indexOf("//") + 2);
    const target = { origin: url.slice(0, pathAt), path: url.slice(pathAt) };
    last.set(route, { session, target });
    return target;
  };
}

function headersOf(call: ProxyCall, { route, body, own, accept }: ExchangeRequest): UpstreamHeaders {
  const contentLength = body.kind === "streamed" ? body.length : null;
  if (own !== undefined) return upstreamHeaders({}, { ...own, contentLength, acceptEncoding: "identity" });
  const { headers } = call.request;
  const isSdk = headers["x-paragon-sdk-version"] !== undefined;
  return upstreamHeaders(headers, {
    accept: acceptFor(route, accept ?? headers.accept, isSdk, call.isRaw),
    contentType: contentType(call.contentType, startOf(body)),
    contentLength,
    acceptEncoding: call.isRaw ? String(headers["accept-encoding"] ?? "identity") : "identity",
  });
}

function startOf(body: Body): Buffer | null {
  switch (body.kind) {
    case "none":
      return null;
    case "held":
      return body.bytes;
    case "streamed":
      return body.start;
  }
}

function bodyOf(body: Body): Dispatcher.RequestOptions["body"] {
  switch (body.kind) {
    case "none":
      return null;
    case "held":
      return body.bytes;
    case "streamed":
      return body.open();
  }
}

/**
 * The SDK always says `application/json`, which data, image, pdf and content routes cannot give (Server 2025.3 answers
 * 406): there nothing is said. A caller who names no type is answered with JSON, since that is what is wrapped.
 */
function acceptFor(route: Route, accept: string | undefined, isSdk: boolean, isRaw: boolean): string | null {
  if (route.ownMediaType && (isSdk || accept === undefined)) return null;
  if (isRaw || (accept !== undefined && accept !== "*/*")) return accept ?? null;
  return route.ownMediaType ? (accept ?? null) : "application/json";
}
