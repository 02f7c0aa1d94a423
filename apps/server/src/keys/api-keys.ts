import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { DatabaseAccess, Trx } from "../database/database.ts";
import type { Role } from "../database/schema.ts";
import { easelError } from "../http/errors.ts";
import { findApiKey, insertApiKey, listApiKeys, revokeApiKey } from "./store.ts";

export interface ApiKey {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly role: Role;
}

export interface ApiKeys {
  /** The key itself is given back here only; the database holds its hash. */
  create(projectId: string, name: string, role: Role): Promise<{ id: string; key: string }>;
  /** The same, as a part of what the transaction does: both or neither. */
  createWithin(trx: Trx, projectId: string, name: string, role: Role): Promise<{ id: string; key: string }>;
  /** Throws `api_key_unknown`. Asked of the database each time: a revoked key is refused at once. */
  verify(key: string): Promise<ApiKey>;
  list(projectId: string): Promise<readonly (ApiKey & { createdAt: Date; revokedAt: Date | null })[]>;
  revoke(projectId: string, keyId: string): Promise<boolean>;
}

/** Marks a key as one of ours, for people and for secret scanners. */
const PREFIX = "easel_key_";

export function createApiKeys(database: DatabaseAccess): ApiKeys {
  const createWithin: ApiKeys["createWithin"] = async (trx, projectId, name, role) => {
    const id = randomUUID();
    const key = PREFIX + randomBytes(32).toString("base64url");
    await insertApiKey(trx, { id, projectId, name, role, hash: hash(key) });
    return { id, key };
  };
  return {
    create: (projectId, name, role) => database.inProject(projectId, (trx) => createWithin(trx, projectId, name, role)),
    createWithin,
    verify: async (key) => {
      const row = key.startsWith(PREFIX) && key.length < 100 ? await findApiKey(database, hash(key)) : undefined;
      if (row === undefined) throw easelError("api_key_unknown");
      return { id: row.id, projectId: row.project_id, name: row.name, role: row.role };
    },
    list: async (projectId) =>
      (await listApiKeys(database, projectId)).map((row) => ({
        id: row.id,
        projectId: row.project_id,
        name: row.name,
        role: row.role,
        createdAt: row.created_at,
        revokedAt: row.revoked_at,
      })),
    revoke: (projectId, keyId) => revokeApiKey(database, projectId, keyId),
  };
}

/** 256 random bits need no slow hash. */
function hash(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
