import { randomUUID } from "node:crypto";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { isStreaming, postponeRenewal, sayStreaming, takeRenewal } from "./renewal-store.ts";
import type { Session, Signer } from "./session.ts";
import type { SignInUnderLease } from "./sign-in.ts";
import { renewLease } from "./store.ts";

/**
 * Renews sessions in use before they end, so that no call waits for a sign-in. The first call that uses a session when
 * it is due begins it; calls go on with the old one meanwhile, in every process, and take the new one when it is there.
 *
 * A personal access token's sign-in ends the old session that moment. Calls that are under way then meet a 401 and are
 * sent again, as after any other end. What cannot be sent again, a body that streams, is kept out of it: who wants to
 * renew says so first, and waits; a process that streams with the session objects, and it is left for later; bodies
 * that come after it was said wait for the new session. Streams that never pause hold it up to the session's end: then
 * it ends whatever Easel does.
 */
export interface Renewals {
  /** The session is due: renews it in the background, unless somebody does. */
  begin(signer: Signer, session: Session): void;
  /** Read in the database: somebody renews it, or does no longer. */
  heard(session: Session, isLeased: boolean): void;
  /** The session that a body goes out with which cannot be sent twice; it is not renewed until `sent` is called. */
  hold(session: Session): { sent(): void };
  /** Resolves when something has happened to a renewal that is under way, or might have. */
  settled(session: Session): Promise<void>;
  close(): Promise<void>;
}

/** Renewals at once: they are in no hurry, and callers' own sign-ins go first. Tokens mostly wait for objections. */
const AT_ONCE = 32;
/** What is under way when the process ends is waited for so long: a lease that it leaves runs out by itself. */
const FAREWELL_MS = 3000;
/** When a renewal could not be made, it is tried again so much later; so long a process's objection counts, too. */
const LATER_MS = 30_000;
/** A change reaches every process within a second (database/changes.ts); so long anybody may object. */
const OBJECTIONS_MS = 1500;
/** Who waits for a renewal looks itself in case the announcement was missed. */
const LOOK_EVERY_MS = 1000;
/** The most that a renewal takes: objections, a sign-in, a lease that runs out. */
const LEAVING_MS = 25_000;

export function createRenewals(parts: {
  database: DatabaseAccess;
  changes: Changes;
  signInUnderLease: SignInUnderLease;
  clock: () => number;
  onError: (error: unknown) => void;
}): Renewals {
  const { database, changes, signInUnderLease, clock, onError } = parts;
  const running = new Map<string, Promise<void>>();
  let isClosed = false;

  /** Waits for objections with the lease in hand. False where there is one. */
  const mayEnd = async (session: Session, owner: string): Promise<boolean> => {
    if (session.streams > 0) return false;
    session.leavingUntil = clock() + LEAVING_MS;
    await new Promise((resolve) => setTimeout(resolve, OBJECTIONS_MS));
    if (isClosed || (await isStreaming(database, session.identity))) return false;
    return renewLease(database, session.identity, owner);
  };

  const renew = async (signer: Signer, session: Session): Promise<void> => {
    const { identity, generation } = session;
    const owner = randomUUID();
    if (!(await takeRenewal(database, { identity, generation, owner, againInMs: LATER_MS }))) return;
    const postpone = async (ms: number | null): Promise<void> => {
      session.leavingUntil = 0;
      if (ms === null) session.renewAt = session.usableUntil;
      await postponeRenewal(database, { identity, generation, owner, ms });
    };
    try {
      if (signer.isExclusive && !(await mayEnd(session, owner))) return await postpone(LATER_MS);
      const result = await signInUnderLease(signer, owner);
      if (result === "lost" || result.kind === "session") return;
      // A secret that was refused is not tried again and again: at the session's end the usual way asks once more, and says it.
      await postpone(result.kind === "refused" ? null : LATER_MS);
    } catch (error) {
      await postpone(LATER_MS).catch(() => {});
      throw error;
    }
  };

  return {
    begin: (signer, session) => {
      // Whatever comes of it: the next look is later, and until then calls ask nothing.
      session.renewAt = Math.min(session.usableUntil, clock() + LATER_MS);
      const { identity } = session;
      if (isClosed || running.has(identity) || running.size >= AT_ONCE) return;
      if (signer.isExclusive && session.streams > 0) return;
      const run = renew(signer, session)
        .catch((error: unknown) => {
          if (!isClosed) onError(error);
        })
        .finally(() => running.delete(identity));
      running.set(identity, run);
    },
    heard: (session, isLeased) => {
      session.leavingUntil = isLeased ? clock() + LEAVING_MS : 0;
      if (!isLeased || session.streams === 0) return;
      const { identity, generation } = session;
      sayStreaming(database, { identity, generation, ms: LATER_MS }).catch(onError);
    },
    hold: (session) => {
      session.streams += 1;
      let isSent = false;
      return {
        sent: () => {
          if (!isSent) session.streams -= 1;
          isSent = true;
        },
      };
    },
    settled: ({ identity }) => changes.waitFor(`session:${identity}`, LOOK_EVERY_MS),
    close: async () => {
      isClosed = true;
      const late = new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref());
      await Promise.race([late, Promise.all(running.values())]);
    },
  };
}
