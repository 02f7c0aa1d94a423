import type { Connector, Route } from "@easel/connector";
import type { LiveSessions } from "../credentials/live-sessions.ts";
import type { Egress } from "../egress/egress.ts";
import { connectorError } from "../http/errors.ts";
import type { Limits } from "../limits/limits.ts";
import type { Confirmation } from "../sessions/confirmation.ts";
import type { Session } from "../sessions/sessions.ts";
import type { Body } from "./body.ts";
import type { ProxyCall } from "./call.ts";
import type { Explanations } from "./explanations.ts";
import { type Outcome, sessionTimed } from "./outcome.ts";
import type { ScopeRefusals } from "./scope-refusals.ts";
import { createUnauthorised } from "./unauthorised.ts";
import { createSendUpstream } from "./upstream.ts";
import type { UpstreamAnswer } from "./upstream-answer.ts";
import { readError } from "./upstream-error.ts";

/** One request to Tableau. A call is one of them; help makes several for one call. */
export interface ExchangeRequest {
  /** From `CheckedRoute`. */
  readonly route: Route;
  readonly body: Body;
  /** Instead of the caller's headers: the request is Easel's own. */
  readonly own?: { readonly accept: string; readonly contentType: string | null };
  /** Instead of the caller's `Accept`. */
  readonly accept?: string;
  /** The session is asked for first, however lately it was seen alive: the body cannot come a second time. */
  readonly mustLive?: boolean;
}

export interface Exchange {
  /**
   * Has one request answered: with a session, which is renewed where Tableau says that it is gone. Gives Tableau's
   * answer, whatever it is but a 401. Throws what is known to be refused, the connector's words where no answer
   * comes, and the reason of `signal` where the caller went away.
   */
  send(call: ProxyCall, request: ExchangeRequest, outcome: Outcome, signal: AbortSignal): Promise<UpstreamAnswer>;
}

interface Found {
  readonly session: Session;
  readonly isNew: boolean;
  /** To be called once the body is sent. */
  readonly sent?: () => void;
}

/** Sends of one request at most: a session can be ended again while it is being renewed. */
const ATTEMPTS = 6;
/** Before a body that cannot be sent twice, a session must have been seen alive within this time. */
const PROOF_MS = 60_000;

export function createExchange(parts: {
  connector: Connector;
  egress: Egress;
  liveSessions: LiveSessions;
  confirmation: Confirmation;
  scopeRefusals: ScopeRefusals;
  explanations: Explanations;
  limits: Limits;
  clock: () => number;
}): Exchange {
  const { connector, liveSessions, confirmation, limits, clock } = parts;
  const unauthorised = createUnauthorised(parts);
  const sendUpstream = createSendUpstream(parts);

  /** All that a warm call asks for. */
  const inMemory = (call: ProxyCall, { body, mustLive = false }: ExchangeRequest): Found | null => {
    const session = body.kind === "streamed" || mustLive ? undefined : liveSessions.peek(call.use);
    return session === undefined ? null : { session, isNew: false };
  };

  /** A session that is sent with what cannot be sent twice is not renewed meanwhile. */
  const find = async (call: ProxyCall, body: Body): Promise<Found> => {
    if (body.kind === "streamed") return liveSessions.hold(call.use);
    const known = liveSessions.peek(call.use);
    return known === undefined ? liveSessions.get(call.use) : { session: known, isNew: false };
  };

  const sessionFor = async (call: ProxyCall, { body, mustLive = false }: ExchangeRequest): Promise<Found> => {
    const found = await find(call, body);
    if (found.isNew) return found;
    const isProven = clock() - found.session.provenAt < PROOF_MS;
    if (!mustLive && (body.kind !== "streamed" || isProven)) return found;
    const { credential, integration } = call.use;
    const verdict = await confirmation.ask(found.session, credential.method, integration.permissions);
    if (verdict !== "dead") return found;
    found.sent?.();
    await liveSessions.drop(call.use, found.session);
    return find(call, body);
  };

  return {
    send: async (call, request, outcome, signal) => {
      // What is said of a 401 is said of the route that was asked for.
      const asked = request.route === call.route ? call : { ...call, route: request.route };
      if (request.own !== undefined) await limits.lane(call.use).pace(request.route, signal);
      let earlier: Session | null = null;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const { session, isNew, sent } =
          inMemory(asked, request) ?? (await sessionTimed(outcome, () => sessionFor(asked, request)));
        outcome.renewed ||= isNew;
        unauthorised.refuseKnown(asked, session);
        outcome.attempts += 1;
        if (earlier !== null) outcome.replays += 1;
        const sending = sendUpstream(asked, request, session, { outcome, signal });
        const answer = await (sent === undefined ? sending : sending.finally(sent));
        if (answer.statusCode !== 401) {
          unauthorised.seenAlive(asked, session);
          return answer;
        }
        const held = await readError(answer);
        const { error } = connector.classify(401, answer.headers, held.bytes.toString());
        await unauthorised.judge(asked, session, error, earlier);
        if (request.body.kind === "streamed")
          throw connectorError(connector.problems, { code: "tableau_send_again", params: {} });
        earlier = session;
      }
      throw unauthorised.gaveUp(asked);
    },
  };
}
