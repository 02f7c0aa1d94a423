import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connector, ProviderError, Route } from "@easel/connector";
import type { Dispatcher } from "undici";
import type { LiveSessions, Use } from "../credentials/live-sessions.ts";
import type { Egress } from "../egress/egress.ts";
import { unreachableReason } from "../egress/failure.ts";
import { connectorError, EaselError } from "../http/errors.ts";
import type { Session } from "../sessions/sessions.ts";
import type { Usage } from "../usage/usage.ts";
import { passOn } from "./answer.ts";
import { type Body, type Held, readBody, readStart } from "./body.ts";
import type { Confirmation } from "./confirmation.ts";
import { contentType, upstreamHeaders } from "./headers.ts";
import type { ScopeRefusals } from "./scope-refusals.ts";
import { sendUpstreamError } from "./upstream-error.ts";

/** One call on a connected user's behalf. */
export interface ProxyCall {
  readonly use: Use;
  readonly route: Route;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** CORS and the request id, for whatever is answered. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ConnectorProxy {
  /** Which route the caller's path is. Throws what the address, the project's Permissions or its settings refuse. */
  route(use: Use, method: string, path: string): Route;
  /** Answers the call. Throws before anything was answered, or not at all. */
  forward(call: ProxyCall): Promise<void>;
}

/** Of an error that Tableau answers, bytes held. */
const ERROR_LIMIT = 65_536;
/** Sends of one call at most: a session can be ended again while it is being renewed. */
const ATTEMPTS = 4;
/** Before a body that cannot be sent twice, a session must have been seen alive within this time. */
const PROOF_MS = 60_000;

export function createProxy(parts: {
  connector: Connector;
  egress: Egress;
  liveSessions: LiveSessions;
  confirmation: Confirmation;
  scopeRefusals: ScopeRefusals;
  usage: Usage;
  clock: () => number;
}): ConnectorProxy {
  const { connector, egress, liveSessions, confirmation, scopeRefusals, usage, clock } = parts;
  const isScoped = new Map(connector.methods.map((method) => [method.id, method.scoped]));

  /** One try: the request goes out with this session, and the head of the answer comes back. */
  const send = async (
    call: ProxyCall,
    session: Session,
    body: Body,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> => {
    const url = new URL(connector.address(call.route, session));
    const start = body.kind === "none" ? undefined : body.kind === "held" ? body.bytes : body.start;
    const isRaw = wantsRaw(call.request);
    const { headers } = call.request;
    return egress.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: call.route.method as Dispatcher.HttpMethod,
      headers: {
        ...upstreamHeaders(headers, {
          accept: acceptFor(call.route, headers.accept, headers["x-paragon-sdk-version"] !== undefined, isRaw),
          contentType: contentType(headers["content-type"], start),
          contentLength: body.kind === "streamed" ? body.length : null,
          acceptEncoding: isRaw ? String(headers["accept-encoding"] ?? "identity") : "identity",
        }),
        ...connector.authorization(session.token),
      },
      body: body.kind === "none" ? null : body.kind === "held" ? body.bytes : body.stream,
      signal,
    });
  };

  /** What a failed connection means, in words; null for the caller's own abort and for bugs. */
  const problemOf = (error: unknown, { use }: ProxyCall): EaselError | null => {
    const reason = unreachableReason(error);
    if (reason === null) return null;
    return connectorError(connector.problems, connector.unreachable(use.credential.serverUrl, reason));
  };

  const sessionFor = async (call: ProxyCall, body: Body): Promise<{ session: Session; isNew: boolean }> => {
    const known = liveSessions.peek(call.use);
    const found = known === undefined ? await liveSessions.get(call.use) : { session: known, isNew: false };
    if (body.kind !== "streamed" || clock() - found.session.provenAt < PROOF_MS) return found;
    const { method } = call.use.credential;
    if ((await confirmation.ask(found.session, method, call.use.integration.permissions)) !== "dead") return found;
    await liveSessions.drop(call.use, found.session);
    return liveSessions.get(call.use);
  };

  /** What a 401 means: an error to hand on, or null when the session was dropped and the call goes out again. */
  const judge401 = async (
    call: ProxyCall,
    session: Session,
    error: ProviderError,
    attempt: number,
  ): Promise<EaselError | null> => {
    const { use, route } = call;
    const scopes = use.integration.permissions;
    const { method } = use.credential;
    if (isScoped.get(method) === true) {
      const verdict = await scopeRefusals.judge({ session, method, scopes, route, isReplay: attempt > 1 });
      if (verdict === "refused") return explained(route, error, method, scopes);
    }
    await liveSessions.drop(use, session);
    return null;
  };

  const explained = (route: Route, error: ProviderError, method: string, scopes: readonly string[]): EaselError => {
    const explanation = connector.explain(route, error, { method, scopes });
    return new EaselError(explanation.code, { status: 403, ...explanation }, { providerError: error });
  };

