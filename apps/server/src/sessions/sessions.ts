import { randomUUID } from "node:crypto";
import type { Problem, SessionGrant, SignInResult } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { Changes } from "../database/changes.ts";
import { CommitUnknown } from "../database/connection-failure.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { type Vault, VaultError } from "../vault/vault.ts";
import {
  contestedAmong,
  dropSession,
  readSession,
  removeSession,
  renewLease,
  type SessionRow,
  storeFailure,
  storeSession,
  takeLease,
} from "./store.ts";

/** A live sign-in, shared by everything in every process that uses the same sign-in identity. */
export interface Session extends SessionGrant {
  readonly identity: string;
  /** Grows with every sign-in: what failed with an older one says nothing about this one. */
  readonly generation: number;
  /** That it was signed in to: an exclusive secret has one session, whichever site its signer meant. */
  readonly site: string;
  /** Milliseconds since 1970, by this process's clock. */
  readonly usableUntil: number;
  /** When an answer last proved it alive, likewise. */
  provenAt: number;
}

/** Who signs in, and how. */
export interface Signer {
  /** An HMAC of everything secret (design: "The main path", step 4). */
  readonly identity: string;
  /** One live session in the world per secret, as with a personal access token. */
  readonly isExclusive: boolean;
  readonly site: string;
  signIn(): Promise<SignInResult>;
}

export type AcquireResult =
  | { readonly kind: "session"; readonly session: Session; readonly isNew: boolean }
  | { readonly kind: "refused"; readonly concerns: "person" | "app"; readonly problem: Problem }
  | { readonly kind: "failed"; readonly problem: Problem }
  /** The secret is used somewhere else, and its sign-ins are rationed. */
  | { readonly kind: "contested" }
  /** Another process holds the sign-in and did not finish in time. */
  | { readonly kind: "busy" };

export interface Sessions {
  /** From memory only: no promise, no query. */
  peek(identity: string): Session | undefined;
  /** From memory, from the database, or by signing in once for everyone. */
  acquire(signer: Signer): Promise<AcquireResult>;
  /** Tableau said that this very session is gone. Sessions that came after it are left alone. */
  drop(session: Session, isExclusive: boolean): Promise<void>;
  contestedAmong(identities: readonly string[]): Promise<ReadonlySet<string>>;
  /** Ends it for good; gives back the grant, for a sign-out. */
  remove(identity: string): Promise<SessionGrant | null>;
}

/** Sessions kept in memory at most. */
const KEPT = 50_000;
const RENEW_LEASE_EVERY_MS = 1500;
/** How long a call waits for a sign-in that another process does: its 15 s, and a lease that ran out in between. */
const PATIENCE_MS = 25_000;
/** Waiters look themselves in case the announcement was missed. */
const LOOK_EVERY_MS = 250;
/** A session so close to its end is not begun with: the call could outlive it. */
const MARGIN_MS = 30_000;

