import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connector } from "@easel/connector";
import {
  type Attributes,
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { FastifyInstance } from "fastify";
import type { Dispatcher } from "undici";
import type { LiveSessions } from "../credentials/live-sessions.ts";
import { EaselError } from "../http/errors.ts";
import type { ConnectorProxy } from "../proxy/proxy.ts";

/**
 * What is traced is wrapped where the server is put together, so that nothing of it stands on the path of a call where
 * tracing is off.
 */
export interface Traces {
  /** Every request to the app. Before its routes are declared. */
  requests(app: FastifyInstance): void;
  /** Which route of the provider's a proxied call is. */
  proxy(proxy: ConnectorProxy): ConnectorProxy;
  /** Waiting for a session that is not in memory. */
  liveSessions(liveSessions: LiveSessions): LiveSessions;
  /** Signing in, in the trace of the call that began it; those that wait for it too only wait. */
  connector(connector: Connector): Connector;
  /** Every request to a server, within one of the above. */
  readonly exchange: Dispatcher.DispatcherComposeInterceptor;
  /** Sends what is held. */
  close(): Promise<void>;
}

/** Spans that wait to be sent, about 2 MB; a collector that is away costs those beyond. */
const HELD = 2048;
/** A server that stops waits so long for a collector that is away. */
const CLOSING_MS = 2000;
/** Nothing of a span is long: what is, is cut. */
const LONGEST_VALUE = 256;

export function createTraces(options: {
  /** OTLP over HTTP: `/v1/traces` is added. */
  endpoint: string;
  /** Of the traces that begin here, the share that is kept, from 0 to 1. A caller's own decision counts before it. */
  ratio: number;
  version: string;
  /** Hears once of a collector that takes nothing, and again once it has taken something since. */
  onError: (error: unknown) => void;
}): Traces {
  const exporter = createExporter(options);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "easel", "service.version": options.version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: HELD })],
  });
  const tracer = provider.getTracer("easel", options.version);
  const current = new AsyncLocalStorage<Span>();

  const within = async <T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> => {
    const span = tracer.startSpan(name, { attributes }, contextOf(current.getStore()));
    try {
      return await current.run(span, run);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    requests: (app) => traceRequests(app, tracer, current),
    proxy: (proxy) => ({
      ...proxy,
      forward: (call) => {
        const { use, route } = call;
        const { type } = use.integration;
        current.getStore()?.updateName(`${route.method} ${type} ${route.template}`).setAttributes({
          "easel.route": route.template,
          "easel.connector": type,
          "easel.project.id": use.project.id,
        });
        return proxy.forward(call);
      },
    }),
    liveSessions: (liveSessions) => ({
      ...liveSessions,
      get: (use) => within("session", { "easel.method": use.credential.method }, () => liveSessions.get(use)),
    }),
    connector: (connector) => ({
      ...connector,
      signIn: (request, send) =>
        within("sign in", { "easel.connector": connector.type, "easel.method": request.method }, async () => {
          const result = await connector.signIn(request, send);
          if (result.kind !== "signedIn") {
            current
              .getStore()
              ?.setStatus({ code: SpanStatusCode.ERROR })
              .setAttribute("error.type", result.problem.code);
          }
          return result;
        }),
    }),
    exchange: (dispatch) => (request, handler) => {
      const parent = current.getStore();
      if (parent === undefined) return dispatch(request, handler);
      const { origin, method } = request;
      const url = new URL(String(origin));
      const span = tracer.startSpan(
        method,
        { kind: SpanKind.CLIENT, attributes: clientAttributes(url, method) },
        contextOf(parent),
      );
      return dispatch(request, traced(handler, span));
    },
    close: async () => {
      const late = new AbortController();
      const tooLate = sleep(CLOSING_MS, undefined, { signal: late.signal }).catch(() => {});
      await Promise.race([provider.shutdown().catch(options.onError), tooLate]);
      late.abort();
    },
  };
}

function createExporter({ endpoint, onError }: { endpoint: string; onError: (error: unknown) => void }): SpanExporter {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` });
  let isAway = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const isTaken = result.error === undefined;
        if (!isTaken && !isAway) onError(result.error);
        isAway = !isTaken;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

function contextOf(parent: Span | undefined): Context {
  return parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
}

/** By OpenTelemetry's conventions for HTTP servers. The route's pattern, never the address: tokens may be in it. */
function traceRequests(app: FastifyInstance, tracer: Tracer, current: AsyncLocalStorage<Span>): void {
  app.addHook("onRequest", (request, reply, done) => {
    const { url: route = "" } = request.routeOptions;
    const attributes = { "http.request.method": request.method, "http.route": route, "easel.request.id": request.id };
    const parent = callerContext(request.headers);
    const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    reply.raw.once("close", () => {
      const { statusCode, headersSent, writableFinished } = reply.raw;
      if (headersSent) span.setAttribute("http.response.status_code", statusCode);
      if (!writableFinished) span.setAttribute("error.type", "aborted");
      if (statusCode >= 500 || !writableFinished) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    current.run(span, done);
  });
}

/** W3C Trace Context, version 00. */
function callerContext({ traceparent }: IncomingHttpHeaders): Context {
  const text = typeof traceparent === "string" ? traceparent : "";
  const [, traceId = "", spanId = "", flags = "00"] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text) ?? [];
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const context = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(context) ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT;
}

function clientAttributes({ protocol, hostname, port }: URL, method: string): Attributes {
  return {
    "http.request.method": method,
    "server.address": hostname,
    "server.port": port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

/** Ends the span with its request, and passes everything on. */
function traced(handler: Dispatcher.DispatchHandler, span: Span): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
    onBodySent: (chunk) => handler.onBodySent?.(chunk),
    onRequestSent: () => handler.onRequestSent?.(),
    onResponseStarted: () => handler.onResponseStarted?.(),
    onResponseStart: (...head) => {
      const [, status] = head;
      span.addEvent("first byte").setAttribute("http.response.status_code", status);
      if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      return handler.onResponseStart?.(...head);
    },
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => {
      span.end();
      return handler.onResponseEnd?.(controller, trailers);
    },
    onResponseError: (controller, error) => {
      fail(span, error);
      span.end();
      return handler.onResponseError?.(controller, error);
    },
  };
}

/** The code, and not the words: they may name what somebody typed. */
function fail(span: Span, error: unknown): void {
  const code = error instanceof EaselError ? error.code : error instanceof Error ? error.name : "unknown";
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", code);
}