  const answerError = (call: ProxyCall, answer: Dispatcher.ResponseData, held: Held): void => {
    const { use, route } = call;
    const text = held.bytes.toString();
    const classification = connector.classify(answer.statusCode, answer.headers, text);
    const { error } = classification;
    const signIn = { method: use.credential.method, scopes: use.integration.permissions };
    const explanation = classification.kind === "denied" ? connector.explain(route, error, signIn) : null;
    sendUpstreamError(call, {
      status: answer.statusCode,
      retryAfter: answer.headers["retry-after"]?.toString(),
      error,
      explanation,
      text,
      isWhole: held.isWhole,
    });
  };

  const forward = async (call: ProxyCall, outcome: { attempts: number; renewed: boolean }): Promise<void> => {
    const { use, request, response, route } = call;
    const abort = new AbortController();
    response.once("close", () => abort.abort());
    const body = await readBody(request);
    const isRaw = wantsRaw(request);
    for (let attempt = 1; ; attempt += 1) {
      const { session, isNew } = await sessionFor(call, body);
      outcome.attempts = attempt;
      outcome.renewed ||= isNew;
      if (
        isScoped.get(use.credential.method) === true &&
        scopeRefusals.isKnown(session, use.integration.permissions, route)
      ) {
        throw explained(
          route,
          { code: "401002", summary: "", detail: "" },
          use.credential.method,
          use.integration.permissions,
        );
      }
      const answer = await send(call, session, body, abort.signal).catch((error: unknown) => {
        if (abort.signal.aborted) return null;
        throw problemOf(error, call) ?? error;
      });
      if (answer === null) return;
      if (answer.statusCode !== 401) session.provenAt = clock();
      if (answer.statusCode < 400 || (isRaw && answer.statusCode !== 401)) {
        await passOn(answer, response, { method: request.method ?? "GET", isRaw, headers: call.headers });
        return;
      }
      const held = await readStart(answer.body, ERROR_LIMIT);
      const classification = connector.classify(answer.statusCode, answer.headers, held.bytes.toString());
      if (classification.kind !== "sessionDead") return answerError(call, answer, held);
      const refusal = await judge401(call, session, classification.error, attempt);
      if (refusal !== null) throw refusal;
      if (body.kind === "streamed")
        throw connectorError(connector.problems, { code: "tableau_send_again", params: {} });
      if (attempt === ATTEMPTS)
        throw connectorError(connector.problems, { code: "tableau_session_contested", params: {} });
    }
  };

  return {
    route: ({ integration, credential }, method, path) => {
      const result = connector.route(method, path, credential.serverUrl);
      if (result.kind === "refused") throw connectorError(connector.problems, result.problem);
      const { route } = result;
      if (route.scope !== null && !connector.permits(integration.permissions, route.scope)) {
        throw connectorError(connector.problems, {
          code: "tableau_permission_missing",
          params: { scope: route.scope },
        });
      }
      if (route.mintsCredentials && !integration.mayMintCredentials) {
        throw connectorError(connector.problems, { code: "tableau_route_credentials", params: {} });
      }
      return route;
    },
    forward: async (call) => {
      const { use, request, response } = call;
      const started = clock();
      const outcome = { attempts: 0, renewed: false };
      const socket = response.socket;
      const [readBefore, writtenBefore] = [socket?.bytesRead ?? 0, socket?.bytesWritten ?? 0];
      let status = 0;
      try {
        await forward(call, outcome);
        status = response.statusCode;
      } catch (error) {
        status = error instanceof EaselError ? error.status : 500;
        if (!response.headersSent) throw error;
        // Half an answer is on its way: only a broken connection says so.
        response.destroy();
        if (problemOf(error, call) === null && !isAborted(error)) throw error;
      } finally {
        usage.record({
          at: started,
          projectId: use.project.id,
          userId: use.user.id,
          credentialId: use.credential.id,
          method: request.method ?? "",
          route: call.route.template,
          status,
          ms: clock() - started,
          bytesIn: Math.max(0, (socket?.bytesRead ?? 0) - readBefore),
          bytesOut: Math.max(0, (socket?.bytesWritten ?? 0) - writtenBefore),
          attempts: outcome.attempts,
          renewed: outcome.renewed,
          requestId: call.requestId,
        });
      }
    },
  };
}

function wantsRaw(request: IncomingMessage): boolean {
  const header = request.headers["x-paragon-use-raw-response"];
  return header !== undefined && header !== "0" && header !== "false";
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

/** The caller went away, or Tableau did, in the middle of an answer. */
function isAborted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : "";
  return error.name === "AbortError" || code === "ERR_STREAM_PREMATURE_CLOSE" || code === "UND_ERR_ABORTED";
}
