import type { SessionGrant } from "@easel/connector";
import { LRUCache } from "lru-cache";
import { type Vault, VaultError } from "../vault/vault.ts";
import type { Session } from "./session.ts";
import type { SessionRow } from "./store.ts";

/** The sessions of this process, and how they are sealed for the others. */
export interface SessionMemory {
  /** Without a look at its age. */
  get(identity: string): Session | undefined;
  all(): Iterable<Session>;
  size(): number;
  /** Keeps a session, unless a newer one is there; gives back the one that counts. */
  keep(session: Session): Session;
  /** Takes exactly this session out. */
  forget(session: Session): void;
  /** Tableau said that it is gone: a read that began before must not bring it back. */
  bury(identity: string, generation: number): void;
  /** It could not be written that it is gone. */
  exhume(identity: string): void;
  /** What a row holds, kept; undefined where that is gone, and `unreadable` where its key has left the ring. */
  open(identity: string, row: SessionRow): Session | "unreadable" | undefined;
  seal(identity: string, grant: SiteGrant): Buffer;
  unseal(identity: string, sealed: Buffer): SiteGrant | null;
}

/** What is sealed. */
export type SiteGrant = SessionGrant & { readonly site: string };

/** Sessions kept at most: 50,000 take 30 MB (measured, with tokens as long as Tableau's). */
const KEPT = 50_000;

export function createSessionMemory(vault: Vault, clock: () => number): SessionMemory {
  const live = new LRUCache<string, Session>({ max: KEPT });
  const buried = new LRUCache<string, number>({ max: KEPT });

  const keep = (session: Session): Session => {
    const held = live.get(session.identity);
    if (held !== undefined && held.generation >= session.generation) return held;
    live.set(session.identity, session);
    return session;
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

  return {
    get: (identity) => live.get(identity),
    all: () => live.values(),
    size: () => live.size,
    keep,
    forget: (session) => {
      if (live.get(session.identity) === session) live.delete(session.identity);
    },
    bury: (identity, generation) => {
      if (live.get(identity)?.generation === generation) live.delete(identity);
      buried.set(identity, Math.max(generation, buried.get(identity) ?? 0));
    },
    exhume: (identity) => void buried.delete(identity),
    open: (identity, row) => {
      if (row.sealed === null || row.remainingMs === null || row.remainingMs <= 0) return undefined;
      if (row.generation <= (buried.get(identity) ?? 0)) return undefined;
      const held = live.get(identity);
      if (held?.generation === row.generation && held.usableUntil > clock()) return held;
      const grant = unseal(identity, row.sealed);
      if (grant === null) return "unreadable";
      const now = clock();
      return keep({
        ...grant,
        identity,
        generation: row.generation,
        usableUntil: now + row.remainingMs,
        renewAt: now + Math.min(row.remainingMs, row.renewInMs ?? row.remainingMs),
        provenAt: 0,
        keptAt: now,
        toldUsedAt: now,
        streams: 0,
        leavingUntil: 0,
      });
    },
    seal: (identity, grant) => vault.seal(JSON.stringify(grant), contextOf(identity)),
    unseal,
  };
}

function contextOf(identity: string): string {
  return `session:${identity}`;
}
