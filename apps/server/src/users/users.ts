import type { DatabaseAccess, Trx } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import { findOrInsertUser, type UserRow, updateUserMeta } from "./store.ts";

/** A connected user: an end user of the SaaS, known only by the `sub` of a user token. */
export interface User {
  readonly id: string;
  readonly projectId: string;
  readonly subject: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly isDisabled: boolean;
}

export interface Users {
  findOrCreate(trx: Trx, projectId: string, subject: string): Promise<User>;
  /** Replaces the metadata that the SaaS keeps with the user. At most 64 KB as JSON. */
  setMeta(user: User, meta: Record<string, unknown>): Promise<void>;
}

const LARGEST_META = 65_536;

export function createUsers(database: DatabaseAccess): Users {
  return {
    findOrCreate: async (trx, projectId, subject) => read(await findOrInsertUser(trx, projectId, subject)),
    setMeta: async (user, meta) => {
      if (JSON.stringify(meta).length > LARGEST_META)
        throw easelError("request_too_large", { limit: "64 KB of metadata" });
      await updateUserMeta(database, user, meta);
    },
  };
}

function read(row: UserRow): User {
  return {
    id: row.id,
    projectId: row.project_id,
    subject: row.subject,
    meta: row.meta,
    isDisabled: row.disabled_at !== null,
  };
}
