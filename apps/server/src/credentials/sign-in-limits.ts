import { LRUCache } from "lru-cache";
import { easelError } from "../http/errors.ts";

/**
 * Bounds what one process lets people try, so that Easel cannot be used to guess passwords or to scan networks: so many
 * refused sign-ins per account, and so many tries of any kind per connected user.
 */
export interface SignInLimits {
  /** Counts a try. Throws `sign_in_throttled` beyond the bounds. */
  check(serverUrl: string, name: string, userId: string): void;
  /** Tableau refused what was tried. */
  refused(serverUrl: string, name: string): void;
}

const WINDOW_MS = 60_000;
const REFUSALS_PER_ACCOUNT = 10;
const TRIES_PER_USER = 60;
/** Accounts and users remembered at most. */
const KEPT = 50_000;

export function createSignInLimits(clock: () => number): SignInLimits {
  const counts = new LRUCache<string, { since: number; count: number }>({ max: KEPT });
  const current = (key: string): { since: number; count: number } => {
    const known = counts.get(key);
    if (known !== undefined && clock() - known.since < WINDOW_MS) return known;
    const fresh = { since: clock(), count: 0 };
    counts.set(key, fresh);
    return fresh;
  };
  const accountKey = (serverUrl: string, name: string): string => `account ${serverUrl} ${name}`;

  return {
    check: (serverUrl, name, userId) => {
      const tries = current(`user ${userId}`);
      tries.count += 1;
      if (tries.count > TRIES_PER_USER || current(accountKey(serverUrl, name)).count >= REFUSALS_PER_ACCOUNT) {
        throw easelError("sign_in_throttled", {}, { "retry-after": String(WINDOW_MS / 1000) });
      }
    },
    refused: (serverUrl, name) => {
      current(accountKey(serverUrl, name)).count += 1;
    },
  };
}
