import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { openDataKey } from "../vault/data-key.ts";
import type { Vault } from "../vault/vault.ts";

/** The vault of one project: its data key, unwrapped. Deleting the project deletes the key, and with it every secret. */
export type ProjectVaults = (projectId: string) => Promise<Vault>;

/** Unwrapped data keys kept in memory at most. */
const KEPT = 1000;

export function createProjectVaults(database: DatabaseAccess, instanceVault: Vault): ProjectVaults {
  const opened = new LRUCache<string, Vault>({ max: KEPT });
  return async (projectId) => {
    const known = opened.get(projectId);
    if (known !== undefined) return known;
    const { data_key } = await database.retrying((db) =>
      db.selectFrom("projects").select("data_key").where("id", "=", projectId).executeTakeFirstOrThrow(),
    );
    const vault = openDataKey(instanceVault, projectId, data_key);
    opened.set(projectId, vault);
    return vault;
  };
}
