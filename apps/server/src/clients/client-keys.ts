import { createHash, randomBytes, randomUUID } from "node:crypto";
import { findProjectCredential } from "../credentials/listing.ts";
import { createCache } from "../database/cache.ts";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import {
  type ClientKeyRow,
  countClientKeys,
  deleteOldKeys,
  findClientKey,
  insertClientKey,
  listClientKeys,
  revokeClientKey,
} from "./store.ts";
import { createUseCounter, type UseCounter } from "./uses.ts";

/** A key that a machine signs in with, for one credential. It is made by members, not by connected users: see docs/clients.md. */
export interface ClientKey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** A key that is neither revoked nor over, with whose it is. */
export interface LiveKey {
  readonly id: string;
  /** SHA-256, hex. */
  readonly hash: string;
  readonly projectId: string;
  readonly credentialId: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
}

export interface ClientKeys {
  /** The key itself is given back here only. Throws `not_found` where the project has no such credential. */
  create(credential: Owner, name: string, expiresAt: Date | null): Promise<{ id: string; key: string }>;
  /** Throws `not_found`. */
  list(credential: Owner): Promise<readonly ClientKey[]>;
  /** Ends its sessions too, in every process within a second. */
  revoke(credential: Owner, keyId: string): Promise<boolean>;
  /** From memory only. */
  peek(hash: string): LiveKey | undefined;
  /** Throws `client_key_unknown`. */
  live(hash: string): Promise<LiveKey>;
  /** Counts a use. */
  readonly uses: UseCounter;
  /** Removes those that have been over for long. */
  prune(): Promise<void>;
}

export interface Owner {
  readonly projectId: string;
  readonly credentialId: string;
}

/** Marks a key as one of ours, for people and for secret scanners. */
const PREFIX = "easel_client_";
/** In use, of one credential: a key for each machine, and no heap that nobody looks through. */
const MOST_KEYS = 100;
/** Shown at most, with those that are over; the newest. */
const MOST_SHOWN = 500;
/** A key that is over is shown for so long. */
const SHOWN_MS = 90 * 24 * 3_600_000;
const PRUNED_AT_ONCE = 1000;
/** Keys in use kept in memory at most. */
const KEPT = 20_000;

export function createClientKeys(parts: {
  database: DatabaseAccess;
  changes: Changes;
  clock: () => number;
}): ClientKeys {
  const { database, clock } = parts;
  const cache = createCache<LiveKey>({
    topic: "client-key",
    max: KEPT,
    changes: parts.changes,
    load: async (hash) => {
      const row = await findClientKey(database, Buffer.from(hash, "hex"));
      // Thrown, so not kept: made-up keys must not push real ones out of memory.
      if (row === undefined) throw easelError("client_key_unknown");
      const { id, project_id: projectId, credential_id: credentialId, subject, expires_at } = row;
      return { id, hash, projectId, credentialId, subject, expiresAt: expires_at?.getTime() ?? null };
    },
  });
  const isOver = ({ expiresAt }: LiveKey): boolean => expiresAt !== null && expiresAt <= clock();

  const mustExist = async ({ projectId, credentialId }: Owner): Promise<void> => {
    if ((await findProjectCredential(database, projectId, credentialId)) === undefined) throw easelError("not_found");
  };

  return {
    create: async (owner, name, expiresAt) => {
      await mustExist(owner);
      if ((await countClientKeys(database, owner, new Date(clock()))) >= MOST_KEYS)
        throw easelError("client_keys_too_many", { most: String(MOST_KEYS) });
      const id = randomUUID();
      const key = PREFIX + randomBytes(32).toString("base64url");
      await insertClientKey(database, {
        id,
        project_id: owner.projectId,
        credential_id: owner.credentialId,
        name,
        hash: Buffer.from(hashOf(key), "hex"),
        expires_at: expiresAt,
      });
      return { id, key };
    },
    list: async (owner) => {
      await mustExist(owner);
      return (await listClientKeys(database, owner.projectId, owner.credentialId, MOST_SHOWN)).map(read);
    },
    revoke: (owner, id) => revokeClientKey(database, { ...owner, id }),
    peek: (hash) => {
      const key = cache.peek(hash);
      return key === undefined || isOver(key) ? undefined : key;
    },
    live: async (hash) => {
      const key = await cache.get(hash);
      if (isOver(key)) throw easelError("client_key_unknown");
      return key;
    },
    uses: createUseCounter(database, "client_keys"),
    prune: async () => {
      const overSince = new Date(clock() - SHOWN_MS);
      while (await deleteOldKeys(database, { overSince, most: PRUNED_AT_ONCE })) {
        // The next piece.
      }
    },
  };
}

/** Is this a client key, and no user token and no session's? */
export function isClientKey(secret: string): boolean {
  return secret.startsWith(PREFIX);
}

/** 256 random bits need no slow hash. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function read(row: ClientKeyRow): ClientKey {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}
