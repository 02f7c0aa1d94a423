import { LRUCache } from "lru-cache";
import type { DatabaseAccess } from "../database/database.ts";
import { findRejectedToken, type RejectedToken, upsertRejectedToken } from "./store.ts";

/** Each project's last rejected token, so that whoever signs tokens can see what is wrong with them. */
export interface RejectedTokens {
  /** Never waits, never fails: the answer does not depend on it, and a database that is away must not hide the reason. */
  record(projectId: string, token: RejectedToken): void;
  last(projectId: string): Promise<(RejectedToken & { rejectedAt: Date }) | undefined>;
}

/** A project's token is written at most this often, so that a flood of bad tokens costs no database. */
const WRITE_EVERY_MS = 1000;
/** Projects whose newest token is remembered at most; the oldest is forgotten unwritten. */
const KEPT = 1000;

interface Pending {
  newest: (RejectedToken & { rejectedAt: Date }) | null;
  writing: Promise<void>;
  timer: NodeJS.Timeout | null;
}

export function createRejectedTokens(database: DatabaseAccess, clock: () => number): RejectedTokens {
  const pending = new LRUCache<string, Pending>({
    max: KEPT,
    dispose: ({ timer }) => clearTimeout(timer ?? undefined),
  });

  /** Writes what is held; what comes while it writes waits its turn. */
  const write = (projectId: string, state: Pending): Promise<void> => {
    const { newest } = state;
    state.newest = null;
    if (newest === null) return state.writing;
    state.writing = state.writing
      .then(() => upsertRejectedToken(database, projectId, storable(newest)))
      .catch(() => {});
    return state.writing;
  };

  const writeAndRest = (projectId: string, state: Pending): void => {
    void write(projectId, state);
    state.timer = setTimeout(() => {
      state.timer = null;
      if (state.newest !== null) writeAndRest(projectId, state);
    }, WRITE_EVERY_MS).unref();
  };

  return {
    record: (projectId, token) => {
      const state = pending.get(projectId) ?? { newest: null, writing: Promise.resolve(), timer: null };
      state.newest = { ...token, rejectedAt: new Date(clock()) };
      if (!pending.has(projectId)) pending.set(projectId, state);
      if (state.timer === null) writeAndRest(projectId, state);
    },
    last: async (projectId) => {
      const state = pending.get(projectId);
      if (state !== undefined) await write(projectId, state);
      return findRejectedToken(database, projectId);
    },
  };
}

/** PostgreSQL stores neither U+0000 nor half a character: both become U+FFFD, as browsers have it. */
function storable<T>(value: T): T;
function storable(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\u0000", "\ufffd");
  if (Array.isArray(value)) return value.map((item) => storable(item));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), storable(item)]));
}
