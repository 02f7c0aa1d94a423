import { LRUCache } from "lru-cache";
import type { Changes } from "./changes.ts";

/** Rows in memory, for as long as this process hears of changes. */
export interface Cache<T> {
  /** What is in memory, if it may be trusted: no promise, no query. */
  peek(key: string): T | undefined;
  /** From memory, else loaded; one load at a time per key. */
  get(key: string): Promise<T>;
}

/**
 * A cache that changes empty: the announcement of `<topic>:<key>` makes the value of `key` stale.
 * While changes are not heard, nothing is kept and every `get` loads.
 */
export function createCache<T extends object>(options: {
  topic: string;
  /** Values kept at most; the least used go first. */
  max: number;
  changes: Changes;
  load(key: string): Promise<T>;
}): Cache<T> {
  const { changes, load } = options;
  const prefix = `${options.topic}:`;
  const values = new LRUCache<string, T>({ max: options.max });
  // Bounded by the requests under way.
  const loading = new Map<string, { promise: Promise<T>; isStale: boolean }>();

  const forget = (key: string): void => {
    values.delete(key);
    const pending = loading.get(key);
    if (pending !== undefined) pending.isStale = true;
    // A later call must not join a load that began before the change.
    loading.delete(key);
  };
  changes.subscribe((topic) => {
    if (topic === null) {
      values.clear();
      for (const key of [...loading.keys()]) forget(key);
    } else if (topic.startsWith(prefix)) {
      forget(topic.slice(prefix.length));
    }
  });

  const begin = (key: string): Promise<T> => {
    const entry = { promise: load(key), isStale: false };
    loading.set(key, entry);
    entry.promise
      .then((value) => {
        if (!entry.isStale && changes.isListening()) values.set(key, value);
      })
      .catch(() => {})
      .finally(() => {
        if (loading.get(key) === entry) loading.delete(key);
      });
    return entry.promise;
  };

  const peek = (key: string): T | undefined => (changes.isListening() ? values.get(key) : undefined);
  return { peek, get: async (key) => peek(key) ?? (await (loading.get(key)?.promise ?? begin(key))) };
}
