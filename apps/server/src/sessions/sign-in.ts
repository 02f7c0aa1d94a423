import { CommitUnknown } from "../database/connection-failure.ts";
import type { DatabaseAccess } from "../database/database.ts";
import type { Lifetimes } from "./lifetimes.ts";
import type { SessionMemory, SiteGrant } from "./memory.ts";
import type { AcquireResult, Signer } from "./session.ts";
import { renewLease, storeFailure, storeSession } from "./store.ts";

/**
 * Signs in for everyone, under a lease that the caller has taken, which it gives back. `lost` where the lease was lost
 * meanwhile: the result is nobody's.
 */
export type SignInUnderLease = (signer: Signer, owner: string) => Promise<AcquireResult | "lost">;

const RENEW_LEASE_EVERY_MS = 750;
/** A session so close to its end is not begun with: the call could outlive it. */
const MARGIN_MS = 30_000;
/** A session is renewed when so much of its life is left; the part beyond it is chance, so that not all are due at once. */
const AHEAD = 0.1;
const AHEAD_BY_CHANCE = 0.05;

export function createSignInUnderLease(parts: {
  database: DatabaseAccess;
  memory: SessionMemory;
  lifetimes: Lifetimes;
  clock: () => number;
}): SignInUnderLease {
  const { database, memory, lifetimes, clock } = parts;

  const signIn = async (signer: Signer, owner: string): Promise<AcquireResult | "lost"> => {
    const { identity } = signer;
    const result = await signer.signIn();
    if (result.kind !== "signedIn") {
      const concerns = result.kind === "refused" ? result.concerns : "";
      const { code, params } = result.problem;
      await storeFailure(database, identity, owner, { code, params: { ...params }, concerns });
      return result;
    }
    const signedInAt = clock();
    const grant: SiteGrant = { ...result.session, site: signer.site };
    const { lifeMs, idleMs } = await lifetimes.of(grant.serverUrl, grant.lifetimeMs);
    const usableMs = lifeMs - MARGIN_MS;
    const renewInMs = Math.min(usableMs, lifeMs * (1 - AHEAD - AHEAD_BY_CHANCE * Math.random()));
    const generation = await storeSession(database, {
      identity,
      owner,
      sealed: memory.seal(identity, grant),
      serverUrl: grant.serverUrl,
      usableMs,
      renewInMs,
      idleMs: idleMs - MARGIN_MS,
    });
    if (generation === null) return "lost";
    const session = memory.keep({
      ...grant,
      identity,
      generation,
      usableUntil: signedInAt + usableMs,
      renewAt: signedInAt + renewInMs,
      provenAt: signedInAt,
      keptAt: signedInAt,
      toldUsedAt: signedInAt,
      streams: 0,
      leavingUntil: 0,
    });
    return { kind: "session", session, isNew: true };
  };

  return async (signer, owner) => {
    const { identity } = signer;
    const renewal = setInterval(() => void renewLease(database, identity, owner).catch(() => {}), RENEW_LEASE_EVERY_MS);
    try {
      return await signIn(signer, owner);
    } catch (error) {
      // Stored or not: the row tells, and the lease is ours still where it was not.
      if (error instanceof CommitUnknown) return "lost";
      await storeFailure(database, identity, owner, null).catch(() => {});
      throw error;
    } finally {
      clearInterval(renewal);
    }
  };
}
