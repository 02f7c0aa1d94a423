import type { Route } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { Session } from "../sessions/sessions.ts";
import type { Confirmation } from "./confirmation.ts";

/**
 * A session limited to scopes is answered 401002 in two cases: when it is gone, and when the route is outside its scopes
 * or not offered to it (reference §1.7). Signing in again on every such answer would let one caller's wrong calls
 * disturb everybody's session. So the session is asked for first: if it lives, it was the route.
 */
export interface ScopeRefusals {
  isKnown(session: Session, scopes: readonly string[], route: Route): boolean;
  /** `dead`: sign in and send again. `refused`: it was the route, which is remembered for ten minutes. */
  judge(call: {
    session: Session;
    method: string;
    scopes: readonly string[];
    route: Route;
    isReplay: boolean;
  }): Promise<"dead" | "refused">;
}

const REMEMBERED_MS = 600_000;
/** Refusals remembered at most. */
const KEPT = 10_000;

export function createScopeRefusals(confirmation: Confirmation, clock: () => number): ScopeRefusals {
  const refusals = new LRUCache<string, { until: number }>({ max: KEPT });

  const keyOf = (session: Session, scopes: readonly string[], route: Route): string => {
    // A route that the table does not know has no template: its path stands for it.
    const template = route.template === "unknown" ? (route.target.split("?")[0] ?? "") : route.template;
    return [session.serverUrl, session.siteId, [...scopes].sort().join(" "), route.method, template].join("\n");
  };
  const isKnown = (session: Session, scopes: readonly string[], route: Route): boolean => {
    const known = refusals.get(keyOf(session, scopes, route));
    return known !== undefined && known.until > clock();
  };

  return {
    isKnown,
    judge: async ({ session, method, scopes, route, isReplay }) => {
      const verdict = await confirmation.ask(session, method, scopes);
      // Nothing can be asked: a fresh session that is refused as well says that it is the route.
      const isRefused = verdict === "alive" || (verdict === "unknown" && (isReplay || isKnown(session, scopes, route)));
      if (!isRefused) return "dead";
      refusals.set(keyOf(session, scopes, route), { until: clock() + REMEMBERED_MS });
      return "refused";
    },
  };
}
