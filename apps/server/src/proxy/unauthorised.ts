import type { Connector, Explanation, ProviderError } from "@easel/connector";
import type { LiveSessions } from "../credentials/live-sessions.ts";
import { connectorError, EaselError } from "../http/errors.ts";
import type { Session } from "../sessions/sessions.ts";
import type { ProxyCall } from "./call.ts";
import type { Explanations } from "./explanations.ts";
import type { ScopedCall, ScopeRefusals } from "./scope-refusals.ts";

/** What a 401 means, and what is done about it. */
export interface Unauthorised {
  /** Throws where Tableau is known to answer 401 to this route, whoever asks with these scopes. */
  refuseKnown(call: ProxyCall, session: Session): void;
  /** Tableau answered something else than 401. */
  seenAlive(call: ProxyCall, session: Session): void;
  /**
   * Drops the session where it is gone. Throws the refusal in words where it was the route.
   * @param earlier the session of the call's try before, if there was one
   */
  judge(call: ProxyCall, session: Session, error: ProviderError, earlier: Session | null): Promise<void>;
  /** Session after session was gone before the call came through. */
  gaveUp(call: ProxyCall): EaselError;
}

const NOT_ASKED: ProviderError = { code: "401002", summary: "", detail: "" };

export function createUnauthorised(parts: {
  connector: Connector;
  liveSessions: LiveSessions;
  scopeRefusals: ScopeRefusals;
  explanations: Explanations;
  clock: () => number;
}): Unauthorised {
  const { connector, liveSessions, scopeRefusals, explanations, clock } = parts;
  const methods = new Map(connector.methods.map((method) => [method.id, method]));

  /** Null for sessions that may do all that their user may: to them a 401 has one meaning. */
  const scoped = ({ use, route }: ProxyCall, session: Session): ScopedCall | null =>
    methods.get(use.credential.method)?.scoped === true
      ? { session, scopes: use.integration.permissions, route }
      : null;

  const refusal = (error: ProviderError, explanation: Explanation | null): EaselError => {
    if (explanation === null) return connectorError(connector.problems, { code: "tableau_denied", params: {}, error });
    return new EaselError(explanation.code, { status: 403, ...explanation }, { providerError: error });
  };

  return {
    refuseKnown: (call, session) => {
      const limited = scoped(call, session);
      if (limited === null || !scopeRefusals.isKnown(limited)) return;
      throw refusal(NOT_ASKED, explanations.explainNow(call.use, call.route, { status: 401, error: NOT_ASKED }));
    },
    seenAlive: (call, session) => {
      session.provenAt = clock();
      const limited = scoped(call, session);
      if (limited !== null) scopeRefusals.worked(limited);
    },
    judge: async (call, session, error, earlier) => {
      const limited = scoped(call, session);
      const isOnNewer = earlier !== null && session.generation > earlier.generation;
      if (limited !== null) {
        const verdict = await scopeRefusals.judge(limited, call.use.credential.method, isOnNewer);
        if (verdict === "refused") {
          throw refusal(error, await explanations.explain(call.use, call.route, { status: 401, error }));
        }
      }
      await liveSessions.drop(call.use, session);
    },
    gaveUp: ({ use }) => {
      const isExclusive = methods.get(use.credential.method)?.exclusive === true;
      const code = isExclusive ? "tableau_session_contested" : "tableau_session_lost";
      return connectorError(connector.problems, { code, params: {} });
    },
  };
}
