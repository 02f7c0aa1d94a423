import { randomBytes } from "node:crypto";
import { createCache } from "../database/cache.ts";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";
import { easelError } from "../http/errors.ts";
import { hashOf } from "./client-keys.ts";
import {
  deleteClientSession,
  deleteEndedSessions,
  findClientSession,
  insertClientSession,
  type LiveSessionRow,
} from "./store.ts";
import { createUseCounter } from "./uses.ts";

/**
 * What a Tableau client holds after it signed in at Easel: good for one credential, here and nowhere else. It is no
 * session at Tableau, so clients that sign in and out all day never end each other's.
 */
export interface ClientSession {
  /** SHA-256 of its token, hex. */
  readonly hash: string;
  readonly projectId: string;
  readonly credentialId: string;
  readonly subject: string;
  /** Of the user token that it was begun with; none where a client key began it. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** It ends with the key that signed the user token, or with the client key. */
  readonly signingKeyId: string | null;
  readonly keyHash: string | null;
  /** When the user token ends, in milliseconds since 1970. */
  readonly expiresAt: number | null;
  /** As far as this process knows; others may have used it since. */
  usedAt: number;
}

export interface NewSession extends Omit<ClientSession, "hash" | "usedAt" | "keyHash" | "subject"> {
  readonly clientKeyId: string | null;
  /** The third part of the token, as in Tableau's own. */
  readonly siteId: string;
}

export interface ClientSessions {
  /** The token is given back here only. */
  begin(session: NewSession): Promise<string>;
  /** From memory only. */
  peek(token: string): ClientSession | undefined;
  /** Throws `client_session_ended`. */
  get(token: string): Promise<ClientSession>;
  used(session: ClientSession): void;
  end(session: ClientSession): Promise<void>;
  /** Tells the database when sessions were used. */
  writeUses(): Promise<void>;
  /** Removes what is over. */
  prune(): Promise<void>;
}

/** Tableau Server ends a session that was idle for so long (`wgserver.session.idle_limit`). */
const IDLE_MS = 240 * 60_000;
/** Uses are told each minute: until then a session may seem idle that another process has used. */
const UNTOLD_MS = 5 * 60_000;
/** Of one credential; the one that was used longest ago goes first. Jobs that sign in and never out leave theirs behind. */
const MOST_SESSIONS = 1000;
/** Kept in memory at most. */
const KEPT = 50_000;
/** Longer than any token of ours. */
const LONGEST_TOKEN = 256;
const PRUNED_AT_ONCE = 1000;

export function createClientSessions(parts: {
  database: DatabaseAccess;
  changes: Changes;
  clock: () => number;
}): ClientSessions {
  const { database, clock } = parts;
  const uses = createUseCounter(database, "client_sessions");

  const load = async (hash: string): Promise<ClientSession> => {
    const row = await findClientSession(database, Buffer.from(hash, "hex"));
    // Thrown, so not kept: made-up tokens must not push real ones out of memory.
    if (row === undefined) throw easelError("client_session_ended");
    return read(hash, row);
  };
  const cache = createCache<ClientSession>({ topic: "client-session", max: KEPT, changes: parts.changes, load });

  const isOver = ({ expiresAt }: ClientSession): boolean => expiresAt !== null && expiresAt <= clock();
  const isIdle = ({ usedAt }: ClientSession): boolean => clock() - usedAt >= IDLE_MS;

  return {
    begin: async ({ siteId, clientKeyId, ...session }) => {
      const token = `${randomBytes(16).toString("base64url")}|${randomBytes(32).toString("base64url")}|${siteId}`;
      await insertClientSession(
        database,
        {
          hash: Buffer.from(hashOf(token), "hex"),
          project_id: session.projectId,
          credential_id: session.credentialId,
          client_key_id: clientKeyId,
          signing_key_id: session.signingKeyId,
          claims: JSON.stringify(session.claims),
          expires_at: session.expiresAt === null ? null : new Date(session.expiresAt),
          last_used_at: new Date(clock()),
        },
        MOST_SESSIONS,
      );
      return token;
    },
    peek: (token) => {
      if (token.length > LONGEST_TOKEN) return undefined;
      const session = cache.peek(hashOf(token));
      return session === undefined || isOver(session) || isIdle(session) ? undefined : session;
    },
    get: async (token) => {
      if (token.length > LONGEST_TOKEN) throw easelError("client_session_ended");
      const session = await cache.get(hashOf(token));
      if (isIdle(session)) {
        // Here. Another process may have used it.
        session.usedAt = Math.max(session.usedAt, (await load(session.hash)).usedAt);
      }
      if (isOver(session) || isIdle(session)) throw easelError("client_session_ended");
      return session;
    },
    used: (session) => {
      session.usedAt = clock();
      uses.count(session.hash, session.usedAt);
    },
    end: ({ projectId, hash }) => deleteClientSession(database, projectId, Buffer.from(hash, "hex")),
    writeUses: uses.write,
    prune: async () => {
      const now = new Date(clock());
      const idleSince = new Date(clock() - IDLE_MS - UNTOLD_MS);
      while (await deleteEndedSessions(database, { now, idleSince, most: PRUNED_AT_ONCE })) {
        // The next piece.
      }
    },
  };
}

function read(hash: string, row: LiveSessionRow): ClientSession {
  return {
    hash,
    projectId: row.project_id,
    credentialId: row.credential_id,
    subject: row.subject,
    claims: row.claims,
    signingKeyId: row.signing_key_id,
    keyHash: row.key_hash?.toString("hex") ?? null,
    expiresAt: row.expires_at?.getTime() ?? null,
    usedAt: row.last_used_at.getTime(),
  };
}
