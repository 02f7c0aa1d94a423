import type { Connector, Route } from "@easel/connector";
import type { Dispatcher } from "undici";
import type { Egress } from "../egress/egress.ts";
import { unreachableReason } from "../egress/failure.ts";
import { connectorError } from "../http/errors.ts";
import type { Session } from "../sessions/sessions.ts";
import type { Body } from "./body.ts";
import type { ProxyCall } from "./call.ts";
import type { ExchangeRequest } from "./exchange.ts";
import { contentType, type Headers as UpstreamHeaders, upstreamHeaders } from "./headers.ts";

/**
 * One try: the call goes out with this session, and the head of the answer comes back. Throws the connector's words where
 * none came, and the reason of `signal` where the caller went away.
 */
export type SendUpstream = (
  call: ProxyCall,
  request: ExchangeRequest,
  session: Session,
  signal: AbortSignal,
) => Promise<Dispatcher.ResponseData>;

/**
 * A kept connection that its server closed just then takes the request with it, unseen. That shows at once; what is cut
 * later was seen, and may have been done.
 */
const CUT_UNSEEN_MS = 5000;

export function createSendUpstream(connector: Connector, egress: Egress): SendUpstream {
  return async (call, request, session, signal) => {
    const send = () => egress.dispatcher.request({ ...requestOf(connector, call, request, session), signal });
    const started = performance.now();
    try {
      return await send().catch((error: unknown) => {
        const isUnseen = unreachableReason(error) === "cut" && performance.now() - started < CUT_UNSEEN_MS;
        if (isUnseen && isRepeatable(request) && !signal.aborted) return send();
        throw error;
      });
    } catch (error) {
      const reason = signal.aborted ? null : unreachableReason(error);
      if (reason === null) throw error;
      throw connectorError(connector.problems, connector.unreachable(call.use.credential.serverUrl, reason));
    }
  };
}

function isRepeatable({ route, body }: ExchangeRequest): boolean {
  return (route.method === "GET" || route.method === "HEAD") && body.kind !== "streamed";
}

function requestOf(
  connector: Connector,
  call: ProxyCall,
  request: ExchangeRequest,
  session: Session,
): Dispatcher.RequestOptions {
  const url = new URL(connector.address(request.route, session));
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: request.route.method as Dispatcher.HttpMethod,
    headers: { ...headersOf(call, request), ...connector.authorization(session.token) },
    body: bodyOf(request.body),
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
