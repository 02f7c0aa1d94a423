/** Remembers the address that somebody was connecting to, so that a reload or a closed card does not ask for it again. */
export interface Drafts {
  read(who: string): string | null;
  keep(who: string, address: string): void;
}

/** Longer ones are not addresses that anyone pasted on purpose. */
const MAX_LENGTH = 2048;

/**
 * Keeps one address per person in the tab's own storage; never anything secret. A browser may refuse storage to an
 * iframe, or throw at its mere mention (Chromium does for an iframe of another site where third-party cookies are
 * blocked): then the last address is remembered until the page is loaded again.
 */
export function createDrafts(storage: () => Pick<Storage, "getItem" | "setItem">): Drafts {
  const key = (who: string) => `easel address ${who}`;
  let last: { who: string; address: string } | null = null;
  return {
    read(who) {
      try {
        return storage().getItem(key(who));
      } catch {
        return last?.who === who ? last.address : null;
      }
    },
    keep(who, address) {
      if (address.length > MAX_LENGTH) return;
      last = { who, address };
      try {
        storage().setItem(key(who), address);
      } catch {
        // Nothing depends on it.
      }
    },
  };
}
