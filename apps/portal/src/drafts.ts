/** Remembers the address that somebody was connecting to, so that a reload or a closed card does not ask for it again. */
export interface Drafts {
  read(who: string): string | null;
  keep(who: string, address: string): void;
}

/** Longer ones are not addresses that anyone pasted on purpose. */
const MAX_LENGTH = 2048;

/**
 * Keeps one address per person in the tab's own storage; never anything secret. A browser may refuse storage to an
 * iframe, or throw at its mere mention: then nothing is remembered.
 */
export function createDrafts(storage: () => Pick<Storage, "getItem" | "setItem">): Drafts {
  const key = (who: string) => `easel address ${who}`;
  return {
    read(who) {
      try {
        return storage().getItem(key(who));
      } catch {
        return null;
      }
    },
    keep(who, address) {
      if (address.length > MAX_LENGTH) return;
      try {
        storage().setItem(key(who), address);
      } catch {
        // Nothing depends on it.
      }
    },
  };
}
