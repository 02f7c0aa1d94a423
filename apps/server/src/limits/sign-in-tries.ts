import { createHash } from "node:crypto";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import { countTries, forgetTries } from "./store.ts";

/**
 * Bounds what people may try, so that Easel cannot be used to guess passwords or to scan networks: refused sign-ins per
 * server and user name, and tries of any kind per connected user. Counted in the database, since a bound that each
 * process has for itself would be no bound: more processes would give more guesses.
 */
export interface SignInTries {
  /** Counts a sign-in that is about to be tried. Throws `sign_in_throttled` beyond the bounds. */
  begin(serverUrl: string, name: string, userId: string): Promise<SignInTry>;
  /** Counts something else that asks a server whose address a person typed. Throws likewise. */
  ask(userId: string): Promise<void>;
}

export interface SignInTry {
  /** Tableau refused it: it stays counted against the name. */
  refused(): void;
  /** To be called when it is over: unless it was refused it counts no longer against the name. */
  end(): Promise<void>;
}

const MINUTE_S = 60;
const HOUR_S = 3600;
/**
 * Refused sign-ins of one name at one server. Those under way count, so that guesses at the same time are no way around:
 * hence as many a minute as a product's backend may import at once with one account. The hour is what bounds guessing.
 */
const REFUSALS_A_MINUTE = 20;
const REFUSALS_AN_HOUR = 60;
/** Tries of one connected user, whatever comes of them. */
const TRIES_A_MINUTE = 60;

export function createSignInTries(database: DatabaseAccess): SignInTries {
  const count = async (tries: readonly { key: Buffer; most: number; seconds: number }[]): Promise<void> => {
    const seconds = await countTries(database, tries);
    if (seconds !== null) throw easelError("sign_in_throttled", {}, { "retry-after": String(seconds) });
  };
  const ofUser = (userId: string) => ({ key: keyOf("user", userId), most: TRIES_A_MINUTE, seconds: MINUTE_S });

  return {
    begin: async (serverUrl, name, userId) => {
      const account = [hostOf(serverUrl), name.trim().toLowerCase()];
      const ofAccount = [
        { key: keyOf("account minute", ...account), most: REFUSALS_A_MINUTE, seconds: MINUTE_S },
        { key: keyOf("account hour", ...account), most: REFUSALS_AN_HOUR, seconds: HOUR_S },
      ];
      await count([ofUser(userId), ...ofAccount]);
      let isRefused = false;
      return {
        refused: () => {
          isRefused = true;
        },
        end: async () => {
          if (isRefused) return;
          await forgetTries(
            database,
            ofAccount.map(({ key }) => key),
          );
        },
      };
    },
    ask: (userId) => count([ofUser(userId)]),
  };
}

/** The machine alone: another scheme, port or path must not be a way to more guesses. */
function hostOf(serverUrl: string): string {
  return URL.parse(serverUrl)?.hostname ?? serverUrl;
}

function keyOf(...parts: readonly string[]): Buffer {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}
