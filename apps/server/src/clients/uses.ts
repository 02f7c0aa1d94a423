import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { recordUses } from "./store.ts";

/** When keys and sessions were last used: counted in memory, and written now and then. */
export interface UseCounter {
  /** @param hash SHA-256, hex */
  count(hash: string, at: number): void;
  write(): Promise<void>;
}

/** Remembered between two writes; of more, the ones that were used longest ago are not told. */
const KEPT = 20_000;
/** Written by one statement at most. */
const AT_ONCE = 5000;

export function createUseCounter(database: DatabaseAccess, table: "client_keys" | "client_sessions"): UseCounter {
  const used = new LRUCache<string, number>({ max: KEPT });
  return {
    count: (hash, at) => void used.set(hash, at),
    write: async () => {
      while (used.size > 0) {
        const batch = new Map([...used.entries()].slice(0, AT_ONCE));
        // Taken out first: what is used while it is written is told by the next write.
        for (const hash of batch.keys()) used.delete(hash);
        await recordUses(database, table, batch);
      }
    },
  };
}
