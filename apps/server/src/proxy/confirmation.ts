import type { Connector } from "@easel/connector";
import type { Egress } from "../egress/egress.ts";
import type { Session } from "../sessions/sessions.ts";

/** Asks Tableau whether a session still lives, with one call for everyone who wants to know. */
export interface Confirmation {
  /**
   * `unknown` where this kind of session has no call that is sure to succeed, or where the server did not answer.
   * The question is always put after the call to `ask`: an older answer proves nothing about a later refusal.
   */
  ask(session: Session, method: string, scopes: readonly string[]): Promise<"alive" | "dead" | "unknown">;
}

const ASK_MS = 10_000;

export function createConfirmation(connector: Connector, egress: Egress, clock: () => number): Confirmation {
  const send = egress.send(ASK_MS);
  // Bounded by the calls under way.
  const asking = new Map<string, { current: Promise<unknown>; next: Promise<"alive" | "dead" | "unknown"> | null }>();

  const askNow = async (session: Session, url: string): Promise<"alive" | "dead" | "unknown"> => {
    const headers = { accept: "application/json", ...connector.authorization(session.token) };
    const answer = await send({ method: "GET", url, headers });
    if (answer.kind === "unreachable" || answer.status >= 500 || answer.status === 429) return "unknown";
    if (answer.status === 401) return "dead";
    session.provenAt = clock();
    return "alive";
  };

  return {
    ask: async (session, method, scopes) => {
      const url = connector.confirmation(session, method, scopes);
      if (url === null) return "unknown";
      const key = `${session.identity} ${session.generation}`;
      const running = asking.get(key);
      if (running === undefined) {
        const current = askNow(session, url);
        asking.set(key, { current, next: null });
        return current.finally(() => {
          if (asking.get(key)?.current === current) asking.delete(key);
        });
      }
      // One more question, after the one that is under way, for all who came meanwhile.
      running.next ??= running.current
        .catch(() => {})
        .then(() => {
          const current = askNow(session, url);
          asking.set(key, { current, next: null });
          return current.finally(() => {
            if (asking.get(key)?.current === current) asking.delete(key);
          });
        });
      return running.next;
    },
  };
}