export function createSessions(parts: {
  database: DatabaseAccess;
  changes: Changes;
  vault: Vault;
  clock: () => number;
}): Sessions {
  const { database, changes, vault, clock } = parts;
  const live = new LRUCache<string, Session>({ max: KEPT });
  // The last generation that was dropped here: a read that began before must not bring it back.
  const dropped = new LRUCache<string, number>({ max: KEPT });
  // Bounded by the calls under way: one entry per identity that is being acquired.
  const acquiring = new Map<string, Promise<AcquireResult>>();

  changes.subscribe((topic) => {
    // Sessions survive a lost listener: a stale one shows itself by its first 401.
    if (topic?.startsWith("session:") === true) {
      const identity = topic.slice("session:".length);
      const held = live.get(identity);
      if (held !== undefined) void refresh(held);
    }
  });

  /** Another process dropped or renewed it: keep what we have only if it is still the one in the database. */
  const refresh = async (held: Session): Promise<void> => {
    let row: SessionRow | undefined;
    try {
      row = await readSession(database, held.identity);
    } catch {
      // A database that is away takes no session away: a dead one shows itself by its first 401.
      return;
    }
    if (row?.generation === held.generation && row.sealed !== null) return;
    if (live.get(held.identity) === held) live.delete(held.identity);
  };

  const peek = (identity: string): Session | undefined => {
    const session = live.get(identity);
    return session !== undefined && session.usableUntil > clock() ? session : undefined;
  };

  const keep = (session: Session): Session => {
    const held = live.get(session.identity);
    if (held !== undefined && held.generation >= session.generation) return held;
    live.set(session.identity, session);
    return session;
  };

  const open = async (identity: string, row: SessionRow): Promise<Session | undefined> => {
    if (row.sealed === null || row.remainingMs === null || row.remainingMs <= 0) return undefined;
    if (row.generation <= (dropped.get(identity) ?? 0)) return undefined;
    const grant = unseal(identity, row.sealed);
    if (grant === null) {
      await dropSession(database, identity, row.generation, false);
      return undefined;
    }
    return keep({
      ...grant,
      identity,
      generation: row.generation,
      usableUntil: clock() + row.remainingMs,
      provenAt: 0,
    });
  };

  /** Null where its key has left the ring: a session is worth no more than a sign-in. */
  const unseal = (identity: string, sealed: Buffer): SiteGrant | null => {
    try {
      return JSON.parse(vault.open(sealed, contextOf(identity)).toString());
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  };

  const signInUnderLease = async (signer: Signer, owner: string): Promise<AcquireResult | "lost"> => {
    const { identity } = signer;
    const renewal = setInterval(() => void renewLease(database, identity, owner).catch(() => {}), RENEW_LEASE_EVERY_MS);
    try {
      const result = await signer.signIn();
      if (result.kind !== "signedIn") {
        const concerns = result.kind === "refused" ? result.concerns : "";
        const { code, params } = result.problem;
        await storeFailure(database, identity, owner, { code, params: { ...params }, concerns });
        return result;
      }
      const grant: SiteGrant = { ...result.session, site: signer.site };
      const usableMs = grant.lifetimeMs - MARGIN_MS;
      const generation = await storeSession(database, {
        identity,
        owner,
        sealed: vault.seal(JSON.stringify(grant), contextOf(identity)),
        usableMs,
      });
      if (generation === null) return "lost";
      const now = clock();
      const session = keep({ ...grant, identity, generation, usableUntil: now + usableMs, provenAt: now });
      return { kind: "session", session, isNew: true };
    } catch (error) {
      // Stored or not: the row tells, and the lease is ours still where it was not.
      if (error instanceof CommitUnknown) return "lost";
      await storeFailure(database, identity, owner, null).catch(() => {});
      throw error;
    } finally {
      clearInterval(renewal);
    }
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
      const known = peek(signer.identity);
      if (known !== undefined) return { kind: "session", session: known, isNew: false };
      const pending = acquiring.get(signer.identity);
      if (pending !== undefined) return pending;
      const promise = acquireOnce(signer).finally(() => {
        if (acquiring.get(signer.identity) === promise) acquiring.delete(signer.identity);
      });
      acquiring.set(signer.identity, promise);
      return promise;
    },
    drop: async ({ identity, generation }, isExclusive) => {
      if (live.get(identity)?.generation === generation) live.delete(identity);
      dropped.set(identity, Math.max(generation, dropped.get(identity) ?? 0));
      const wasThere = await dropSession(database, identity, generation, isExclusive).catch((error: unknown) => {
        dropped.delete(identity);
        throw error;
      });
      // What is being acquired may have read the session before it was dropped.
      if (wasThere) acquiring.delete(identity);
    },
    contestedAmong: (identities) => contestedAmong(database, identities),
    remove: async (identity) => {
      live.delete(identity);
      const sealed = await removeSession(database, identity);
      if (sealed === null) return null;
      return unseal(identity, sealed);
    },
  };
}

/** What is sealed. */
type SiteGrant = SessionGrant & { readonly site: string };

function contextOf(identity: string): string {
  return `session:${identity}`;
}

function asResult(failure: NonNullable<SessionRow["failure"]>): AcquireResult {
  const problem: Problem = { code: failure.code, params: failure.params };
  if (failure.concerns === "person" || failure.concerns === "app")
    return { kind: "refused", concerns: failure.concerns, problem };
  return { kind: "failed", problem };
}
