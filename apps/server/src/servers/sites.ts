import type { Connector, SessionGrant } from "@easel/connector";
import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import type { Egress } from "../egress/egress.ts";
import { renameSite, takeSite } from "./sites-store.ts";

/**
 * Follows sites that are renamed. A sign-in names its site by the content URL, which an administrator may change; what
 * stays is the site's id, and a session that lives can be asked what the site of this id is called now. So the answer
 * comes from the very server and the very site that the credential, or the trust, belongs to, and a trust may follow too:
 * it signs for the same site at the same origin, under its new name.
 */
export interface Sites {
  /** A sign-in worked: its session can be asked. */
  signedIn(signIn: SignIn, session: SessionGrant): void;
  /** A sign-in was refused: the site's new content URL, where it has one; it is written down then. */
  renamed(site: { readonly serverUrl: string; readonly siteId: string; readonly from: string }): Promise<string | null>;
  /** Asks the sites that were not asked within the hour, by one process each. */
  askDue(): Promise<void>;
}

interface SignIn {
  readonly serverUrl: string;
  readonly site: string;
  readonly method: string;
  readonly scopes: readonly string[];
}

/** Sites kept in memory at most, each with the latest session that this process signed in to. */
const KEPT = 5000;
/** How often each process looks for sites that are due. */
export const LOOK_FOR_SITES_MS = 600_000;
/** Well below the shortest life of a session: a rename is learnt while the last session of the old name still lives. */
const ASK_AFTER_MS = 3_600_000;
/** One site's refused sign-ins ask no more often. */
const ASK_AGAIN_MS = 30_000;
const ASK_MS = 5000;
/** Asked one after the other in one go, so that a round ends. */
const BATCH = 100;

interface Held {
  readonly signIn: SignIn;
  readonly session: SessionGrant;
  readonly signedInAt: number;
  askedAt: number;
}

export function createSites(parts: {
  database: DatabaseAccess;
  connector: Connector;
  egress: Egress;
  clock: () => number;
}): Sites {
  const { database, connector, clock } = parts;
  const send = parts.egress.send(ASK_MS);
  const held = new LRUCache<string, Held>({ max: KEPT });

  const ask = async (entry: Held, from: string): Promise<string | null> => {
    entry.askedAt = clock();
    const to = await connector.siteName(entry.session, entry.signIn, send);
    if (to === null || to === from) return null;
    const { serverUrl } = entry.signIn;
    await renameSite(database, { serverUrl, siteId: entry.session.siteId, from, to });
    return to;
  };

  return {
    signedIn: (signIn, session) => {
      const { site, method, scopes } = signIn;
      // Where the sign-in was sent on to another pod, the credential follows there.
      const { serverUrl } = session;
      held.set(keyOf(serverUrl, session.siteId), {
        signIn: { serverUrl, site, method, scopes },
        session,
        signedInAt: clock(),
        askedAt: Number.NEGATIVE_INFINITY,
      });
    },
    renamed: async ({ serverUrl, siteId, from }) => {
      const entry = held.get(keyOf(serverUrl, siteId));
      if (entry === undefined || clock() - entry.askedAt < ASK_AGAIN_MS) return null;
      return ask(entry, from);
    },
    askDue: async () => {
      const now = clock();
      const isDue = ({ signedInAt, session, askedAt }: Held): boolean =>
        now - askedAt > ASK_AFTER_MS && now - signedInAt < session.lifetimeMs;
      const due = [...held.values()].filter(isDue).slice(0, BATCH);
      for (const entry of due) {
        const { serverUrl, site } = entry.signIn;
        if (await takeSite(database, { serverUrl, siteId: entry.session.siteId })) await ask(entry, site);
        else entry.askedAt = now;
      }
    },
  };
}

function keyOf(serverUrl: string, siteId: string): string {
  return `${serverUrl} ${siteId}`;
}
