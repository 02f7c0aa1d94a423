import { randomUUID } from "node:crypto";
import type { Problem, SessionGrant } from "@easel/connector";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { Vault } from "../vault/vault.ts";
import { tendIdle } from "./idle.ts";
import { createLifetimes } from "./lifetimes.ts";
import { createSessionMemory } from "./memory.ts";
import { createRenewals } from "./renewal.ts";
import type { AcquireResult, Session, Signer } from "./session.ts";
import { createSignInUnderLease } from "./sign-in.ts";
import {
  contestedAmong,
  dropSession,
  readSession,
  removeSession,
  type SessionRow,
  settleContests,
  takeLease,
} from "./store.ts";

export type { AcquireResult, Session, Signer } from "./session.ts";

export interface Sessions {
  /** From memory only: no promise, no query. Where the session is near its end, its renewal begins in the background. */
  peek(signer: Signer): Session | undefined;
  /** From memory, from the database, or by signing in once for everyone. */
  acquire(signer: Signer): Promise<AcquireResult>;
  /**
   * The session goes out with a body that cannot be sent twice: it is not renewed before `sent` is called, where that
   * would end it. Call `settled` before, where `leavingUntil` is ahead.
   */
  hold(session: Session): { sent(): void };
  settled(session: Session): Promise<void>;
  /** Tableau said that this very session is gone. Sessions that came after it are left alone. */
  drop(session: Session, how: { readonly isExclusive: boolean; readonly isCertain: boolean }): Promise<void>;
  contestedAmong(identities: readonly string[]): Promise<ReadonlySet<string>>;
  /** Sessions in memory, and those that calls wait for. */
  counts(): { readonly live: number; readonly awaited: number };
  /** Ends it for good; gives back the grant, for a sign-out. */
  remove(identity: string): Promise<SessionGrant | null>;
  /** Lets go of what nobody uses. */
  tendIdle(): Promise<void>;
  /** Ends contests that have been quiet for long enough. */
  tendContests(): Promise<void>;
  close(): Promise<void>;
}

/** Who has to be told that a secret is used somewhere else, or no longer: in the transaction that finds it. */
export interface ContestListener {
  began(trx: Trx, identities: readonly string[]): Promise<void>;
  settled(trx: Trx, identities: readonly string[]): Promise<void>;
}

/** How long a call waits for a sign-in that another process does: its 15 s, and a lease that ran out in between. */
const PATIENCE_MS = 25_000;
/** Waiters look themselves in case the announcement was missed. */
const LOOK_EVERY_MS = 250;
/** Contests settled by one transaction at most. */
const SETTLED_AT_ONCE = 100;

