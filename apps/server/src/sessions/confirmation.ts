import type { Connector } from "@easel/connector";
import type { Egress } from "../egress/egress.ts";
import type { Session } from "./sessions.ts";

/** Asks Tableau whether a session still lives, with one call for everyone who wants to know. */
export interface Confirmation {
  /**
   * `unknown` where this kind of session has no call that is sure to succeed, or where the server did not answer.
   * The question is always put after the call to `ask`: an older answer proves nothing about a later refusal.
   */
  ask(session: Session, method: string, scopes: readonly string[]): Promise<Verdict>;
}

export type Verdict = "alive" | "dead" | "unknown";

const ASK_MS = 10_000;

export function createConfirmation(connector: Connector, egress: Egress, clock: () => number): Confirmation {
  const send = egress.send(ASK_MS);
  // Both bounded by the calls under way: one question that has been put, and one that waits for its answer.
  const put = new Map<string, Promise<Verdict>>();
  const waiting = new Map<string, Promise<Verdict>>();

  const ask = async (session: Session, url: string): Promise<Verdict> => {
    const headers = { accept: "application/json", ...connector.authorization(session) };
    const answer = await send({ method: "GET", url, headers });
    if (answer.kind === "unreachable" || answer.status >= 500 || answer.status === 429) return "unknown";
    if (answer.status === 401) return "dead";
    // The address is not there at the version that was spoken at the sign-in: a server that was set back, with every session.
    if (answer.status === 404) return "unknown";
    session.provenAt = clock();
    return "alive";
  };

  return {
    ask: async (session, method, scopes) => {
      const url = connector.confirmation(session, method, scopes);
      if (url === null) return "unknown";
      const key = `${session.identity} ${session.generation}`;
      const joined = waiting.get(key);
      if (joined !== undefined) return joined;
      const question = Promise.resolve(put.get(key))
        .catch(() => {})
        .then(() => {
          waiting.delete(key);
          const answer = ask(session, url).finally(() => put.delete(key));
          put.set(key, answer);
          return answer;
        });
      waiting.set(key, question);
      return question;
    },
  };
}
