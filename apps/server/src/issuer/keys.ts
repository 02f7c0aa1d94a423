import { generateKeyPair, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import type { ProjectVaults } from "../projects/data-keys.ts";
import {
  deleteEndedIssuerKeys,
  type IssuerKeyRow,
  insertIssuerKey,
  listIssuerKeys,
  lockIssuer,
  projectsThatNeedKeys,
} from "./store.ts";

/** The keys with which Easel signs as the external authorization server of its projects' Tableau sites. */
export interface IssuerKeys {
  /** What signs now. */
  signing(projectId: string): Promise<SigningKey>;
  /** Everything that a signature may be checked with, as JWKs: also the key that signs next, and those that have signed. */
  published(projectId: string): Promise<readonly object[]>;
  /** Makes the next keys where they are due, and forgets what is over. */
  tend(): Promise<void>;
}

export interface SigningKey {
  readonly keyId: string;
  /** PKCS8, PEM. */
  readonly privateKey: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A key signs for so long. */
const SIGNS_FOR_MS = 30 * DAY_MS;
/** inferred: Tableau does not say how long it keeps an issuer's keys. The next one is published a week ahead of use. */
export const AHEAD_MS = 7 * DAY_MS;
/** A JWT is good for five minutes; the key stays published for longer than any clock is wrong. */
const PUBLISHED_AFTER_MS = DAY_MS;
/** A process looks again after so long: short beside a week, and the address is public. */
const LOOK_AGAIN_MS = 60_000;
/** Projects whose keys are kept in memory at most. */
const KEPT = 1000;
/** Projects that one round gives a key at most. */
const AT_ONCE = 100;

interface Keys {
  readonly signing: SigningKey;
  readonly published: readonly object[];
  readonly lookAgainAt: number;
}

export function createIssuerKeys(parts: {
  database: DatabaseAccess;
  vaults: ProjectVaults;
  clock: () => number;
}): IssuerKeys {
  const { database, vaults, clock } = parts;
  const kept = new LRUCache<string, Keys>({ max: KEPT });
  // Whoever asks joins who is looking: a pair takes a core some tenths of a second. Bounded by the requests under way.
  const looking = new Map<string, Promise<Keys>>();

  const read = (projectId: string): Promise<IssuerKeyRow[]> =>
    database.inProject(projectId, (trx) => listIssuerKeys(trx, projectId, new Date(clock())), { isRepeatable: true });

  /** Once more under the lock: another process may have made it while this one made the pair. */
  const makeNext = async (projectId: string): Promise<IssuerKeyRow[]> => {
    const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const id = randomUUID();
    const privateKey = (await vaults(projectId)).seal(
      pair.privateKey.export({ type: "pkcs8", format: "pem" }),
      contextOf(id),
    );
    return database.inProject(projectId, async (trx) => {
      await lockIssuer(trx, projectId);
      const now = clock();
      const rows = await listIssuerKeys(trx, projectId, new Date(now));
      const from = nextFrom(rows, now);
      if (from === null) return rows;
      await insertIssuerKey(trx, {
        id,
        project_id: projectId,
        public_jwk: JSON.stringify(pair.publicKey.export({ format: "jwk" })),
        private_key: privateKey,
        signs_from: new Date(from),
        signs_until: new Date(from + SIGNS_FOR_MS),
        published_until: new Date(from + SIGNS_FOR_MS + PUBLISHED_AFTER_MS),
      });
      return listIssuerKeys(trx, projectId, new Date(now));
    });
  };

  const find = async (projectId: string): Promise<Keys> => {
    const known = kept.get(projectId);
    if (known !== undefined && clock() < known.lookAgainAt) return known;
    const joined = looking.get(projectId);
    if (joined !== undefined) return joined;
    const found = look(projectId).finally(() => looking.delete(projectId));
    looking.set(projectId, found);
    return found;
  };

  const look = async (projectId: string): Promise<Keys> => {
    const now = clock();
    const there = await read(projectId);
    const rows = nextFrom(there, now) === null ? there : await makeNext(projectId);
    // The first key of all may be of a process whose clock is a little ahead.
    const signing = rows.findLast((row) => row.signs_from.getTime() <= now) ?? rows[0];
    if (signing === undefined) throw new Error("An issuer has no key that signs.");
    const keys = {
      signing: {
        keyId: signing.id,
        privateKey: (await vaults(projectId)).open(signing.private_key, contextOf(signing.id)).toString(),
      },
      published: rows.map(({ id: kid, public_jwk: jwk }) => ({ ...jwk, kid, alg: "RS256", use: "sig" })),
      lookAgainAt: Math.min(now + LOOK_AGAIN_MS, signing.signs_until.getTime()),
    };
    kept.set(projectId, keys);
    return keys;
  };

  return {
    signing: async (projectId) => (await find(projectId)).signing,
    published: async (projectId) => (await find(projectId)).published,
    tend: async () => {
      const now = clock();
      for (const projectId of await projectsThatNeedKeys(database, new Date(now + AHEAD_MS), AT_ONCE)) {
        await find(projectId);
      }
      await deleteEndedIssuerKeys(database, new Date(now));
    },
  };
}

/** From when a key that is missing would sign, in ms; null where none is missing. */
function nextFrom(rows: readonly IssuerKeyRow[], now: number): number | null {
  const last = rows.at(-1)?.signs_until.getTime() ?? 0;
  return last - now > AHEAD_MS ? null : Math.max(last, now);
}

function contextOf(id: string): string {
  return `issuer-key:${id}`;
}
