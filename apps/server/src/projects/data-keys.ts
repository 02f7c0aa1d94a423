import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { openDataKey, rewrapDataKey } from "../vault/data-key.ts";
import type { Vault } from "../vault/vault.ts";
import { findDataKey, listDataKeys, replaceDataKey } from "./store.ts";

/** The vault of one project: its data key, unwrapped. Deleting the project deletes the key, and with it every secret. */
export type ProjectVaults = (projectId: string) => Promise<Vault>;

/** Unwrapped data keys kept in memory at most. */
const KEPT = 1000;
const PAGE = 500;
const BEFORE_THE_FIRST = "00000000-0000-0000-0000-000000000000";

export function createProjectVaults(database: DatabaseAccess, instanceVault: Vault): ProjectVaults {
  const opened = new LRUCache<string, Vault>({ max: KEPT });
  return async (projectId) => {
    const known = opened.get(projectId);
    if (known !== undefined) return known;
    const vault = openDataKey(instanceVault, projectId, await findDataKey(database, projectId));
    opened.set(projectId, vault);
    return vault;
  };
}

/**
 * After a rotation: wraps every project's data key anew under the ring's first key, so that the older ones can go. What
 * the data keys seal is not touched. Where nothing was rotated it reads and writes nothing else.
 *
 * @returns how many were wrapped anew
 */
export async function rewrapDataKeys(database: DatabaseAccess, instanceVault: Vault): Promise<number> {
  let count = 0;
  for (let after = BEFORE_THE_FIRST; ; ) {
    const rows = await listDataKeys(database, { after, limit: PAGE });
    for (const { id, data_key: wrapped } of rows) {
      if (!instanceVault.needsReseal(wrapped)) continue;
      await replaceDataKey(database, id, wrapped, rewrapDataKey(instanceVault, id, wrapped));
      count += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.id;
  }
}
