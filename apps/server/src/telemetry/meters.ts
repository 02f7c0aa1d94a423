import type { Connector, SignInResult } from "@easel/connector";
import type { Outcome } from "../proxy/outcome.ts";
import type { UsageRow } from "../usage/usage.ts";

/** What the server tells of as it happens. Metrics count it; where nobody asks for metrics, nobody listens. */
export interface Meters {
  callBegan(): void;
  /** @param ms the whole of it, as exactly as it was measured. */
  callEnded(connector: string, row: UsageRow, outcome: Outcome, ms: number): void;
  signedIn(connector: string, method: string, result: SignInResult["kind"], ms: number): void;
}

export const noMeters: Meters = { callBegan: () => {}, callEnded: () => {}, signedIn: () => {} };

/** The connector, whose sign-ins are told of: whoever signs in, and whatever for. */
export function meterSignIns(connector: Connector, meters: Meters): Connector {
  return {
    ...connector,
    signIn: async (request, send) => {
      const started = performance.now();
      let result: SignInResult["kind"] = "failed";
      try {
        const answer = await connector.signIn(request, send);
        result = answer.kind;
        return answer;
      } finally {
        meters.signedIn(connector.type, request.method, result, performance.now() - started);
      }
    },
  };
}