export function createSessions(parts: {
  database: DatabaseAccess;
  changes: Changes;
  vault: Vault;
  contests: ContestListener;
  clock: () => number;
  onError: (error: unknown) => void;
}): Sessions {
  const { database, changes, contests, clock, onError } = parts;
  const memory = createSessionMemory(parts.vault, clock);
  const lifetimes = createLifetimes(database, clock, onError);
  const signInUnderLease = createSignInUnderLease({ database, memory, lifetimes, clock });
  const renewals = createRenewals({ database, changes, signInUnderLease, clock, onError });
  // Bounded by the calls under way: one entry per identity that is being acquired.
  const acquiring = new Map<string, Promise<AcquireResult>>();

  changes.subscribe((topic) => {
    // Sessions survive a lost listener: a stale one shows itself by its first 401.
    if (topic?.startsWith("session:") === true) {
      const held = memory.get(topic.slice("session:".length));
      if (held !== undefined) void refresh(held);
    }
  });

  /** Another process dropped it, renews it or has renewed it: what is in memory follows the database, and no call waits. */
  const refresh = async (held: Session): Promise<void> => {
    try {
      const row = await readSession(database, held.identity);
      const current = row && (await open(held.identity, row));
      if (current === held) renewals.heard(held, row?.isLeased === true);
      else memory.forget(held);
    } catch {
      // A database that is away takes no session away: a dead one shows itself by its first 401.
    }
  };

  const peek = (signer: Signer): Session | undefined => {
    const session = memory.get(signer.identity);
    if (session === undefined) return undefined;
    const now = clock();
    // The one question of the warm path: what is not due for renewal has not ended, either.
    if (now < session.renewAt) return session;
    if (now >= session.usableUntil) return undefined;
    renewals.begin(signer, session);
    return session;
  };

  const open = async (identity: string, row: SessionRow): Promise<Session | undefined> => {
    const session = memory.open(identity, row);
    if (session !== "unreadable") return session;
    await dropSession(database, { identity, generation: row.generation, isExclusive: false }, contests.began);
    return undefined;
  };

  const acquireOnce = async (signer: Signer): Promise<AcquireResult> => {
    const { identity } = signer;
    const owner = randomUUID();
    const started = performance.now();
    for (;;) {
      const waitedMs = performance.now() - started;
      const row = await readSession(database, identity);
      const session = row && (await open(identity, row));
      if (session !== undefined) return { kind: "session", session, isNew: false };
      const failure = row?.failure ?? null;
      // A sign-in that ended after this call came would have ended the same for it.
      if (failure !== null && row?.failedAgoMs != null && row.failedAgoMs < waitedMs) return asResult(failure);
      if (waitedMs > PATIENCE_MS) return { kind: "busy" };
      const lease = await takeLease(database, identity, row?.generation ?? 0, owner);
      if (lease.kind === "contested") return { kind: "contested" };
      if (lease.kind === "held") {
        await changes.waitFor(`session:${identity}`, LOOK_EVERY_MS);
        continue;
      }
      const result = await signInUnderLease(signer, owner);
      if (result !== "lost") return result;
    }
  };

  return {
    peek,
    acquire: async (signer) => {
      const known = peek(signer);
      if (known !== undefined) return { kind: "session", session: known, isNew: false };
      const pending = acquiring.get(signer.identity);
      if (pending !== undefined) return pending;
      const promise = acquireOnce(signer).finally(() => {
        if (acquiring.get(signer.identity) === promise) acquiring.delete(signer.identity);
      });
      acquiring.set(signer.identity, promise);
      return promise;
    },
    hold: renewals.hold,
    settled: async (session) => {
      await renewals.settled(session);
      // Whoever was about to renew it may have died: its lease tells.
      await refresh(session);
    },
    drop: async ({ identity, generation, provenAt }, { isExclusive, isCertain }) => {
      const unusedMs = provenAt === 0 ? Number.POSITIVE_INFINITY : clock() - provenAt;
      memory.bury(identity, generation);
      const dropping = dropSession(database, { identity, generation, isExclusive }, contests.began);
      const death = await dropping.catch((error: unknown) => {
        memory.exhume(identity);
        throw error;
      });
      if (death === null) return;
      // What is being acquired may have read the session before it was dropped.
      acquiring.delete(identity);
      // Why it was ended is known, or it may not have been ended at all: nothing to learn.
      if (death.isContested || !isCertain) return;
      lifetimes.observe({ ...death, identity, isExclusive, idleMs: Math.min(death.idleMs, unusedMs) });
    },
    counts: () => ({ live: memory.size(), awaited: acquiring.size }),
    contestedAmong: (identities) => contestedAmong(database, identities),
    remove: async (identity) => {
      const held = memory.get(identity);
      if (held !== undefined) memory.forget(held);
      const sealed = await removeSession(database, identity);
      return sealed === null ? null : memory.unseal(identity, sealed);
    },
    tendIdle: () => tendIdle(database, memory, clock()),
    tendContests: () => settleContests(database, SETTLED_AT_ONCE, contests.settled),
    close: renewals.close,
  };
}

function asResult(failure: NonNullable<SessionRow["failure"]>): AcquireResult {
  const problem: Problem = { code: failure.code, params: failure.params };
  if (failure.concerns === "person" || failure.concerns === "app")
    return { kind: "refused", concerns: failure.concerns, problem };
  return { kind: "failed", problem };
}
