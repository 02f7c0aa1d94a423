import type { Route } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { Confirmation } from "../sessions/confirmation.ts";
import type { Session } from "../sessions/sessions.ts";

/**
 * A session limited to scopes is answered 401002 in two cases: when it is gone, and when the route is outside its scopes
 * or not offered to it (reference §1.7). Signing in again on every such answer would let one caller's wrong calls
 * disturb everybody's session. So the session is asked for first: if it lives, it was the route. Where nothing can be
 * asked, a route that has worked with these scopes is not refused for them.
 */
export interface ScopeRefusals {
  isKnown(call: ScopedCall): boolean;
  /** Tableau answered something else than 401. */
  worked(call: ScopedCall): void;
  /**
   * `dead`: sign in and send again. `refused`: it was the route, which is remembered for ten minutes.
   * @param isOnNewerSession the call was refused before, on an older session than this one
   */
  judge(call: ScopedCall, method: string, isOnNewerSession: boolean): Promise<"dead" | "refused">;
}

export interface ScopedCall {
  readonly session: Session;
  readonly scopes: readonly string[];
  readonly route: Route;
}

const REMEMBERED_MS = 600_000;
/** Routes remembered at most, over all sites and lists of scopes. */
const KEPT = 10_000;

export function createScopeRefusals(confirmation: Confirmation, clock: () => number): ScopeRefusals {
  const routes = new LRUCache<string, { verdict: "worked" | "refused"; until: number }>({ max: KEPT });
  const verdictOn = (key: string): "worked" | "refused" | null => {
    const known = routes.get(key);
    return known !== undefined && known.until > clock() ? known.verdict : null;
  };
  const remember = (key: string, verdict: "worked" | "refused"): void => {
    routes.set(key, { verdict, until: clock() + REMEMBERED_MS });
  };

  return {
    isKnown: (call) => verdictOn(keyOf(call)) === "refused",
    worked: (call) => remember(keyOf(call), "worked"),
    judge: async (call, method, isOnNewerSession) => {
      const verdict = await confirmation.ask(call.session, method, call.scopes);
      const key = keyOf(call);
      const known = verdictOn(key);
      const isRefused =
        verdict === "alive" ||
        (verdict === "unknown" && (known === "refused" || (isOnNewerSession && known !== "worked")));
      if (!isRefused) return "dead";
      remember(key, "refused");
      return "refused";
    },
  };
}

function keyOf({ session, scopes, route }: ScopedCall): string {
  // A route that the table does not know has no template: its path stands for it.
  const template = route.template === "unknown" ? (route.target.split("?")[0] ?? "") : route.template;
  return [session.serverUrl, session.siteId, [...scopes].sort().join(" "), route.method, template].join("\n");
}
