import type { Connector, Route } from "@easel/connector";
import type { LiveSessions, Use } from "../credentials/live-sessions.ts";
import type { Egress } from "../egress/egress.ts";
import { unreachableReason } from "../egress/failure.ts";
import { connectorError, EaselError } from "../http/errors.ts";
import type { Servers } from "../servers/servers.ts";
import type { Confirmation } from "../sessions/confirmation.ts";
import type { Session } from "../sessions/sessions.ts";
import type { Meters } from "../telemetry/meters.ts";
import type { Usage } from "../usage/usage.ts";
import { passOn } from "./answer.ts";
import { type Body, readBody } from "./body.ts";
import { type ProxyCall, wantsRaw } from "./call.ts";
import type { Explanations } from "./explanations.ts";
import { measure, newOutcome, type Outcome, timed } from "./outcome.ts";
import type { ScopeRefusals } from "./scope-refusals.ts";
import { createUnauthorised } from "./unauthorised.ts";
import { createSendUpstream } from "./upstream.ts";
import { createSendUpstreamError, readError } from "./upstream-error.ts";

export interface ConnectorProxy {
  /** Which route the caller's path is. Throws what the address, the project's Permissions or its settings refuse. */
  route(use: Use, method: string, path: string): Route;
  /** Answers the call. Throws before anything was answered, or not at all. */
  forward(call: ProxyCall): Promise<void>;
}

/** Sends of one call at most: a session can be ended again while it is being renewed. */
const ATTEMPTS = 6;
/** Before a body that cannot be sent twice, a session must have been seen alive within this time. */
const PROOF_MS = 60_000;

export function createProxy(parts: {
  connector: Connector;
  egress: Egress;
  liveSessions: LiveSessions;
  confirmation: Confirmation;
  scopeRefusals: ScopeRefusals;
  explanations: Explanations;
  servers: Servers;
  usage: Usage;
  meters: Meters;
  clock: () => number;
}): ConnectorProxy {
  const { connector, egress, liveSessions, confirmation, servers, clock } = parts;
  const unauthorised = createUnauthorised(parts);
  const sendUpstream = createSendUpstream(connector, egress);
  const sendUpstreamError = createSendUpstreamError(parts);

  const sessionFor = async (call: ProxyCall, body: Body): Promise<{ session: Session; isNew: boolean }> => {
    const known = liveSessions.peek(call.use);
    const found = known === undefined ? await liveSessions.get(call.use) : { session: known, isNew: false };
    if (body.kind !== "streamed" || clock() - found.session.provenAt < PROOF_MS) return found;
    const { credential, integration } = call.use;
    const verdict = await confirmation.ask(found.session, credential.method, integration.permissions);
    if (verdict !== "dead") return found;
    await liveSessions.drop(call.use, found.session);
    return liveSessions.get(call.use);
  };

  const answer = async (call: ProxyCall, outcome: Outcome, signal: AbortSignal): Promise<void> => {
    const body = await readBody(call.request);
    let earlier: Session | null = null;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { session, isNew } = await timed(outcome, "sessionMs", () => sessionFor(call, body));
      outcome.renewed ||= isNew;
      unauthorised.refuseKnown(call, session);
      outcome.attempts += 1;
      if (earlier !== null) outcome.replays += 1;
      const upstream = await timed(outcome, "upstreamMs", () => sendUpstream(call, session, body, signal));
      if (upstream.statusCode !== 401) {
        unauthorised.seenAlive(call, session);
        if (upstream.statusCode < 400 || wantsRaw(call)) return passOn(call, upstream);
        return sendUpstreamError(call, upstream, await readError(upstream));
      }
      const held = await readError(upstream);
      const { error } = connector.classify(401, upstream.headers, held.bytes.toString());
      await unauthorised.judge(call, session, error, earlier);
      if (body.kind === "streamed")
        throw connectorError(connector.problems, { code: "tableau_send_again", params: {} });
      earlier = session;
    }
    throw unauthorised.gaveUp(call);
  };

  return {
    route: (use, method, path) => {
      const { integration, credential } = use;
      const result = connector.route(method, path, credential.serverUrl, credential.siteId);
      if (result.kind === "refused") throw connectorError(connector.problems, result.problem);
      const { route } = result;
      if (route.scope !== null && !connector.permits(integration.permissions, route.scope)) {
        throw parts.explanations.permissionMissing(use, route);
      }
      if (route.mintsCredentials && !integration.mayMintCredentials) {
        throw connectorError(connector.problems, { code: "tableau_route_credentials", params: {} });
      }
      const version = integration.apiVersion ?? servers.peek(credential.serverUrl)?.apiVersion;
      return version === undefined ? route : connector.atVersion(route, version);
    },
    forward: async (call) => {
      const { request, response } = call;
      const abort = new AbortController();
      response.once("close", () => abort.abort());
      const outcome = newOutcome();
      const end = measure(call, outcome, parts);
      try {
        await answer(call, outcome, abort.signal);
      } catch (error) {
        outcome.isCut = response.headersSent && isCut(error);
        outcome.refusal = error instanceof EaselError ? error.code : "internal";
        if (!outcome.isCut && request.socket.destroyed) return;
        if (!response.headersSent) throw error;
        // Half an answer is on its way: only a broken connection says so.
        response.destroy();
        if (!outcome.isCut) throw error;
      } finally {
        end();
      }
    },
  };
}

/** Tableau, or what it sent, ended in the middle of an answer. */
function isCut(error: unknown): boolean {
  if (unreachableReason(error) !== null) return true;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return code.startsWith("Z_") || code.startsWith("ERR_ZSTD");
}
